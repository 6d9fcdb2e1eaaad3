"""Who is in on which evening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

DAYS = 7  # that an overview shows
FURTHEST = timedelta(days=90)


class Status(Enum):
    YES = "yes"
    LATE = "late"
    MAYBE = "maybe"
    NO = "no"


COMING = (Status.YES, Status.LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Available:
    """What somebody said about a day. *begins*: from when on he is in, as he wrote it."""

    day: date
    user_id: str
    name: str
    status: Status
    begins: str

    @property
    def comes(self) -> bool:
        return self.status in COMING


def on_day(said: Sequence[Available], day: date, status: Status) -> list[Available]:
    """In the order in which they said so."""
    return [one for one in said if one.day == day and one.status is status]


def coming(said: Sequence[Available], day: date) -> int:
    return sum(one.day == day and one.comes for one in said)
