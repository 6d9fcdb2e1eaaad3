"""Somebody wants to watch a highlight: its film is made. One at a time, within bounds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.usecases.film_highlight import make_video

logger = Logger()
# what encoding the last frames, the demo's pictures and writing all of it may take at the end
ENOUGH_MS = 25_000


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """One message a time. What was only away escapes, so that the queue tries again."""

    def time_is_short() -> bool:
        return context.get_remaining_time_in_millis() < ENOUGH_MS

    for record in event["Records"]:
        asked = json.loads(record["body"])
        demo_id, position = int(asked["demo"]), int(asked["highlight"])
        ended = make_video(
            wiring.guild_database(str(asked["guild"])),
            wiring.bucket(),
            wiring.studio(),
            demo_id,
            position,
            now=lambda: datetime.now(UTC),
            time_is_short=time_is_short,
        )
        logger.info("video " + (ended or "done with before"), demo=demo_id, highlight=position)
