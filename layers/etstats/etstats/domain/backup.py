"""What was written away for the day the database is lost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """*key*: where it is in the bucket. *size*: in bytes."""

    key: str
    rows: int
    size: int
