"""Some minutes have passed: every part of the system is looked at, and problems are told."""

from __future__ import annotations

from datetime import UTC, datetime

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.errors import DatabaseUnavailable, EtstatsError
from etstats.storage.health import Changed
from etstats.usecases.by_turns import Turn, by_turns
from etstats.usecases.check_health import check, look_around, note_back, seen_of, tell_away

logger = Logger()
# no part is waited for longer
WITHIN_S = 12.0


def handler(event: object, context: LambdaContext) -> dict[str, int]:
    """How many problems began and are over. Raises DatabaseUnavailable, which has been told then."""
    now = datetime.now(UTC)
    settings = wiring.settings("BUCKET", "QUEUE_URLS")
    channel_id = settings.alarm_channel_id
    observed = look_around(wiring.looks(), within_s=WITHIN_S)

    def look(turn: Turn) -> Changed:
        known, community = wiring.communities(), turn.community
        names = [server.name for server in known.servers_of(community)]
        return check(
            wiring.database(community), seen_of(community, names, observed), channel_id=channel_id,
            gigabytes=settings.database_gigabytes, now=now, apart="" if community == known.home else community,
        )  # fmt: skip

    try:
        changed = by_turns(
            wiring.communities().names, look, remaining_ms=context.get_remaining_time_in_millis, enough_ms=0,
            log=logger, failing="a community's parts are not looked at",
        )  # fmt: skip
    except DatabaseUnavailable as fault:
        _tell_away(channel_id, str(fault), now)
        raise
    _note_back(channel_id, now)
    told = {"opened": sum(len(one.opened) for one in changed), "closed": sum(len(one.closed) for one in changed)}
    if any(told.values()):
        logger.warning("problems", extra=told)
    return told


def _tell_away(channel_id: str, reason: str, now: datetime) -> None:
    """Where even that fails, the alarm on this function's errors is left."""
    try:
        if tell_away(wiring.bucket(), wiring.discord(), channel_id=channel_id, reason=reason, now=now):
            logger.error("the database is away, and the channel was told", reason=reason)
    except EtstatsError as fault:
        logger.error("the database is away, and nobody could be told", reason=str(fault))  # noqa: TRY400  # no trace


def _note_back(channel_id: str, now: datetime) -> None:
    try:
        if note_back(wiring.database(wiring.communities().home), wiring.bucket(), channel_id=channel_id, now=now):
            logger.warning("the database answers again")
    except EtstatsError as fault:
        logger.warning("not known whether the database had been away", reason=str(fault))
