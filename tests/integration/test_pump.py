"""The event pump against moto: batches, partial failures, redrive, schedules and the HTTP API, with toy functions."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from local import aws
from local.aws import Cloud, Provisioned
from local.children import RunFolder
from local.http_api import HttpApi
from local.pump import Pump
from local.runtime_server import Deployment, Function, Functions
from local.template import QueueSource, RouteSource, ScheduleSource, load

TEMPLATE = """
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 1
      RedrivePolicy: {deadLetterTargetArn: !GetAtt DeadJobs.Arn, maxReceiveCount: 2}
  DeadJobs:
    Type: AWS::SQS::Queue
  Files:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        QueueConfigurations:
          - Event: s3:ObjectCreated:*
            Queue: !GetAtt Jobs.Arn
            Filter: {S3Key: {Rules: [{Name: prefix, Value: stats/}]}}
"""

TOY = """
import base64, json, os

def reports(event, context):
    bad = [one["messageId"] for one in event["Records"] if one["body"] == "bad"]
    return {"batchItemFailures": [{"itemIdentifier": one} for one in bad]}

def nonsense(event, context):
    return {"batchItemFailures": [{"itemIdentifier": "no such message"}]}

def fails(event, context):
    raise RuntimeError("always")

def quiet(event, context):
    return None

def bodies(event, context):
    return [one["body"] for one in event["Records"]]

def echo(event, context):
    return {"statusCode": 201, "headers": {"x-map": "supply"}, "body": json.dumps(event)}

def binary(event, context):
    return {"statusCode": 200, "headers": {"content-type": "image/png"}, "isBase64Encoded": True,
            "body": base64.b64encode(bytes(range(256))).decode()}

def plain(event, context):
    return {"players": 12}

def unusable(event, context):
    return {"statusCode": "very good"}
