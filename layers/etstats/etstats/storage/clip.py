"""Who cuts which clip, and which are there."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from etstats.domain.clip import Wanted
from etstats.storage.database import Database


class Claim(Enum):
    MINE = "mine"
    READY = "ready"
    SOMEBODYS = "somebody's"


def claim(db: Database, wanted: Wanted, *, now: datetime, until: datetime) -> Claim:
    """Of all who ask at once, one is to cut, alone until *until*."""
    mine = db.values(
        """
        insert into clip (demo_id, from_ms, to_ms, pov, key, claimed_until)
        values (:demo_id, :from_ms, :to_ms, :pov, :key, :until)
        on conflict (demo_id, from_ms, to_ms, pov) do update set claimed_until = excluded.claimed_until
            where not clip.ready and clip.claimed_until <= :now
        returning 1""",
        key=wanted.key, now=now, until=until, **_place(wanted),
    )  # fmt: skip
    if mine:
        return Claim.MINE
    ready = db.values(f"select ready from clip where {_HERE}", **_place(wanted))  # noqa: S608  # our own columns
    return Claim.READY if ready == [True] else Claim.SOMEBODYS


def finish(db: Database, wanted: Wanted) -> None:
    """It is in the bucket."""
    db.run(f"update clip set ready = true where {_HERE}", **_place(wanted))  # noqa: S608  # our own columns


def give_up(db: Database, wanted: Wanted) -> None:
    """It cannot be cut, or not now: whoever asks next begins anew."""
    db.run(f"delete from clip where not ready and {_HERE}", **_place(wanted))  # noqa: S608  # our own columns


_HERE = "demo_id = :demo_id and from_ms = :from_ms and to_ms = :to_ms and pov = :pov"


def _place(wanted: Wanted) -> dict[str, int]:
    return {"demo_id": wanted.demo_id, "from_ms": wanted.from_ms, "to_ms": wanted.to_ms, "pov": wanted.pov}
