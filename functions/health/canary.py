"""Some minutes have passed: our own front door is asked a signed question."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.domain.health import Light
from etstats.usecases.ask_canary import ask_canary

logger = Logger()
metrics = Metrics(namespace="etstats", service="canary")


def handler(event: object, context: LambdaContext) -> dict[str, str]:
    """What was seen. Raises DatabaseUnavailable where it could not be written down."""
    db, key = wiring.database(wiring.communities().home), wiring.canary_key()
    seen = ask_canary(db, wiring.door(), key, now=lambda: datetime.now(UTC), clock_s=time.perf_counter)
    log = logger.info if seen.light is Light.GOOD else logger.warning
    log(f"canary: {seen.said}")
    metrics.add_metric("CanaryMs", MetricUnit.Milliseconds, seen.figure or 0)
    metrics.add_metric("CanaryFailed", MetricUnit.Count, seen.light is Light.BAD)
    metrics.flush_metrics()
    return {"light": seen.light.value, "said": seen.said}
