"""What a file's receipt says in words a player understands, and the receipts of files that never came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

# Files of one round are fetched within a minute or two of each other.
MISSED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where a file stands. *fetched*: the ledger knows its bytes are in the bucket."""

    name: str
    state: str
    fetched: bool
    seen_at: datetime
    stored_at: datetime | None
    parsed_at: datetime | None
    published_at: datetime | None
    refusal_code: str | None
    refusal: str | None
    note: str | None

    @property
    def kept(self) -> bool:
        """In the bucket on purpose and no further: a file of a kind that nobody reads."""
        return self.state == "stored" and self.note is not None

    @property
    def settled(self) -> bool:
        return self.state in ("published", "rejected") or self.kept


def waiting_for(state: str, *, fetched: bool) -> str | None:
    """Why a file without any other remark is not further; None when it is as far as files come."""
    if state == "seen":
        return "fetched, not yet stored" if fetched else "seen on the game server; it is fetched once it is complete"
    return {
        "stored": "in the bucket; it is read in a moment",
        "parsed": "read and counted; its card waits to be posted",
    }.get(state)


class Absent(Enum):
    """What did not come, by what did."""

    FIRST_ROUND = "first_round"
    SECOND_ROUND = "second_round"
    ENDSTATS = "endstats"
    STATS = "stats"


_SAYS = {
    Absent.FIRST_ROUND: (
        "the file of {map}'s first round has not come. The second round's holds the sums of both, so without the first "
        "it cannot be taken apart and does not count"
    ),
    Absent.SECOND_ROUND: (
        "the file of {map}'s second round has not come. The first round counts, but the map has no winner"
    ),
    Absent.ENDSTATS: (
        "the endstats file of round {number} of {map} has not come, so there are no awards and no duels for it"
    ),
    Absent.STATS: (
        "an endstats file of round {number} of {map} has come, but no file of that round itself within two minutes of "
        "it; its awards and duels wait"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """*file*: the one that did come. *since*: when it was to be noticed."""

    absent: Absent
    server: str
    file: str
    map: str
    number: int
    since: datetime

    @property
    def reason(self) -> str:
        return _SAYS[self.absent].format(map=self.map, number=self.number)
