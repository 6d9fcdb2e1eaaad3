"""Films of highlights: which are asked for, who makes which, and which are there."""

from __future__ import annotations

from datetime import datetime

from etstats.domain.video import Video, Wanted
from etstats.storage.database import Database

_COLUMNS = "demo_id, position, state, percent, key, still_key, reason"
_HERE = "demo_id = :demo_id and position = :position"


def ask(db: Database, demo_id: int, position: int, *, guild_id: str, now: datetime, told_before: datetime) -> bool:
    """Asks for the film of the guild's highlight; whether somebody has to be told to make it.

    Of all who ask at once it is one. Again when it was told before *told_before* and nobody has begun, or when whoever
    had begun is given up.
    """
    told = db.values(
        """
        insert into video (demo_id, position, told_at)
        select demo_id, position, :now from highlight
        where demo_id = :demo_id and position = :position and guild_id = :guild_id
        on conflict (demo_id, position) do update set told_at = excluded.told_at
            where (video.state = 'asked' and video.told_at <= :told_before)
               or (video.state = 'rendering' and video.claimed_until <= :now and video.told_at <= :told_before)
        returning 1""",
        demo_id=demo_id, position=position, guild_id=guild_id, now=now, told_before=told_before,
    )  # fmt: skip
    return bool(told)


def find_video(db: Database, demo_id: int, position: int, *, guild_id: str) -> Video | None:
    """None: nobody of the guild has asked for it."""
    return db.find(
        Video,
        f"""
        select {_COLUMNS} from video where {_HERE}
            and exists (select from demo where demo.demo_id = video.demo_id and guild_id = :guild_id)""",  # noqa: S608
        demo_id=demo_id, position=position, guild_id=guild_id,
    )  # fmt: skip


def films(db: Database, demo_id: int) -> dict[int, str]:
    """Those of a demo that are there: keys by their highlights' positions."""
    found = db.all(dict, "select position, key from video where demo_id = :id and state = 'ready'", id=demo_id)
    return {row["position"]: row["key"] for row in found}


def claim(db: Database, demo_id: int, position: int, *, now: datetime, until: datetime) -> Wanted | None:
    """Takes the film to make, alone until *until*; None: somebody else has it, it is there, or nobody wants it."""
    return db.find(
        Wanted,
        """
        update video set state = 'rendering', percent = 0, claimed_until = :until
        from highlight join demo using (demo_id)
        where video.demo_id = :demo_id and video.position = :position
          and highlight.demo_id = video.demo_id and highlight.position = video.position
          and (video.state = 'asked' or (video.state = 'rendering' and video.claimed_until <= :now))
        returning video.demo_id, video.position, demo.guild_id, demo.sha256, demo.kind as demo_kind, demo.map,
            highlight.kind, highlight.client, highlight.name, highlight.team, highlight.from_ms, highlight.to_ms,
            (select array_agg(cast(moment ->> 'at_ms' as bigint))
             from jsonb_array_elements(highlight.moments) moment) as moments_ms,
            coalesce((select value #>> '{}' from guild_setting
                      where guild_setting.guild_id = demo.guild_id and name = 'language'), '') as language""",
        demo_id=demo_id, position=position, now=now, until=until,
    )  # fmt: skip


def progress(db: Database, wanted: Wanted, percent: int) -> None:
    _set(db, wanted, "percent = :percent", percent=percent)


def show_still(db: Database, wanted: Wanted, *, key: str) -> None:
    """The still is in the bucket; the film takes longer."""
    _set(db, wanted, "still_key = :still", still=key)


def finish(db: Database, wanted: Wanted, *, key: str, still_key: str) -> None:
    """It is in the bucket."""
    _set(db, wanted, "state = 'ready', percent = 100, key = :key, still_key = :still", key=key, still=still_key)


def fail(db: Database, wanted: Wanted, *, reason: str) -> None:
    """It cannot be made, and never will be."""
    _set(db, wanted, "state = 'failed', reason = :reason", reason=reason)


def release(db: Database, wanted: Wanted) -> None:
    """Gives a claim back, because something we need is away: another try may begin at once."""
    _set(db, wanted, "state = 'asked', claimed_until = null")


def forget(db: Database, video: Video) -> None:
    """Its bytes are gone: whoever asks next has it made anew."""
    db.run(
        f"delete from video where {_HERE} and state = 'ready' and key = :key",  # noqa: S608  # our own columns
        demo_id=video.demo_id, position=video.position, key=video.key,
    )  # fmt: skip


def _set(db: Database, wanted: Wanted, columns: str, **values: object) -> None:
    """Of one that is being made: what is there stays as it is, whoever comes late."""
    db.run(
        f"update video set {columns} where {_HERE} and state = 'rendering'",  # noqa: S608  # our own columns
        demo_id=wanted.demo_id, position=wanted.position, **values,
    )  # fmt: skip
