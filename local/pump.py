"""The event pump: what AWS does between its services and our functions.

Queues are polled as an event source mapping does it: batches up to the size declared, as many at a time as declared;
what succeeded is deleted, what failed stays hidden until SQS shows it again, and after the last try SQS itself moves it
to the dead-letter queue. Schedules tick; a tick waits for the one before it.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from local.aws import Cloud
from local.runtime_server import Function, Outcome
from local.template import QueueSource, ScheduleSource

T = TypeVar("T")

LONG_POLL_S = 2
BACKEND_PAUSE_S = 0.5
# Beyond this many processes of one function, two processors only get in each other's way.
MOST_PROCESSES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One invocation the pump made, for whoever watches."""

    function: str
    source: str
    records: int
    left: int  # messages that stay in the queue
    error: str
    seconds: float
    answer: object = None


@dataclass(slots=True)
class Watched:
    """What has been delivered so far."""

    deliveries: list[Delivery] = field(default_factory=list)
    in_flight: int = 0

    def failures(self, function: str | None = None) -> list[Delivery]:
        return [one for one in self.deliveries if one.error and function in (None, one.function)]


class Pump:
    """*queue_urls*: each queue's address by its ARN. *retry_after_s* shows failed messages again sooner than the queue
    would, so that a demonstration need not wait for minutes; None leaves it to the queue."""

    def __init__(
        self, cloud: Cloud, queue_urls: Mapping[str, str], *, retry_after_s: int | None = None,
        told: Callable[[Delivery], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._cloud = cloud
        self._queue_urls = queue_urls
        self._retry_after_s = retry_after_s
        self._told = told
        self._threads = ThreadPoolExecutor(thread_name_prefix="pump", max_workers=16)
        self._tasks: set[asyncio.Task[None]] = set()
        self.watched = Watched()

    def poll(self, function: Function, source: QueueSource) -> None:
        """Starts the mapping from a queue to *function*."""
        self._begin(self._poll(function, source), f"{function.deployment.name} ← {source.name}")

    def schedule(self, function: Function, source: ScheduleSource, *, every_s: float | None = None) -> None:
        """Starts ticking, at once and then as declared, or each *every_s*."""
        ticking = self._tick(function, source, every_s or source.every_s)
        self._begin(ticking, f"{function.deployment.name} ← {source.name}")

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def waiting(self, queue_arns: Iterable[str] | None = None) -> int:
        """How many messages *queue_arns* (default: every queue) hold, hidden ones included."""
        sqs = self._cloud.client("sqs")
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        total = 0
        for arn in queue_arns or list(self._queue_urls):
            ask = partial(sqs.get_queue_attributes, QueueUrl=self._queue_urls[arn], AttributeNames=names)
            told = await self._thread(ask)
            total += sum(int(told["Attributes"].get(name, 0)) for name in names)
        return total

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    async def _tick(self, function: Function, source: ScheduleSource, every_s: float) -> None:
        while True:
            began = time.monotonic()
            outcome = await function.invoke(source.given or _tick_event(self._cloud, function, source))
            self._note(function, source.name, outcome, records=0, left=0)
            await asyncio.sleep(max(0.0, every_s - (time.monotonic() - began)))

    async def _poll(self, function: Function, source: QueueSource) -> None:
        slots = asyncio.Semaphore(min(source.concurrency or MOST_PROCESSES, function.deployment.concurrency))
        while True:
            await slots.acquire()
            try:
                messages = await self._receive(source)
            except (BotoCoreError, ClientError):
                await asyncio.sleep(BACKEND_PAUSE_S)  # whoever watches the backend says more
                messages = []
            except asyncio.CancelledError:
                slots.release()
                raise
            if messages:
                self._begin(self._deliver(function, source, messages, slots), f"{function.deployment.name} batch")
            else:
                slots.release()

    async def _receive(self, source: QueueSource) -> list[dict[str, Any]]:
        """What a long poll brings; with a batching window, more until the batch is full or the window is over."""
        messages = await self._receive_once(source, source.batch_size, LONG_POLL_S)
        until = time.monotonic() + source.window_s
        while messages and len(messages) < source.batch_size and time.monotonic() < until:
            more = await self._receive_once(source, source.batch_size - len(messages), 0)
            messages += more
            if not more:
                await asyncio.sleep(0.05)
        return messages

    async def _receive_once(self, source: QueueSource, most: int, wait_s: int) -> list[dict[str, Any]]:
        sqs = self._cloud.client("sqs")
        answer = await self._thread(
            lambda: sqs.receive_message(
                QueueUrl=self._queue_urls[source.queue_arn],
                MaxNumberOfMessages=min(10, most),
                WaitTimeSeconds=wait_s,
                AttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        )
        return list(answer.get("Messages", []))

    async def _deliver(
        self, function: Function, source: QueueSource, messages: list[dict[str, Any]], slots: asyncio.Semaphore
    ) -> None:
        self.watched.in_flight += 1
        try:
            records = [_record(message, source.queue_arn, self._cloud.region) for message in messages]
            outcome = await function.invoke({"Records": records})
            failed = _failed(outcome, source, {message["MessageId"] for message in messages})
            self._note(function, source.name, outcome, records=len(messages), left=len(failed))
            with suppress(BotoCoreError, ClientError):  # they will be shown, and handled, once more
                await self._settle(self._queue_urls[source.queue_arn], messages, failed)
        finally:
            self.watched.in_flight -= 1
            slots.release()

    async def _settle(self, url: str, messages: list[dict[str, Any]], failed: set[str]) -> None:
        sqs = self._cloud.client("sqs")
        done = [_entry(message) for message in messages if message["MessageId"] not in failed]
        for entries in _tens(done):
            await self._thread(partial(sqs.delete_message_batch, QueueUrl=url, Entries=entries))
        if self._retry_after_s is None:
            return
        again = [_entry(message) for message in messages if message["MessageId"] in failed]
        for entries in _tens([{**entry, "VisibilityTimeout": self._retry_after_s} for entry in again]):
            await self._thread(partial(sqs.change_message_visibility_batch, QueueUrl=url, Entries=entries))

    def _note(self, function: Function, source: str, outcome: Outcome, *, records: int, left: int) -> None:
        delivery = Delivery(
            function=function.deployment.name,
            source=source,
            records=records,
            left=left,
            error=outcome.words() if outcome.failed else "",
            seconds=outcome.seconds,
            answer=None if outcome.failed else outcome.answer(),
        )
        self.watched.deliveries.append(delivery)
        self._told(delivery)


def _failed(outcome: Outcome, source: QueueSource, ids: set[str]) -> set[str]:
    """Which messages stay. As on AWS: an error or an answer that makes no sense means all of them."""
    if outcome.failed:
        return ids
    if not source.reports_failures:
        return set()
    answer = outcome.answer()
    if answer is None or answer == {}:
        return set()
    try:
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"] or []}
    except (TypeError, KeyError):
        return ids
    return failed if failed <= ids else ids


def _entry(message: Mapping[str, Any]) -> dict[str, Any]:
    return {"Id": message["MessageId"], "ReceiptHandle": message["ReceiptHandle"]}


def _tens(entries: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """SQS takes ten at a time."""
    for start in range(0, len(entries), 10):
        yield entries[start : start + 10]


def _record(message: Mapping[str, Any], queue_arn: str, region: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: {key[0].lower() + key[1:]: value for key, value in attribute.items()}
            for name, attribute in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": region,
    }


def _tick_event(cloud: Cloud, function: Function, source: ScheduleSource) -> dict[str, Any]:
    rule = f"arn:aws:events:{cloud.region}:{cloud.account}:rule/{function.deployment.name}{source.name}"
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": cloud.account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": cloud.region,
        "resources": [rule],
        "detail": {},
    }
