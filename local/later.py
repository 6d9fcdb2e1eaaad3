"""What comes by itself once time has passed, without waiting for it: the schedule's event carries its own time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from etstats.storage.closing import DIGEST_AT
from etstats.storage.database import Database
from local.discord_stub import ROUND_CHANNEL_ID
from local.stack import Stack

_OVER_AFTER = timedelta(minutes=61)
_WITHIN_S = 20.0


async def later_posts(stack: Stack, db: Database) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """The session's card as in an hour and the digest as in the morning, with what each is called; none of a session
    that is history."""
    last_at = db.values("select max(last_at) from session")[0]
    if last_at is None or datetime.now(UTC).replace(tzinfo=None) - last_at > timedelta(hours=6):
        return
    night = db.values("select max(first_at) - interval '6 hours' from session")[0].date()
    morning = datetime(night.year, night.month, night.day, tzinfo=UTC) + timedelta(days=1) + DIGEST_AT
    in_an_hour = datetime.now(UTC) + _OVER_AFTER
    for name, at in (
        ("an hour later, the session is over", in_an_hour),
        ("the next morning", max(morning, in_an_hour)),
    ):
        before = len(stack.discord.memory.in_channel(ROUND_CHANNEL_ID))
        await stack.function("DailyFunction").invoke({"time": at.isoformat()})
        if (post := await _next_post(stack, before)) is not None:
            yield name, post


async def _next_post(stack: Stack, before: int) -> dict[str, Any] | None:
    deadline = time.monotonic() + _WITHIN_S
    while time.monotonic() < deadline:
        posts = stack.discord.memory.in_channel(ROUND_CHANNEL_ID)
        if len(posts) > before:
            return posts[-1]
        await asyncio.sleep(0.05)
    return None
