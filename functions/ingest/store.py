"""A stats file landed in the bucket: read it, compute its session again, store what differs, have it announced."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.aws_event import landed_keys
from etstats.errors import BadFile, BadInput
from etstats.usecases.nudge import nudge
from etstats.usecases.store_round import Stored, store

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A record whose files could not be stored now stays in the queue; the others are done with."""
    return dict(process_partial_response(event=event, record_handler=_store, processor=processor, context=context))


def _store(record: SQSRecord) -> None:
    posting = False
    for key in landed_keys(record.body):
        posting = _store_one(key) or posting
    if posting:
        nudge(wiring.announce_hand_over(), logger)


def _store_one(key: str) -> bool:
    """True when a post waits. What can never be stored is logged and done with: its bytes stay in the bucket."""
    try:
        server, name = _server_and_name(key)
        content = wiring.bucket().get(key)
        stored = _store_version(server, name, content)
        posting = stored.posting
        # what took another version's place may be the older one, read before it and stored after it: the bucket knows
        while stored.replaced and (newer := wiring.bucket().get(key)) != content:
            content, stored = newer, _store_version(server, name, newer)
            posting = stored.posting or posting
    except BadInput as fault:
        logger.warning("file refused", key=key, reason=str(fault))
        return False
    return posting


def _store_version(server: str, name: str, content: bytes) -> Stored:
    community = wiring.communities().of_server(server)
    stored = store(
        wiring.database(community),
        server=server,
        name=name,
        content=content,
        channel_id=wiring.round_channel(community),
        now=datetime.now(UTC),
    )
    logger.info("file " + stored.fate.value, server=server, file=name, reason=stored.reason, posting=stored.posting)
    return stored


def _server_and_name(key: str) -> tuple[str, str]:
    folder, server, name = [*key.split("/", 2), "", ""][:3]
    if folder != "stats" or not server or not name:
        raise BadFile("bad_key", "A stats file's key is stats/<server>/<name>")
    return server, name
