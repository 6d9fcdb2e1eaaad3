"""Films made with the game itself: which are asked for, who is at which, and which are there."""

from __future__ import annotations

from datetime import datetime

from etstats.domain.render import MOST_TRIES, Job, Render
from etstats.storage.database import Database

_COLUMNS = "demo_id, position, state, percent, tries, worker, key, reason"
_MINE = "claim = :claim and state = 'rendering'"


def ask(db: Database, demo_id: int, position: int, *, guild_id: str, by: str, now: datetime) -> None:
    """Asks for the film of the guild's highlight; again, when it failed."""
    db.run(
        """
        insert into render (demo_id, position, asked_by, asked_at)
        select demo_id, position, :by, :now from highlight
        where demo_id = :demo_id and position = :position and guild_id = :guild_id
        on conflict (demo_id, position) do update set state = 'asked', percent = 0, tries = 0, reason = null,
            claim = null, asked_by = excluded.asked_by, asked_at = excluded.asked_at
            where render.state = 'failed'""",
        demo_id=demo_id, position=position, guild_id=guild_id, by=by, now=now,
    )  # fmt: skip


def find_render(db: Database, demo_id: int, position: int, *, guild_id: str) -> Render | None:
    """None: nobody of the guild has asked for it."""
    return db.find(
        Render,
        f"""
        select {_COLUMNS} from render where demo_id = :demo_id and position = :position
            and exists (select from demo where demo.demo_id = render.demo_id and guild_id = :guild_id)""",  # noqa: S608
        demo_id=demo_id, position=position, guild_id=guild_id,
    )  # fmt: skip


def rendered(db: Database, demo_id: int) -> dict[int, str]:
    """Films of a demo that are there: keys by their highlights' positions."""
    found = db.all(dict, "select position, key from render where demo_id = :id and state = 'ready'", id=demo_id)
    return {row["position"]: row["key"] for row in found}


def give_up(db: Database, guild_id: str, *, now: datetime, reason: str) -> None:
    """What was begun often enough, and whose last renderer has fallen silent, has failed."""
    db.run(
        """
        update render set state = 'failed', reason = coalesce(render.reason, :reason) from demo
        where demo.demo_id = render.demo_id and guild_id = :guild_id and render.state = 'rendering'
              and render.claimed_until <= :now and tries >= :most""",
        guild_id=guild_id, now=now, reason=reason, most=MOST_TRIES,
    )  # fmt: skip


def claim(db: Database, guild_id: str, *, worker: str, claim: str, now: datetime, until: datetime) -> Job | None:
    """Takes the guild's next job, alone until *until*: one that was asked for, or whose renderer has fallen silent.
    None: there is nothing to do."""
    return db.find(
        Job,
        """
        update render set state = 'rendering', percent = 0, tries = tries + 1, worker = :worker, claim = :claim,
            began_at = :now, claimed_until = :until
        from highlight join demo using (demo_id)
        where (render.demo_id, render.position) = (
                select waiting.demo_id, waiting.position from render waiting join demo of_guild using (demo_id)
                where of_guild.guild_id = :guild_id and tries < :most
                      and (waiting.state = 'asked'
                           or (waiting.state = 'rendering' and waiting.claimed_until <= :now))
                order by asked_at limit 1 for update of waiting skip locked)
          and highlight.demo_id = render.demo_id and highlight.position = render.position
        returning render.demo_id, render.position, render.claim, demo.guild_id, demo.sha256, demo.kind as demo_kind,
            demo.map, demo.mod, highlight.kind, highlight.client, highlight.name, highlight.from_ms, highlight.to_ms""",
        guild_id=guild_id, worker=worker, claim=claim, now=now, until=until, most=MOST_TRIES,
    )  # fmt: skip


def beat(db: Database, claim: str, percent: int, *, now: datetime, until: datetime, began_after: datetime) -> bool:
    """He is still at it; whether he may go on: not after somebody took over, nor when his try has lasted too long."""
    return db.run(
        f"""
        update render set percent = greatest(percent, :percent), claimed_until = :until
        where {_MINE} and claimed_until > :now and began_at > :began_after""",  # noqa: S608  # our own columns
        claim=claim, percent=percent, now=now, until=until, began_after=began_after,
    ) > 0  # fmt: skip


def place(db: Database, claim: str) -> tuple[int, int] | None:
    """Demo and position of what is being rendered under *claim*; None: it is his no more."""
    found = db.all(dict, f"select demo_id, position from render where {_MINE}", claim=claim)  # noqa: S608
    return (found[0]["demo_id"], found[0]["position"]) if found else None


def finish(db: Database, claim: str, key: str) -> bool:
    """The film is in the bucket; whether it was still his."""
    return (
        db.run(
            f"update render set state = 'ready', percent = 100, key = :key, reason = null where {_MINE}",  # noqa: S608
            claim=claim,
            key=key,
        )
        > 0
    )


def fail(db: Database, claim: str, reason: str) -> None:
    """This try came to nothing: somebody else may begin, unless it was the last."""
    db.run(
        f"""
        update render set state = case when tries >= :most then 'failed' else 'asked' end, reason = :reason,
            claim = null, percent = 0
        where {_MINE}""",  # noqa: S608  # our own columns
        claim=claim, reason=reason, most=MOST_TRIES,
    )  # fmt: skip
