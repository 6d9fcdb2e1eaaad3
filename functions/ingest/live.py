"""A minute has passed: cards that follow what is played are renewed, and who waits for players is told."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.usecases.show_live import Live

logger = Logger()


def handler(_event: object, _context: LambdaContext) -> dict[str, int]:
    """How much was written to Discord; without a card and anybody waiting nothing is asked and nothing written."""
    live = Live(
        db=wiring.database(),
        looking=wiring.looking(),
        channel=wiring.discord(),
        key=wiring.custom_id_key,
        now=lambda: datetime.now(UTC),
    )
    done = asdict(live.show())
    if any(done.values()):
        logger.info("live", extra=done)
    return done
