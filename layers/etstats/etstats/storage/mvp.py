"""Votes for the best of an evening. A session is known by one of its rounds, for its own number may become another."""

from __future__ import annotations

from datetime import datetime

from etstats.storage.database import Database

_OF_SESSION = "select round_id from round where session_id = :session_id"


def vote_mvp(db: Database, session_id: int, user_id: str, guid: str, *, now: datetime) -> None:
    """One each; the latest counts."""
    with db.transaction():
        db.run(
            f"delete from mvp_vote where user_id = :user_id and round_id in ({_OF_SESSION})",  # noqa: S608  # ours
            session_id=session_id,
            user_id=user_id,
        )
        db.run(
            """insert into mvp_vote (round_id, user_id, guid, voted_at) values (:session_id, :user_id, :guid, :now)
               on conflict (round_id, user_id) do update set guid = excluded.guid, voted_at = excluded.voted_at""",
            session_id=session_id,
            user_id=user_id,
            guid=guid,
            now=now,
        )


def mvp_votes(db: Database, session_id: int) -> dict[str, int]:
    """How many voted for whom, by guid; of somebody whose rounds came together by now the latest counts."""
    rows = db.all(
        dict,
        f"""select guid, count(*) as votes from (
                select distinct on (user_id) guid from mvp_vote where round_id in ({_OF_SESSION})
                order by user_id, voted_at desc) as latest
            group by guid""",  # noqa: S608  # our own fragment
        session_id=session_id,
    )
    return {row["guid"]: row["votes"] for row in rows}
