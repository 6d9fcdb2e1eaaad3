"""Some minutes have passed: gaming sessions that are over get their card, and in the morning the night its digest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.storage.database import Database
from etstats.usecases.by_turns import Turn, by_turns
from etstats.usecases.close_sessions import close_sessions
from etstats.usecases.digest import digest
from etstats.usecases.match_demos import match_demos
from etstats.usecases.nudge import nudge
from etstats.usecases.say_farewell import say_farewell
from etstats.usecases.settle_links import settle_links

logger = Logger()
# a second account may change many evenings; what does not fit waits for the next tick
ENOUGH_MS = 15_000


def handler(event: object, context: LambdaContext) -> dict[str, int]:
    """What is over at the schedule's time; again is harmless. How many posts wait now that did not before."""
    now, waiting = _time(event), {"sessions": 0, "digests": 0}

    def close(turn: Turn) -> None:
        db, channel = wiring.database(turn.community), wiring.round_channel(turn.community)
        waiting["sessions"] += close_sessions(db, fallback_channel=channel, now=now)
        waiting["digests"] += digest(db, fallback_channel=channel, now=now)
        _settle(db, lambda: turn.is_short(ENOUGH_MS))

    try:
        by_turns(
            wiring.communities().names, close, remaining_ms=context.get_remaining_time_in_millis, enough_ms=ENOUGH_MS,
            log=logger, failing="a community's day is not over",
        )  # fmt: skip
    finally:
        if any(waiting.values()):
            logger.info("something is over", extra=waiting)
            nudge(wiring.announce_hand_over(), logger)
    return waiting


def _settle(db: Database, time_is_short: Callable[[], bool]) -> None:
    """Links that are proven by now, people who wanted to be forgotten, and demos whose round has come."""
    for one in settle_links(db, now=lambda: datetime.now(UTC), time_is_short=time_is_short):
        log = logger.warning if one.refusal else logger.info
        log("link settled", guid=one.claim.guid, refusal=one.refusal, sessions=one.sessions)
    if forgotten := say_farewell(db, now=datetime.now(UTC)):
        logger.info("people were forgotten", count=forgotten)
    if matched := match_demos(db, now=datetime.now(UTC)):
        logger.info("demos were joined with their rounds", count=matched)


def _time(event: object) -> datetime:
    """The schedule's own, so that a late call says the same."""
    told = event.get("time") if isinstance(event, dict) else None
    return datetime.fromisoformat(told).astimezone(UTC) if isinstance(told, str) else datetime.now(UTC)
