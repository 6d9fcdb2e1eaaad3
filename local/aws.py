"""AWS on one machine: moto's server as a child process, LocalStack, or whatever AWS_ENDPOINT_URL names.

async with moto(run) as cloud:
    things = await asyncio.to_thread(provision, cloud, template, …)
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from local.children import Child, RunFolder, in_thread, start_child, tail
from local.postgres import free_port
from local.template import Bucket, Queue, Resolver, Template

REGION = "eu-central-1"
START_LIMIT_S = 30.0
# What an ephemeral stand-in lets everybody in with; a session token as on AWS, where the secrets extension asks for it.
_OPEN_TO_ALL = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "local"}


class CloudFailed(RuntimeError):
    """The stand-in for AWS did not come up; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Where AWS's API is, and who we are there. *child* is the process behind it, when it is ours."""

    endpoint_url: str
    account: str
    region: str = REGION
    credentials: Mapping[str, str] = field(default_factory=lambda: dict(_OPEN_TO_ALL), repr=False)
    child: Child | None = None
    ours: bool = True

    def client(self, service: str) -> Any:
        """A boto3 client, made once per service; safe to use from several threads."""
        return _client(service, self.endpoint_url, self.region, tuple(sorted(self.credentials.items())))

    def environment(self) -> dict[str, str]:
        """What a function needs in its environment to come here."""
        return {**self.credentials, "AWS_ENDPOINT_URL": self.endpoint_url}


@cache
def _client(service: str, endpoint_url: str, region: str, credentials: tuple[tuple[str, str], ...]) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=endpoint_url,
        region_name=region,
        config=Config(retries={"max_attempts": 0}, connect_timeout=3, read_timeout=30, max_pool_connections=20),
        **{name.lower(): value for name, value in credentials},
    )


@asynccontextmanager
async def moto(run: RunFolder) -> AsyncIterator[Cloud]:
    """moto's server on a free loopback port. What it holds is gone when it ends."""
    port = free_port()
    child = await start_child(
        "moto",
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        run=run,
        environment={"PATH": os.defpath, "HOME": str(run.path), "PYTHONUTF8": "1"},
        folder=run.path,
        stop_signal=signal.SIGKILL,
    )
    try:
        await _listening(port, child)
        yield Cloud(endpoint_url=f"http://127.0.0.1:{port}", account="123456789012", child=child)
    finally:
        await child.stop()


async def _listening(port: int, child: Child) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and not child.ended.done():
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.02)
    raise CloudFailed(f"moto's server did not start. Its log, {child.log}, ends with:\n{tail(child.log)}")


@asynccontextmanager
async def localstack(run: RunFolder) -> AsyncIterator[Cloud]:
    """A real LocalStack without Docker, from an environment of its own."""
    from local import localstack as host  # noqa: PLC0415  # only those who ask for it need it

    folder = run.path / "localstack"
    folder.mkdir()
    async with in_thread(host.localstack(folder)) as url:
        yield Cloud(endpoint_url=url, account="000000000000")


@asynccontextmanager
async def elsewhere(environ: Mapping[str, str]) -> AsyncIterator[Cloud]:
    """The endpoint in AWS_ENDPOINT_URL, with the credentials beside it where there are any. What we made is removed."""
    url = environ["AWS_ENDPOINT_URL"]
    if urlsplit(url).scheme not in ("http", "https"):
        raise CloudFailed(f"AWS_ENDPOINT_URL is {url!r}. Set it to an http or https address, or unset it for moto.")
    given = {name: environ[name] for name in _OPEN_TO_ALL if environ.get(name)}
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or REGION
    cloud = Cloud(endpoint_url=url, account="", region=region, credentials=given or dict(_OPEN_TO_ALL), ours=False)
    try:
        identity = await asyncio.to_thread(cloud.client("sts").get_caller_identity)
    except Exception as fault:
        raise CloudFailed(f"AWS_ENDPOINT_URL ({url}) does not answer: {fault}. Start it, or unset it.") from fault
    yield Cloud(endpoint_url=url, account=identity["Account"], region=region, credentials=cloud.credentials, ours=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioned:
    """What exists now: attributes for the template's resolver, and each queue's address by its ARN."""

    pseudo: Mapping[str, str]
    attributes: Mapping[tuple[str, str], str]
    queue_urls: Mapping[str, str]
    bucket_names: tuple[str, ...] = ()
    dead_letter_queues: frozenset[str] = frozenset()


def provision(
    cloud: Cloud, template: Template, *, stack_name: str, parameters: Mapping[str, str], api_url: str = ""
) -> Provisioned:
    """Makes the template's queues and buckets, with redrive and notifications. *api_url*: where the HTTP API is here;
    its pages may use the buckets as the template lets those on AWS."""
    pseudo = {
        "AWS::Region": cloud.region,
        "AWS::AccountId": cloud.account,
        "AWS::StackName": stack_name,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
    }
    attributes: dict[tuple[str, str], str] = {}
    resolver = template.resolver(parameters=parameters, pseudo=pseudo, attributes=attributes)
    queues = template.queues(resolver)
    for queue in queues:
        attributes |= _make_queue(cloud, queue)
    for queue in queues:
        _set_redrive(cloud, queue, attributes)
    attributes |= _bucket_attributes(template, resolver)
    buckets = template.buckets(resolver)
    for bucket in buckets:
        _make_bucket(cloud, bucket)
        _let_pages_in(cloud, bucket, api_url)
    urls = {attributes[queue.name, "Arn"]: attributes[queue.name, "Ref"] for queue in queues}
    names = tuple(bucket.bucket_name for bucket in buckets)
    return Provisioned(
        pseudo=pseudo,
        attributes=attributes,
        queue_urls=urls,
        bucket_names=names,
        dead_letter_queues=frozenset(queue.dead_letters_to for queue in queues if queue.dead_letters_to),
    )


def _make_queue(cloud: Cloud, queue: Queue) -> dict[tuple[str, str], str]:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName=queue.queue_name, Attributes=dict(queue.attributes))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return {(queue.name, "Ref"): url, (queue.name, "Arn"): arn, (queue.name, "QueueName"): queue.queue_name}


