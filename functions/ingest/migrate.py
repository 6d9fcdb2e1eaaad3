"""Invoked by the deployment: brings every community's tables to the newest schema. Again is harmless."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.storage.migrate import migrate

logger = Logger()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """What ran, by number and name, after the schema where it has one."""
    ran: list[str] = []
    for db in map(wiring.database, wiring.communities().names):
        ran += ["/".join(filter(None, (db.schema, one.title))) for one in migrate(db)]
    logger.info("database migrated", ran=ran)
    return {"ran": ran}
