"""A package of maps landed in the bucket, by a link that an admin asked for: it goes to its game server."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.aws_event import landed_keys
from etstats.errors import BadInput
from etstats.usecases.bring_package import landed

logger = Logger()
# as the queue has it: what failed so often goes to the dead letters
TRIES = 3


def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """One message a time. What was only away escapes, so that the queue tries again."""
    for record in event["Records"]:
        last_try = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1)) >= TRIES
        for key in landed_keys(record["body"]):
            _bring(key, last_try=last_try)


def _bring(key: str, *, last_try: bool) -> None:
    try:
        package = landed(key, last_try=last_try)
        job = wiring.carrier(wiring.communities().of_guild(package.guild_id)).carry(package)
    except BadInput as fault:
        logger.warning("package refused", key=key, reason=str(fault))
        return
    logger.info(f"package {job.state}", key=key, job=job.audit_id, server=job.server)