"""


@dataclass(slots=True, kw_only=True)
class World:
    cloud: Cloud
    made: Provisioned
    pump: Pump
    functions: Functions
    folder: Path

    def function(self, handler: str) -> Function:
        return self.functions.add(Deployment(name=handler, handler=f"toy.{handler}", folder=self.folder, timeout_s=20))

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self.cloud.client("sqs").send_message(QueueUrl=self.made.attributes["Jobs", "Ref"], MessageBody=body)

    def waiting(self, queue: str) -> Awaitable[int]:
        return self.pump.waiting([self.made.attributes[queue, "Arn"]])

    def source(self, **settings: Any) -> QueueSource:
        given: dict[str, Any] = {"batch_size": 10, "window_s": 0, "reports_failures": True, "concurrency": 1}
        return QueueSource(name="Jobs", queue_arn=self.made.attributes["Jobs", "Arn"], **(given | settings))


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    (folder / "toy.py").write_text(TOY, encoding="utf-8")
    (folder / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    run = RunFolder.create()
    functions = await Functions.start(run)
    async with aws.moto(run) as cloud:
        template = load(folder / "template.yaml")
        made = await asyncio.to_thread(aws.provision, cloud, template, stack_name="toy", parameters={})
        # setting the notification sent S3's test event, as on AWS
        cloud.client("sqs").purge_queue(QueueUrl=made.attributes["Jobs", "Ref"])
        pump = Pump(cloud, made.queue_urls)
        try:
            yield World(cloud=cloud, made=made, pump=pump, functions=functions, folder=folder)
        finally:
            await pump.stop()
            await functions.stop()
    run.remove()


def run_in_world(work: Callable[[World], Awaitable[Any]], folder: Path) -> Any:
    async def main() -> Any:
        async with world(folder) as here:
            return await work(here)

    return asyncio.run(main())


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await holds():
            await asyncio.sleep(0.02)


def test_what_was_done_is_deleted_and_what_was_not_stays_until_it_is_dead(tmp_path: Path) -> None:
    async def work(here: World) -> None:
        here.send("good", "bad", "good")
        here.pump.poll(here.function("reports"), here.source())

        async def dead() -> bool:
            return await here.waiting("DeadJobs") == 1

        await until(dead)
        assert await here.waiting("Jobs") == 0
        left = sum(one.left for one in here.pump.watched.deliveries)
        assert left == 2  # shown twice, failed twice, then moved by SQS

    run_in_world(work, tmp_path)


@pytest.mark.parametrize("handler", ["fails", "nonsense"])
def test_an_error_or_an_answer_about_unknown_messages_leaves_the_whole_batch(tmp_path: Path, handler: str) -> None:
    async def work(here: World) -> None:
        here.send("one", "two")
        here.pump.poll(here.function(handler), here.source())

        async def tried() -> bool:
            return sum(one.records for one in here.pump.watched.deliveries) >= 2

        await until(tried)
        assert all(one.left == one.records for one in here.pump.watched.deliveries)
        assert await here.waiting("Jobs") + await here.waiting("DeadJobs") == 2

    run_in_world(work, tmp_path)


@pytest.mark.parametrize(("handler", "reports"), [("quiet", True), ("nonsense", False)])
def test_silence_means_success_and_so_does_any_answer_when_failures_are_not_reported(
    tmp_path: Path, handler: str, reports: bool
) -> None:
    async def work(here: World) -> None:
        here.send("one", "two")
        here.pump.poll(here.function(handler), here.source(reports_failures=reports))

        async def gone() -> bool:
            return await here.waiting("Jobs") == 0

        await until(gone)
        assert await here.waiting("DeadJobs") == 0

    run_in_world(work, tmp_path)


def test_batches_are_no_larger_than_declared(tmp_path: Path) -> None:
    async def work(here: World) -> list[int]:
        here.send(*(str(number) for number in range(7)))
        here.pump.poll(here.function("bodies"), here.source(batch_size=3, reports_failures=False))

        async def gone() -> bool:
            return await here.waiting("Jobs") == 0 and here.pump.watched.in_flight == 0

        await until(gone)
        delivered = [body for one in here.pump.watched.deliveries for body in one.answer]  # type: ignore[attr-defined]
        assert sorted(delivered) == [str(number) for number in range(7)]
        return [one.records for one in here.pump.watched.deliveries]

    assert max(run_in_world(work, tmp_path)) <= 3


def test_a_window_gathers_more_than_one_receive_can_bring(tmp_path: Path) -> None:
    async def work(here: World) -> list[int]:
        here.send(*(str(number) for number in range(25)))
        here.pump.poll(here.function("bodies"), here.source(batch_size=25, window_s=5, reports_failures=False))

        async def gone() -> bool:
            return await here.waiting("Jobs") == 0 and here.pump.watched.in_flight == 0

        await until(gone)
        return [one.records for one in here.pump.watched.deliveries]

    assert run_in_world(work, tmp_path) == [25]


def test_a_new_object_below_the_prefix_is_told_and_another_is_not(tmp_path: Path) -> None:
    async def work(here: World) -> list[str]:
        s3 = here.cloud.client("s3")
        for key in ("elsewhere/a", "stats/local/map one+1.txt"):
            s3.put_object(Bucket=here.made.bucket_names[0], Key=key, Body=b"x")
        here.pump.poll(here.function("bodies"), here.source(reports_failures=False))

        async def told() -> bool:
            return bool(here.pump.watched.deliveries) and await here.waiting("Jobs") == 0

        await until(told)
        bodies = [body for one in here.pump.watched.deliveries for body in one.answer]  # type: ignore[attr-defined]
        return [record["s3"]["object"]["key"] for body in bodies for record in json.loads(body).get("Records", [])]

    assert run_in_world(work, tmp_path) == ["stats%2Flocal%2Fmap+one%2B1.txt"]


def test_a_schedule_ticks_at_once_and_again_and_goes_on_after_an_error(tmp_path: Path) -> None:
    async def work(here: World) -> None:
        here.pump.schedule(here.function("fails"), ScheduleSource(name="Tick", every_s=60), every_s=0.01)

        async def ticked() -> bool:
            return len(here.pump.watched.failures("fails")) >= 3

        await until(ticked)

    run_in_world(work, tmp_path)


@asynccontextmanager
async def api(folder: Path, *handlers: str) -> AsyncIterator[aiohttp.ClientSession]:
    (folder / "toy.py").write_text(TOY, encoding="utf-8")
    run = RunFolder.create()
    functions = await Functions.start(run)
    front = HttpApi(account="123456789012")
    await front.start(0)
    for handler in handlers:
        deployment = Deployment(name=handler, handler=f"toy.{handler}", folder=folder, timeout_s=20)
        front.route(functions.add(deployment), RouteSource(name=handler, method="POST", path=f"/{handler}"))
    try:
        async with aiohttp.ClientSession(front.url) as session:
            yield session
    finally:
        await front.stop()
        await functions.stop()
        run.remove()


def test_a_request_becomes_a_payload_2_event(tmp_path: Path) -> None:
    async def main() -> None:
        async with api(tmp_path, "echo") as session:
            headers = {"X-Signature-Ed25519": "ab", "Content-Type": "application/json"}
            async with session.post(
                "/echo?map=supply&map=radar", data='{"type": 1, "ž": "☂"}', headers=headers
            ) as answer:
                assert answer.status == 201
                assert answer.headers["x-map"] == "supply"
                event = json.loads(await answer.text())
        assert event["version"] == "2.0"
        assert event["routeKey"] == "POST /echo"
        assert event["rawQueryString"] == "map=supply&map=radar"
        assert event["queryStringParameters"] == {"map": "supply,radar"}
        assert event["headers"]["x-signature-ed25519"] == "ab"
        assert (event["body"], event["isBase64Encoded"]) == ('{"type": 1, "ž": "☂"}', False)
        assert event["requestContext"]["http"]["method"] == "POST"

    asyncio.run(main())


def test_a_body_that_is_no_text_arrives_in_base64_and_goes_out_from_it(tmp_path: Path) -> None:
    async def main() -> None:
        async with api(tmp_path, "echo", "binary") as session:
            async with session.post("/echo", data=b"\x00\xff", headers={"Content-Type": "image/png"}) as answer:
                event = json.loads(await answer.text())
            async with session.post("/binary") as answer:
                sent = await answer.read()
        assert event["isBase64Encoded"] is True
        assert base64.b64decode(event["body"]) == b"\x00\xff"
        assert sent == bytes(range(256))

    asyncio.run(main())


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/plain", 200, {"players": 12}),
        ("/fails", 500, {"message": "Internal Server Error"}),
        ("/unusable", 500, {"message": "Internal Server Error"}),
        ("/elsewhere", 404, {"message": "Not Found"}),
    ],
)
def test_answers_are_mapped_as_api_gateway_maps_them(
    tmp_path: Path, path: str, status: int, body: dict[str, object]
) -> None:
    async def main() -> None:
        async with api(tmp_path, "plain", "fails", "unusable") as session, session.post(path) as answer:
            assert (answer.status, await answer.json()) == (status, body)

    asyncio.run(main())


def test_another_method_is_not_found(tmp_path: Path) -> None:
    async def main() -> None:
        async with api(tmp_path, "plain") as session, session.get("/plain") as answer:
            assert answer.status == 404

    asyncio.run(main())
