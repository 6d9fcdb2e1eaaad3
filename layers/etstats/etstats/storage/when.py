"""Finds gaming sessions by when they were played. One counts when any of its rounds does."""

from __future__ import annotations

from datetime import date

from etstats.domain.when import SessionMark
from etstats.storage.database import Database

_COLUMNS = "session_id, first_at, counted_rounds, maps, players, score_a, score_b, team_a, team_b"


def sessions_before(db: Database, *, limit: int) -> list[SessionMark]:
    """The latest, latest first."""
    return db.all(
        SessionMark,
        f"""select {_COLUMNS} from session where counted_rounds > 0
            order by last_at desc, session_id limit :limit""",  # noqa: S608  # our own columns
        limit=limit,
    )


def sessions_on(db: Database, day: date) -> list[SessionMark]:
    """Those that began on *day*, then one that came into it over midnight; each latest first."""
    return db.all(
        SessionMark,
        f"""select {_COLUMNS} from session
            where counted_rounds > 0 and last_at >= :day and first_at < cast(:day as date) + 1
            order by cast(first_at as date) = :day desc, last_at desc, session_id""",  # noqa: S608
        day=day,
    )


def latest_session(db: Database) -> int | None:
    found = db.values(
        "select session_id from session where counted_rounds > 0 order by last_at desc, session_id limit 1"
    )
    return int(found[0]) if found else None


def is_session(db: Database, session_id: int) -> bool:
    return bool(db.values("select 1 from session where session_id = :id", id=session_id))
