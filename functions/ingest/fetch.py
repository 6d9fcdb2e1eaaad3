"""A schedule ticks: new files come over SSH into the bucket."""

from __future__ import annotations

from datetime import UTC, datetime

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.usecases.by_turns import Turn, by_turns
from etstats.usecases.fetch_files import RESERVE_S, Tick, fetch_files
from etstats.usecases.visit import Outcome, ServerReport, failure, note_visits

logger = Logger()
metrics = Metrics(namespace="etstats", service="fetch")


@logger.inject_lambda_context
def handler(event: dict[str, object], context: LambdaContext) -> dict[str, int]:
    """Raises when the tick failed as a whole, so that the platform counts an error; the next tick is the retry."""
    wiring.settings("BUCKET", "GAME_SERVERS", "SSH_KEY_SECRET")
    wiring.ssh_key()  # a key that cannot be used is said once, not once per server
    visited = [one for one in wiring.communities().names if wiring.communities().servers_of(one)]
    found = by_turns(
        visited, _fetch, remaining_ms=context.get_remaining_time_in_millis, enough_ms=1000 * RESERVE_S, failed=_failed
    )
    reports = [report for community in found for report in community]
    counts = {outcome.value: sum(report.count(outcome) for report in reports) for outcome in Outcome}
    _measure(counts, away=sum(report.fault is not None for report in reports))
    if (fault := failure(reports)) is not None:
        raise fault
    return counts


def _fetch(turn: Turn) -> list[ServerReport]:
    db = wiring.database(turn.community)
    tick = Tick(
        db=db,
        bucket=wiring.bucket(),
        open_server=wiring.game_server,
        remaining_ms=turn.remaining_ms,
        clock=lambda: datetime.now(UTC),
    )
    reports = []
    for report in fetch_files(wiring.communities().servers_of(turn.community), tick):
        _tell(report)
        reports.append(report)
    note_visits(db, reports, now=datetime.now(UTC))
    return reports


def _failed(community: str, fault: Exception) -> None:
    logger.error("a community's files wait", community=community, reason=str(fault))


def _measure(counts: dict[str, int], *, away: int) -> None:
    """Without the decorator, which takes a tick that could not even start for a forgotten metric."""
    metrics.add_metric("FilesFetched", MetricUnit.Count, counts["fetched"])
    metrics.add_metric("FilesLeft", MetricUnit.Count, counts["left"])
    metrics.add_metric("ServersAway", MetricUnit.Count, away)
    metrics.flush_metrics()


def _tell(report: ServerReport) -> None:
    """One line per file that something happened to, and one per server."""
    for file in report.files:
        keys = {"server": report.server, "file": file.name, "bytes": file.size}
        if file.outcome is Outcome.FETCHED:
            logger.info("file fetched", extra=keys | {"took_ms": file.took_ms})
        elif file.outcome in (Outcome.FAILED, Outcome.REFUSED):
            logger.warning(f"file {file.outcome.value}", extra=keys | {"reason": file.reason})
    counts = {outcome.value: report.count(outcome) for outcome in Outcome}
    keys = {"server": report.server, "listed": report.listed, "took_ms": report.took_ms} | counts
    if report.fault is None:
        logger.info("server visited", extra=keys)
    else:
        logger.error(str(report.fault), extra=keys | {"fault": type(report.fault).__name__})
