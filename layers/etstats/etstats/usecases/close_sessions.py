"""A gaming session is over when its last round is older than the gap: then its card is to be posted, once, and those of
its players who want it are written to.

A file that comes later changes the card, as it changes any post.
"""

from __future__ import annotations

from datetime import datetime

from etstats.storage.closing import queue_notices, queue_session_cards
from etstats.storage.database import Database


def close_sessions(db: Database, *, fallback_channel: str, now: datetime) -> int:
    """How many posts wait now that did not before. Safe to repeat. Raises DatabaseUnavailable."""
    return queue_session_cards(db, fallback_channel=fallback_channel, now=now) + queue_notices(db, now=now)
