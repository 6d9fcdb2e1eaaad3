"""Files that should have come and have not: a round's other half, its endstats, or the round of an endstats file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from etstats.domain.receipt import Missing
from etstats.storage.database import Database
from etstats.storage.receipt import missing

# what has been missing for longer is told by the receipts alone
TOLD_FOR = timedelta(days=1)
# no game server's clock is further from UTC
_ANY_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """*lately*: missed for less than a day; *now*: out of these, since the last look."""

    lately: list[Missing]
    now: list[Missing]


def notice_missing(db: Database, *, now: datetime, last_look: datetime) -> Noticed:
    """Raises DatabaseUnavailable."""
    found = missing(db, now=now, since=(now - TOLD_FOR - _ANY_ZONE).replace(tzinfo=None))
    lately = [one for one in found if one.since > now - TOLD_FOR]
    return Noticed(lately=lately, now=[one for one in lately if one.since > last_look])
