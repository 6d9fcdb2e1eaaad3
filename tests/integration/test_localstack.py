"""LocalStack without Docker behaves as the main job needs: a file in the bucket becomes a message in the queue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local import localstack as subject
from local.children import started_at

pytestmark = pytest.mark.skipif(
    not subject.PYTHON.exists(), reason="LocalStack is not installed; scripts/setup-localstack does it"
)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with subject.localstack(tmp_path_factory.mktemp("localstack")) as url:
        yield url


def client(service: str, endpoint: str) -> Any:
    make: Any = boto3.client
    return make(
        service,
        endpoint_url=endpoint,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def test_a_stats_file_in_the_bucket_is_told_to_the_queue_with_its_key_encoded(endpoint: str) -> None:
    s3, sqs = client("s3", endpoint), client("sqs", endpoint)
    queue = sqs.create_queue(QueueName="store", Attributes={"SqsManagedSseEnabled": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    s3.create_bucket(Bucket="etstats-files", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    stats = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "stats/"}]}}
    s3.put_bucket_notification_configuration(
        Bucket="etstats-files",
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"], "Filter": stats}]
        },
    )
    s3.put_object(Bucket="etstats-files", Key="demos/1/x.dm_84", Body=b"no")
    s3.put_object(Bucket="etstats-files", Key="stats/one/a b.txt", Body=b"yes")

    told = _receive(sqs, queue, 2)

    assert told[0]["Event"] == "s3:TestEvent"
    assert [record["s3"]["object"]["key"] for record in told[1]["Records"]] == ["stats/one/a%20b.txt"]
    assert told[1]["Records"][0]["eventName"] == "ObjectCreated:Put"


def _receive(sqs: Any, queue: str, wanted: int) -> list[dict[str, Any]]:
    bodies: list[dict[str, Any]] = []
    while len(bodies) < wanted:
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=10).get("Messages", [])
        assert messages, f"only {len(bodies)} of {wanted} messages came"
        bodies += [json.loads(message["Body"]) for message in messages]
    return bodies


def test_a_queue_is_reached_at_the_address_it_is_given(endpoint: str) -> None:
    sqs = client("sqs", endpoint)
    queue = sqs.create_queue(QueueName="followup")["QueueUrl"]
    assert queue.startswith(endpoint)


def test_a_secret_reads_back_by_its_arn(endpoint: str) -> None:
    secrets = client("secretsmanager", endpoint)
    made = secrets.create_secret(Name="database", SecretString='{"host": "127.0.0.1"}')
    assert secrets.get_secret_value(SecretId=made["ARN"])["SecretString"] == '{"host": "127.0.0.1"}'


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    start = subject._start

    def noting(home: Path, port: int) -> Any:
        process = start(home, port)
        started.append(process.pid)
        return process

    monkeypatch.setattr(subject, "_start", noting)
    with pytest.raises(KeyboardInterrupt), subject.localstack(tmp_path):
        assert started_at(started[0])
        assert list(tmp_path.iterdir())
        raise KeyboardInterrupt
    assert started_at(started[0]) == ""
    assert list(tmp_path.iterdir()) == []
