"""Invoked by the deployment: brings the database to the newest schema. Again is harmless."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.storage.migrate import migrate

logger = Logger()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """What ran, by number and name."""
    ran = [f"{migration.number:04}_{migration.name}" for migration in migrate(wiring.database())]
    logger.info("database migrated", ran=ran)
    return {"ran": ran}
