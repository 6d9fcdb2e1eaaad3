"""An hour has passed: once a day, what no raw file brings back is written into the bucket."""

from __future__ import annotations

from datetime import UTC, datetime

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.usecases.back_up import back_up_daily

logger = Logger()


def handler(event: object, context: LambdaContext) -> dict[str, str]:
    """The key of the backup; none when there is one of today. Raises Unavailable: the next hour is the retry."""
    made = back_up_daily(wiring.database(), wiring.bucket(), now=datetime.now(UTC))
    if made is None:
        return {}
    logger.info("backed up", key=made.key, rows=made.rows, bytes=made.size)
    return {"key": made.key}
