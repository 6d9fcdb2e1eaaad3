"""A demo landed in the bucket: an upload is taken in, a demo is analysed. One at a time, within bounds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.aws_event import landed_keys
from etstats.domain.demo import State
from etstats.errors import BadInput
from etstats.usecases.analyse_demo import analyse_demo, receive
from etstats.usecases.nudge import nudge

logger = Logger()
# what writing the rows and an answer may take at the end
ENOUGH_MS = 30_000


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """One message a time. What was only away escapes, so that the queue tries again."""

    def time_is_short() -> bool:
        return context.get_remaining_time_in_millis() < ENOUGH_MS

    for record in event["Records"]:
        for key in landed_keys(record["body"]):
            _take(key, time_is_short)


def _take(key: str, time_is_short: Any) -> None:
    try:
        community = wiring.communities().of_guild([*key.split("/"), ""][1])
        db = wiring.database(community)
        if key.startswith("uploads/"):
            received = receive(db, wiring.bucket(), key, now=datetime.now(UTC))
            logger.info("upload received", key=key, demo=received.demo_id)
        else:
            ended = analyse_demo(
                db,
                wiring.bucket(),
                key,
                now=lambda: datetime.now(UTC),
                time_is_short=time_is_short,
                fallback_channel=wiring.round_channel(community),
            )
            logger.info("demo " + (ended or "done with before"), key=key)
            if ended == State.READY.value:
                nudge(wiring.announce_hand_over(), logger)
    except BadInput as fault:
        logger.warning("demo refused", key=key, reason=str(fault))
