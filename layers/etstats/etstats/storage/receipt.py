"""Every file's public receipt: how far it came, when, and why not further; and how much the database holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from etstats.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where a file stands. *fetched*: the ledger knows its bytes are in the bucket."""

    name: str
    state: str
    fetched: bool
    stored_at: datetime | None
    parsed_at: datetime | None
    published_at: datetime | None
    refusal: str | None
    note: str | None

    @property
    def kept(self) -> bool:
        """In the bucket on purpose and no further: a file of a kind that nobody reads."""
        return self.state == "stored" and self.note is not None

    @property
    def settled(self) -> bool:
        return self.state in ("published", "rejected") or self.kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    sessions: int
    rounds: int
    counted_rounds: int


def receipts(db: Database) -> list[Receipt]:
    """Every file the database knows, by name."""
    return db.all(
        Receipt,
        """select name, state, fetched_size is not null or stored_at is not null as fetched,
                  stored_at, parsed_at, published_at, refusal, note
           from stats_file order by name""",
    )


def holdings(db: Database) -> Holdings:
    return db.all(
        Holdings,
        """select (select count(*) from session) as sessions, count(*) as rounds,
                  count(*) filter (where counted) as counted_rounds
           from round""",
    )[0]
