"""The bucket that keeps every file exactly as read."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from etstats.errors import BadFile, BucketUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CopySourceTypeDef

# Two tries of at most six seconds: whoever puts a file keeps that much time in reserve. Links are good at the region's
# own address, for a redirect would lose a page's leave to send, and hold who puts something to its size and to no sum
# that only we could know: a browser signs nothing and sums nothing up.
CONFIG = Config(
    signature_version="s3v4",
    request_checksum_calculation="when_required",
    s3={"addressing_style": "virtual"},
    connect_timeout=2,
    read_timeout=4,
    retries={"mode": "standard", "total_max_attempts": 2},
)
_PIECE = 1 << 20
_THERE = ("PreconditionFailed", "412", "ConditionalRequestConflict")
_MISSING = ("NoSuchKey", "404")


class Bucket:
    """Safe for several threads. S3 checks what it receives against our SHA-256, and we check what we receive."""

    def __init__(self, name: str, *, client: S3Client | None = None) -> None:
        self._name = name
        self._client: S3Client = client or boto3.client("s3", config=CONFIG)

    def put(self, key: str, body: bytes, *, media_type: str = "application/octet-stream") -> None:
        """Again with the same bytes: one more version, nothing else. Raises BucketUnavailable."""
        digest = base64.b64encode(sha256(body).digest()).decode()
        with self._asking("written to", key):
            self._client.put_object(
                Bucket=self._name, Key=key, Body=body, ContentType=media_type, ChecksumSHA256=digest
            )

    def put_file(self, key: str, file: BinaryIO, *, sha256: str) -> None:
        """All of *file*, which is read while it is sent; *sha256*: of it, in hexadecimal. Raises BucketUnavailable."""
        digest = base64.b64encode(bytes.fromhex(sha256)).decode()
        file.seek(0)
        with self._asking("written to", key):
            self._client.put_object(Bucket=self._name, Key=key, Body=file, ChecksumSHA256=digest)

    def put_new(self, key: str, body: bytes) -> bool:
        """Only where nothing is yet; whether it was put. Raises BucketUnavailable."""
        digest = base64.b64encode(sha256(body).digest()).decode()
        with self._asking("written to", key):
            try:
                self._client.put_object(Bucket=self._name, Key=key, Body=body, ChecksumSHA256=digest, IfNoneMatch="*")
            except ClientError as fault:
                if _code(fault) not in _THERE:
                    raise
                return False
        return True

    def link(self, key: str, *, lives_s: int) -> str:
        """An address at which anybody may read the object for so long, and nothing else."""
        place = {"Bucket": self._name, "Key": key}
        return str(self._client.generate_presigned_url("get_object", Params=place, ExpiresIn=lives_s))

    def link_to_put(self, key: str, *, size: int, lives_s: int) -> str:
        """An address that takes one object of just *size* bytes, for so long."""
        place = {"Bucket": self._name, "Key": key, "ContentLength": size}
        return str(self._client.generate_presigned_url("put_object", Params=place, ExpiresIn=lives_s))

    def size(self, key: str) -> int:
        """How many bytes an object has. Raises BadFile(code="missing") when there is none, else BucketUnavailable."""
        with self._asking("looked at", key):
            return self._client.head_object(Bucket=self._name, Key=key)["ContentLength"]

    def get(self, key: str) -> bytes:
        """Raises BadFile(code="missing") when there is no such object, else BucketUnavailable."""
        with self._asking("read", key):
            return self._client.get_object(Bucket=self._name, Key=key, ChecksumMode="ENABLED")["Body"].read()

    def download(self, key: str, into: BinaryIO, *, at_most: int) -> int:
        """Writes the object into a file, piece by piece; how many bytes. Raises BadFile for one that is missing or has
        more than *at_most* (code="too_large"), else BucketUnavailable."""
        with self._asking("read", key):
            told = self._client.get_object(Bucket=self._name, Key=key)
            size = told["ContentLength"]
            if size > at_most:
                raise BadFile("too_large", f"It has {size:,} bytes; {at_most:,} are allowed")
            for piece in told["Body"].iter_chunks(_PIECE):
                into.write(piece)
        return size

    def copy(self, key: str, to: str) -> None:
        """Within the bucket; again: one more version. Raises BadFile(code="missing"), else BucketUnavailable."""
        with self._asking("copied", key):
            source: CopySourceTypeDef = {"Bucket": self._name, "Key": key}
            self._client.copy_object(Bucket=self._name, Key=to, CopySource=source)

    def delete(self, key: str) -> None:
        """Away with it; what is not there is away. Raises BucketUnavailable."""
        with self._asking("deleted from", key):
            self._client.delete_object(Bucket=self._name, Key=key)

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key that begins with *prefix*, in S3's order, a page at a time. Raises BucketUnavailable."""
        with self._asking("listed", prefix):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=prefix):
                yield from (one["Key"] for one in page.get("Contents", []))

    @contextmanager
    def _asking(self, done: str, key: str) -> Iterator[None]:
        """Faults of S3 become ours: BadFile(code="missing") where there is no such object, else BucketUnavailable."""
        try:
            yield
        except (ClientError, BotoCoreError) as fault:
            said = _code(fault) if isinstance(fault, ClientError) else type(fault).__name__
            if said in _MISSING:
                raise BadFile("missing", f"The bucket {self._name} has no {key}") from fault
            raise BucketUnavailable(
                f"The bucket {self._name} could not be {done} ({said}, key {key}). "
                "If this lasts: check that the bucket exists and that the function's role allows it."
            ) from fault


def _code(fault: ClientError) -> str:
    return str(fault.response.get("Error", {}).get("Code", "unknown"))
