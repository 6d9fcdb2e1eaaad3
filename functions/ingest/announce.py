"""Rounds were stored, or a minute has passed: post the cards that are due, and notice files that did not come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.usecases.announce import Fate, announce
from etstats.usecases.notice_missing import notice_missing

logger = Logger()
metrics = Metrics(namespace="etstats", service="announce")
# one post with its retries takes less
ENOUGH_MS = 20_000
TICK = timedelta(minutes=1)


def handler(event: object, context: LambdaContext) -> dict[str, int]:
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
    if not (isinstance(event, dict) and "Records" in event) and not time_is_short():
        _tell_missing(datetime.now(UTC))
    return ends


def _tell_missing(now: datetime) -> None:
    """A metric at every tick, and one line for each file when it begins to be missed."""
    noticed = notice_missing(wiring.database(), now=now, last_look=now - TICK)
    for one in noticed.now:
        logger.warning(f"missing: {one.reason}", server=one.server, file=one.file, absent=one.absent.value)
    metrics.add_metric("FilesMissing", MetricUnit.Count, len(noticed.lately))
    metrics.flush_metrics()
