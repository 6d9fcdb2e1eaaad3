"""An hour has passed: once a day, what no raw file brings back is written into the bucket."""

from __future__ import annotations

from datetime import UTC, datetime

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.usecases.back_up import back_up_daily
from etstats.usecases.by_turns import Turn, by_turns

logger = Logger()


def handler(event: object, context: LambdaContext) -> dict[str, list[str]]:
    """The keys of the backups; none where there is one of today. Raises Unavailable: the next hour is the retry."""

    def back_up(turn: Turn) -> str:
        made = back_up_daily(wiring.database(turn.community), wiring.bucket(), now=datetime.now(UTC))
        if made is None:
            return ""
        logger.info("backed up", key=made.key, rows=made.rows, bytes=made.size)
        return made.key

    keys = by_turns(
        wiring.communities().names, back_up, remaining_ms=context.get_remaining_time_in_millis, enough_ms=0,
        log=logger, failing="a community has no backup of today",
    )  # fmt: skip
    return {"keys": [key for key in keys if key]}