def _set_redrive(cloud: Cloud, queue: Queue, attributes: Mapping[tuple[str, str], str]) -> None:
    if not queue.dead_letters_to:
        return
    policy = {
        "deadLetterTargetArn": attributes[queue.dead_letters_to, "Arn"],
        "maxReceiveCount": queue.max_receive_count,
    }
    cloud.client("sqs").set_queue_attributes(
        QueueUrl=attributes[queue.name, "Ref"], Attributes={"RedrivePolicy": json.dumps(policy)}
    )


def _bucket_attributes(template: Template, resolver: Resolver) -> dict[tuple[str, str], str]:
    made = {}
    for name, body in template.resources("AWS::S3::Bucket", resolver):
        bucket_name = str(resolver.value(body.get("BucketName", {"Fn::Sub": "${AWS::StackName}-" + name.lower()})))
        made[name, "Ref"] = bucket_name.lower()
        made[name, "Arn"] = f"arn:aws:s3:::{bucket_name.lower()}"
    return made


def _make_bucket(cloud: Cloud, bucket: Bucket) -> None:
    s3 = cloud.client("s3")
    where = {} if cloud.region == "us-east-1" else {"LocationConstraint": cloud.region}
    s3.create_bucket(Bucket=bucket.bucket_name, **({"CreateBucketConfiguration": where} if where else {}))
    if bucket.versioned:
        s3.put_bucket_versioning(Bucket=bucket.bucket_name, VersioningConfiguration={"Status": "Enabled"})
    told = [_notification(one.event, one.queue_arn, one.prefix, one.suffix) for one in bucket.notifications]
    if told:
        s3.put_bucket_notification_configuration(
            Bucket=bucket.bucket_name, NotificationConfiguration={"QueueConfigurations": told}
        )


def _let_pages_in(cloud: Cloud, bucket: Bucket, api_url: str) -> None:
    rules = [{**rule, "AllowedOrigins": [*rule["AllowedOrigins"], api_url]} for rule in bucket.cors_rules]
    if rules and api_url:
        cloud.client("s3").put_bucket_cors(Bucket=bucket.bucket_name, CORSConfiguration={"CORSRules": rules})


def _notification(event: str, queue_arn: str, prefix: str, suffix: str) -> dict[str, Any]:
    rules = [{"Name": name, "Value": value} for name, value in (("prefix", prefix), ("suffix", suffix)) if value]
    told: dict[str, Any] = {"QueueArn": queue_arn, "Events": [event]}
    return {**told, "Filter": {"Key": {"FilterRules": rules}}} if rules else told


def create_secret(cloud: Cloud, name: str, text: str) -> str:
    """The new secret's ARN."""
    return str(cloud.client("secretsmanager").create_secret(Name=name, SecretString=text)["ARN"])


def remove(cloud: Cloud, made: Provisioned, secret_arns: list[str]) -> None:
    """Takes away what was made where it would otherwise stay."""
    for url in made.queue_urls.values():
        cloud.client("sqs").delete_queue(QueueUrl=url)
    for arn in secret_arns:
        cloud.client("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    s3 = cloud.client("s3")
    for bucket in made.bucket_names:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                s3.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])
        s3.delete_bucket(Bucket=bucket)


def repository() -> Path:
    """The checkout's root, where template.yaml is."""
    return Path(__file__).resolve().parent.parent
