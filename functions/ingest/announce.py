"""Rounds were stored, or a minute has passed: post the cards that are due, and notice files that did not come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.usecases.announce import Announced, Announcer, Fate
from etstats.usecases.by_turns import Turn, by_turns
from etstats.usecases.notice_missing import notice_missing

logger = Logger()
metrics = Metrics(namespace="etstats", service="announce")
# one post with its retries takes less
ENOUGH_MS = 20_000
TICK = timedelta(minutes=1)


def handler(event: object, context: LambdaContext) -> dict[str, int]:
    """A nudge and a tick mean the same: whatever is due is posted. How many came to which end."""
    ends = dict.fromkeys((fate.value for fate in Fate), 0)
    missing: list[int] = []
    nudged = isinstance(event, dict) and "Records" in event

    def announce(turn: Turn) -> None:
        for one in _announced(turn):
            ends[one.fate.value] += 1
            _tell(one)
        if not nudged and not turn.is_short(ENOUGH_MS):
            missing.append(_tell_missing(turn.community, datetime.now(UTC)))

    try:
        by_turns(
            wiring.communities().names, announce, remaining_ms=context.get_remaining_time_in_millis,
            enough_ms=ENOUGH_MS, log=logger, failing="a community's posts wait",
        )  # fmt: skip
    finally:
        _measure(ends, missing)
    return ends


def _announced(turn: Turn) -> Iterator[Announced]:
    announcer = Announcer(
        db=wiring.database(turn.community),
        channel=wiring.discord(),
        key=wiring.custom_id_key,
        now=lambda: datetime.now(UTC),
        guilds=wiring.communities().guilds_of(turn.community),
    )
    yield from announcer.announce(time_is_short=lambda: turn.is_short(ENOUGH_MS))


def _measure(ends: dict[str, int], missing: list[int]) -> None:
    if blocked := ends[Fate.BLOCKED.value] + ends[Fate.REFUSED.value]:
        metrics.add_metric("PostsBlocked", MetricUnit.Count, blocked)
        metrics.flush_metrics()
    if missing:
        metrics.add_metric("FilesMissing", MetricUnit.Count, sum(missing))
        metrics.flush_metrics()


def _tell(one: Announced) -> None:
    log = logger.warning if one.fate in (Fate.PUT_OFF, Fate.BLOCKED, Fate.REFUSED) else logger.info
    due = one.due
    log(
        f"{due.kind} {one.fate.value}", subject=due.subject_id, channel=due.channel_id, edit=due.edit, reason=one.reason
    )


def _tell_missing(community: str, now: datetime) -> int:
    """How many there are; one line for each file when it begins to be missed."""
    noticed = notice_missing(wiring.database(community), now=now, last_look=now - TICK)
    for one in noticed.now:
        logger.warning(f"missing: {one.reason}", server=one.server, file=one.file, absent=one.absent.value)
    return len(noticed.lately)
