"""Something that was wrong with the system, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """*part*: as in `domain/health.py`. *closed_at* None: it lasts. *has_end*: its end has a post of its own."""

    problem_id: int
    part: str
    said: str
    opened_at: datetime
    closed_at: datetime | None
    has_end: bool = False

    @property
    def kind(self) -> str:
        return self.part.partition("/")[0]

    @property
    def name(self) -> str:
        return self.part.partition("/")[2]
