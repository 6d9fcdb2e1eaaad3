"""The bucket that keeps every file exactly as read."""

from __future__ import annotations

import base64
from collections.abc import Iterator
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
# own address, and hold who puts something to its size and to no sum that only we could know.
_CONFIG = Config(
    signature_version="s3v4",
    request_checksum_calculation="when_required",
    s3={"addressing_style": "virtual"},
    connect_timeout=2,
    read_timeout=4,
    retries={"mode": "standard", "total_max_attempts": 2},
    max_pool_connections=10,
)
_PIECE = 1 << 20
_THERE = ("PreconditionFailed", "412", "ConditionalRequestConflict")
_MISSING = ("NoSuchKey", "404")


class Bucket:
    """Safe for several threads. S3 checks what it receives against our SHA-256, and we check what we receive."""

    def __init__(self, name: str, *, client: S3Client | None = None) -> None:
        self._name = name
        self._client: S3Client = client or boto3.client("s3", config=_CONFIG)

    def put(self, key: str, body: bytes, *, media_type: str = "application/octet-stream") -> None:
        """Again with the same bytes: one more version, nothing else. Raises BucketUnavailable."""
        digest = base64.b64encode(sha256(body).digest()).decode()
        try:
            self._client.put_object(
                Bucket=self._name, Key=key, Body=body, ContentType=media_type, ChecksumSHA256=digest
            )
        except (ClientError, BotoCoreError) as fault:
            raise self._unavailable("written to", key, fault) from fault

    def put_file(self, key: str, file: BinaryIO, *, sha256: str) -> None:
        """All of *file*, which is read while it is sent; *sha256*: of it, in hexadecimal. Raises BucketUnavailable."""
        digest = base64.b64encode(bytes.fromhex(sha256)).decode()
        file.seek(0)
        try:
            self._client.put_object(Bucket=self._name, Key=key, Body=file, ChecksumSHA256=digest)
        except (ClientError, BotoCoreError) as fault:
            raise self._unavailable("written to", key, fault) from fault

    def put_new(self, key: str, body: bytes) -> bool:
        """Only where nothing is yet; whether it was put. Raises BucketUnavailable."""
        digest = base64.b64encode(sha256(body).digest()).decode()
        try:
            self._client.put_object(Bucket=self._name, Key=key, Body=body, ChecksumSHA256=digest, IfNoneMatch="*")
        except ClientError as fault:
            if _code(fault) in _THERE:
                return False
            raise self._unavailable("written to", key, fault) from fault
        except BotoCoreError as fault:
            raise self._unavailable("written to", key, fault) from fault
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
        try:
            return self._client.head_object(Bucket=self._name, Key=key)["ContentLength"]
        except ClientError as fault:
            if _code(fault) in _MISSING:
                raise BadFile("missing", f"The bucket {self._name} has no {key}") from fault
            raise self._unavailable("looked at", key, fault) from fault
        except BotoCoreError as fault:
            raise self._unavailable("looked at", key, fault) from fault

    def get(self, key: str) -> bytes:
        """Raises BadFile(code="missing") when there is no such object, else BucketUnavailable."""
        try:
            return self._client.get_object(Bucket=self._name, Key=key, ChecksumMode="ENABLED")["Body"].read()
        except ClientError as fault:
            if _code(fault) in _MISSING:
                raise BadFile("missing", f"The bucket {self._name} has no {key}") from fault
            raise self._unavailable("read", key, fault) from fault
        except BotoCoreError as fault:
            raise self._unavailable("read", key, fault) from fault

    def download(self, key: str, into: BinaryIO, *, at_most: int) -> int:
        """Writes the object into a file, piece by piece; how many bytes. Raises BadFile for one that is missing or has
        more than *at_most* (code="too_large"), else BucketUnavailable."""
        try:
            told = self._client.get_object(Bucket=self._name, Key=key)
            size = told["ContentLength"]
            if size > at_most:
                raise BadFile("too_large", f"It has {size:,} bytes; {at_most:,} are allowed")
            for piece in told["Body"].iter_chunks(_PIECE):
                into.write(piece)
        except ClientError as fault:
            if _code(fault) in _MISSING:
                raise BadFile("missing", f"The bucket {self._name} has no {key}") from fault
            raise self._unavailable("read", key, fault) from fault
        except BotoCoreError as fault:
            raise self._unavailable("read", key, fault) from fault
        return size

    def copy(self, key: str, to: str) -> None:
        """Within the bucket; again: one more version. Raises BadFile(code="missing"), else BucketUnavailable."""
        try:
            source: CopySourceTypeDef = {"Bucket": self._name, "Key": key}
            self._client.copy_object(Bucket=self._name, Key=to, CopySource=source)
        except ClientError as fault:
            if _code(fault) in _MISSING:
                raise BadFile("missing", f"The bucket {self._name} has no {key}") from fault
            raise self._unavailable("copied", key, fault) from fault
        except BotoCoreError as fault:
            raise self._unavailable("copied", key, fault) from fault

    def delete(self, key: str) -> None:
        """Away with it; what is not there is away. Raises BucketUnavailable."""
        try:
            self._client.delete_object(Bucket=self._name, Key=key)
        except (ClientError, BotoCoreError) as fault:
            raise self._unavailable("deleted from", key, fault) from fault

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key that begins with *prefix*, in S3's order, a page at a time. Raises BucketUnavailable."""
        try:
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=prefix):
                yield from (one["Key"] for one in page.get("Contents", []))
        except (ClientError, BotoCoreError) as fault:
            raise self._unavailable("listed", prefix, fault) from fault

    def _unavailable(self, done: str, key: str, fault: Exception) -> BucketUnavailable:
        said = _code(fault) if isinstance(fault, ClientError) else type(fault).__name__
        return BucketUnavailable(
            f"The bucket {self._name} could not be {done} ({said}, key {key}). "
            "If this lasts: check that the bucket exists and that the function's role allows it."
        )


def _code(fault: ClientError) -> str:
    return str(fault.response.get("Error", {}).get("Code", "unknown"))
