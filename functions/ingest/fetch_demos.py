"""A schedule ticks: finished demos come over SSH into the bucket. Apart from stats files, which never wait for them."""

from __future__ import annotations

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.usecases.by_turns import Turn, by_turns
from etstats.usecases.fetch_demos import RESERVE_S, Tick, fetch_demos
from etstats.usecases.visit import ServerReport, counted, failure, told

logger = Logger()
metrics = Metrics(namespace="etstats", service="fetch_demos")


def handler(event: dict[str, object], context: LambdaContext) -> dict[str, int]:
    """Raises when the tick failed as a whole, so that the platform counts an error; the next tick is the retry."""
    servers = wiring.settings("BUCKET", "GAME_SERVERS", "SSH_KEY_SECRET").game_servers
    visited = sorted({server.community for server in servers if server.demo_folder})
    if not visited:
        return counted([])
    wiring.ssh_key()  # a key that cannot be used is said once, not once per server
    found = by_turns(
        visited, _fetch, remaining_ms=context.get_remaining_time_in_millis, enough_ms=1000 * RESERVE_S,
        log=logger, failing="a community's demos wait",
    )  # fmt: skip
    reports = [report for community in found for report in community]
    counts = counted(reports)
    metrics.add_metric("DemosFetched", MetricUnit.Count, counts["fetched"])
    metrics.flush_metrics()
    if (fault := failure(reports)) is not None:
        raise fault
    return counts


def _fetch(turn: Turn) -> list[ServerReport]:
    servers, tick = wiring.communities().servers_of(turn.community), wiring.tick(Tick, turn)
    return told(fetch_demos(servers, tick), logger, what="demo")
