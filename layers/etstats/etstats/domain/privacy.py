"""What somebody may decide about what is kept of him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

FAREWELL_AFTER = timedelta(days=7)


class Notify(Enum):
    """When somebody is written to about his evening."""

    NEVER = "never"
    CLOSE = "close"
    MORNING = "morning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """All that is kept about an account and the person behind it. *farewell_at*: when he asked to be forgotten."""

    language: str | None
    notify: str
    hidden: bool
    farewell_at: datetime | None
    names: int
    rounds: int
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """*guid*: the player he is linked with; None: nobody, then only the account is forgotten."""

    user_id: str
    guid: str | None
