"""Some minutes have passed: every part of the system is looked at, and problems are told."""

from __future__ import annotations

from datetime import UTC, datetime

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.errors import DatabaseUnavailable, EtstatsError
from etstats.usecases.check_health import check, look_around, note_back, tell_away

logger = Logger()
# no part is waited for longer
WITHIN_S = 12.0


def handler(event: object, context: LambdaContext) -> dict[str, int]:
    """How many problems began and are over. Raises DatabaseUnavailable, which has been told then."""
    now = datetime.now(UTC)
    settings = wiring.settings("BUCKET", "QUEUE_URLS")
    channel_id = settings.alarm_channel_id
    observed = look_around(wiring.looks(), within_s=WITHIN_S)
    try:
        changed = check(
            wiring.database(), observed, channel_id=channel_id, gigabytes=settings.database_gigabytes, now=now
        )
    except DatabaseUnavailable as fault:
        _tell_away(channel_id, str(fault), now)
        raise
    _note_back(channel_id, now)
    told = {"opened": len(changed.opened), "closed": len(changed.closed)}
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
        if note_back(wiring.database(), wiring.bucket(), channel_id=channel_id, now=now):
            logger.warning("the database answers again")
    except EtstatsError as fault:
        logger.warning("not known whether the database had been away", reason=str(fault))
