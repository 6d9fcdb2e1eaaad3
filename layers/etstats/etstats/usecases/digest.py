"""In the morning the night is told: once for each channel, whatever hour the schedule ticks at."""

from __future__ import annotations

from datetime import datetime

from etstats.storage.closing import queue_digests
from etstats.storage.database import Database


def digest(db: Database, *, fallback_channel: str, now: datetime) -> int:
    """How many posts wait now that did not before. Safe to repeat. Raises DatabaseUnavailable."""
    return queue_digests(db, fallback_channel=fallback_channel, now=now)
