"""The bucket for objects that come in parts, straight from somebody's browser, over links that we sign.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from etstats.errors import BucketUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

# A browser signs nothing and sums nothing up: the link says it all. Signature 4 holds a part to its size, and names the
# region's own address, for a redirect would lose a page's leave to send.
_CONFIG = Config(
    signature_version="s3v4",
    request_checksum_calculation="when_required",
    s3={"addressing_style": "virtual"},
    connect_timeout=2,
    read_timeout=4,
    retries={"mode": "standard", "total_max_attempts": 2},
)


class Parts:
    """Safe for several threads."""

    def __init__(self, name: str, *, client: S3Client | None = None) -> None:
        self._name = name
        self._client: S3Client = client or boto3.client("s3", config=_CONFIG)

    @cached_property
    def origin(self) -> str:
        """Where a browser sends parts: scheme and host of every link."""
        address = urlsplit(self.link("x", "x", 1, size=1, lives_s=1))
        return f"{address.scheme}://{address.netloc}"

    def begin(self, key: str) -> str:
        """S3's name for a new upload. Raises BucketUnavailable."""
        try:
            return self._client.create_multipart_upload(Bucket=self._name, Key=key)["UploadId"]
        except (ClientError, BotoCoreError) as fault:
            raise _unavailable("begun", fault) from fault

    def sizes(self, key: str, multipart: str) -> dict[int, int] | None:
        """The parts that are there, sizes by numbers; None: S3 knows no such upload, or not any more. Raises
        BucketUnavailable."""
        found = self._parts(key, multipart)
        return None if found is None else {number: size for number, size, _ in found}

    def link(self, key: str, multipart: str, number: int, *, size: int, lives_s: int) -> str:
        """An address that takes one part of just *size* bytes, for so long."""
        place = {"Bucket": self._name, "Key": key, "UploadId": multipart, "PartNumber": number, "ContentLength": size}
        return str(self._client.generate_presigned_url("upload_part", Params=place, ExpiresIn=lives_s))

    def finish(self, key: str, multipart: str) -> None:
        """One object of all parts that are there. Raises BucketUnavailable."""
        parts: list[CompletedPartTypeDef] = [
            {"PartNumber": number, "ETag": etag} for number, _, etag in self._parts(key, multipart) or []
        ]
        try:
            self._client.complete_multipart_upload(
                Bucket=self._name, Key=key, UploadId=multipart, MultipartUpload={"Parts": parts}
            )
        except (ClientError, BotoCoreError) as fault:
            raise _unavailable("finished", fault) from fault

    def abort(self, key: str, multipart: str) -> None:
        """Away with what there is of it; what is not there is away. Raises BucketUnavailable."""
        try:
            self._client.abort_multipart_upload(Bucket=self._name, Key=key, UploadId=multipart)
        except ClientError as fault:
            if not _is_unknown(fault):
                raise _unavailable("given up", fault) from fault
        except BotoCoreError as fault:
            raise _unavailable("given up", fault) from fault

    def _parts(self, key: str, multipart: str) -> list[tuple[int, int, str]] | None:
        """Number, size and tag; a page holds a thousand, and no demo has as many."""
        try:
            told = self._client.list_parts(Bucket=self._name, Key=key, UploadId=multipart)
        except ClientError as fault:
            if _is_unknown(fault):
                return None
            raise _unavailable("looked at", fault) from fault
        except BotoCoreError as fault:
            raise _unavailable("looked at", fault) from fault
        return [(part["PartNumber"], part["Size"], part["ETag"]) for part in told.get("Parts", [])]


def _is_unknown(fault: ClientError) -> bool:
    return fault.response.get("Error", {}).get("Code") in ("NoSuchUpload", "404")


def _unavailable(done: str, fault: Exception) -> BucketUnavailable:
    said = fault.response.get("Error", {}).get("Code") if isinstance(fault, ClientError) else type(fault).__name__
    return BucketUnavailable(f"An upload could not be {done} ({said}). If this lasts: check the function's role.")
