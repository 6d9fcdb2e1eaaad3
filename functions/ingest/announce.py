"""Rounds were stored, or a minute has passed: post the cards that are due."""

from __future__ import annotations

from datetime import UTC, datetime

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.usecases.announce import Fate, announce

logger = Logger()
# one post with its retries takes less
ENOUGH_MS = 20_000


def handler(_event: object, context: LambdaContext) -> dict[str, int]:
    """A nudge and a tick mean the same: whatever is due is posted. How many came to which end."""
    ends = dict.fromkeys((fate.value for fate in Fate), 0)

    def time_is_short() -> bool:
        return context.get_remaining_time_in_millis() < ENOUGH_MS

    announcing = announce(
        wiring.database(), wiring.discord(), now=lambda: datetime.now(UTC), time_is_short=time_is_short
    )
    for one in announcing:
        ends[one.fate.value] += 1
        log = logger.info if one.fate is Fate.POSTED else logger.warning
        log(f"announcement {one.fate.value}", round=one.due.subject_id, channel=one.due.channel_id, reason=one.reason)
    return ends
