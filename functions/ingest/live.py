"""A minute has passed: cards that follow what is played are renewed, and who waits for players is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.usecases.by_turns import Turn, by_turns
from etstats.usecases.show_live import Live, Shown

logger = Logger()
# a server that does not answer and a message with its retries take less
ENOUGH_MS = 10_000


def handler(_event: object, context: LambdaContext) -> dict[str, int]:
    """How much was written to Discord; without a card and anybody waiting nothing is asked and nothing written."""
    shown = by_turns(
        wiring.communities().names, _show, remaining_ms=context.get_remaining_time_in_millis, enough_ms=ENOUGH_MS,
        log=logger, failing="a community's cards are as they were",
    )  # fmt: skip
    done: Counter[str] = Counter(posted=0, edited=0, told=0)
    for one in shown:
        done.update(asdict(one))
    if any(done.values()):
        logger.info("live", extra=done)
    return dict(done)


def _show(turn: Turn) -> Shown:
    live = Live(
        db=wiring.database(turn.community),
        looking=wiring.looking(turn.community),
        channel=wiring.discord(),
        key=wiring.custom_id_key,
        now=lambda: datetime.now(UTC),
    )
    return Shown() if turn.is_short(ENOUGH_MS) else live.show()
