"""A schedule ticks: new files come over SSH into the bucket."""

from __future__ import annotations

from datetime import UTC, datetime

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.usecases.by_turns import Turn, by_turns
from etstats.usecases.fetch_files import RESERVE_S, Tick, fetch_files
from etstats.usecases.visit import ServerReport, counted, failure, note_visits, told

logger = Logger()
metrics = Metrics(namespace="etstats", service="fetch")


@logger.inject_lambda_context
def handler(event: dict[str, object], context: LambdaContext) -> dict[str, int]:
    """Raises when the tick failed as a whole, so that the platform counts an error; the next tick is the retry."""
    wiring.settings("BUCKET", "GAME_SERVERS", "SSH_KEY_SECRET")
    wiring.ssh_key()  # a key that cannot be used is said once, not once per server
    visited = [one for one in wiring.communities().names if wiring.communities().servers_of(one)]
    found = by_turns(
        visited, _fetch, remaining_ms=context.get_remaining_time_in_millis, enough_ms=1000 * RESERVE_S,
        log=logger, failing="a community's files wait",
    )  # fmt: skip
    reports = [report for community in found for report in community]
    counts = counted(reports)
    _measure(counts, away=sum(report.fault is not None for report in reports))
    if (fault := failure(reports)) is not None:
        raise fault
    return counts


def _fetch(turn: Turn) -> list[ServerReport]:
    db = wiring.database(turn.community)
    servers, tick = wiring.communities().servers_of(turn.community), wiring.tick(Tick, turn)
    reports = told(fetch_files(servers, tick), logger, what="file")
    note_visits(db, reports, now=datetime.now(UTC))
    return reports


def _measure(counts: dict[str, int], *, away: int) -> None:
    """Without the decorator, which takes a tick that could not even start for a forgotten metric."""
    metrics.add_metric("FilesFetched", MetricUnit.Count, counts["fetched"])
    metrics.add_metric("FilesLeft", MetricUnit.Count, counts["left"])
    metrics.add_metric("ServersAway", MetricUnit.Count, away)
    metrics.flush_metrics()
