"""Finishes an answer that was put off: runs the command and edits “thinking…” into its result."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.commands.follow_up import follow_up
from etstats.errors import BadInput
from etstats.interactions import request

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A record that could not be answered now stays in the queue."""
    return dict(process_partial_response(event=event, record_handler=_answer, processor=processor, context=context))


def _answer(record: SQSRecord) -> None:
    try:
        asked = request.read(record.body.encode("utf-8", "surrogatepass"))
        community = wiring.communities().of_guild(asked.guild_id)
        ended = follow_up(
            asked,
            db=wiring.database(community),
            webhook=wiring.discord(),
            key=wiring.custom_id_key,
            now=datetime.now(UTC),
            tools=wiring.tools(community),
            roots=wiring.settings().root_user_ids,
        )
    except BadInput as fault:
        logger.warning("interaction refused", reason=str(fault))
        return
    logger.info(f"interaction {ended.value}", interaction=asked.id, command=asked.command)
