"""A circuit breaker: what has failed again and again is left alone for a while, then tried by one alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

OPENS_AFTER = 3  # failures in a row
COOLS_S = 30  # the first time; twice as long each time after
COOLS_MOST_S = 120  # who is back should not wait longer than that to be noticed
PROBE_S = 60  # so long one alone may take to find out


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """*name*: what it guards, as `game:eu-1`. *good_at*: when that last worked; None: never yet."""

    name: str
    state: str
    failures: int
    cools_s: int
    opened_at: datetime | None
    reason: str | None
    good_at: datetime | None

    @property
    def tries_again_at(self) -> datetime | None:
        """When it will be asked again; None: at once."""
        if self.state == State.CLOSED or self.opened_at is None:
            return None
        return self.opened_at + timedelta(seconds=self.cools_s)
