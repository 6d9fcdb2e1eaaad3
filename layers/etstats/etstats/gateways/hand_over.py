"""Hands work to another function: a message in its SQS queue."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from etstats.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

# the one who asked waits three seconds in all
_PATIENCE = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 2})


class HandOver:
    """The way into one queue."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    def send(self, body: dict[str, object]) -> None:
        """Returns when the queue has it. Raises Unavailable."""
        try:
            self._client.send_message(QueueUrl=self._queue_url, MessageBody=json.dumps(body))
        except (BotoCoreError, ClientError) as fault:
            raise Unavailable(f"The work could not be handed over: {fault}") from fault

    @cached_property
    def _client(self) -> SQSClient:
        return boto3.client("sqs", config=_PATIENCE)
