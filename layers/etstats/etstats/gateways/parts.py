"""The bucket for objects that come in parts, straight from somebody's browser, over links that we sign.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from etstats.errors import BucketUnavailable
from etstats.gateways.bucket import CONFIG

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef


class Parts:
    """Safe for several threads."""

    def __init__(self, name: str, *, client: S3Client | None = None) -> None:
        self._name = name
        self._client: S3Client = client or boto3.client("s3", config=CONFIG)

    @cached_property
    def origin(self) -> str:
        """Where a browser sends parts: scheme and host of every link."""
        address = urlsplit(self.link("x", "x", 1, size=1, lives_s=1))
        return f"{address.scheme}://{address.netloc}"

    def begin(self, key: str) -> str:
        """S3's name for a new upload. Raises BucketUnavailable."""
        with _asking("begun"):
            return self._client.create_multipart_upload(Bucket=self._name, Key=key)["UploadId"]

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
        with _asking("finished"):
            self._client.complete_multipart_upload(
                Bucket=self._name, Key=key, UploadId=multipart, MultipartUpload={"Parts": parts}
            )

    def abort(self, key: str, multipart: str) -> None:
        """Away with what there is of it; what is not there is away. Raises BucketUnavailable."""
        with _asking("given up"):
            try:
                self._client.abort_multipart_upload(Bucket=self._name, Key=key, UploadId=multipart)
            except ClientError as fault:
                if not _is_unknown(fault):
                    raise

    def _parts(self, key: str, multipart: str) -> list[tuple[int, int, str]] | None:
        """Number, size and tag; a page holds a thousand, and no demo has as many."""
        with _asking("looked at"):
            try:
                told = self._client.list_parts(Bucket=self._name, Key=key, UploadId=multipart)
            except ClientError as fault:
                if not _is_unknown(fault):
                    raise
                return None
        return [(part["PartNumber"], part["Size"], part["ETag"]) for part in told.get("Parts", [])]


def _is_unknown(fault: ClientError) -> bool:
    return fault.response.get("Error", {}).get("Code") in ("NoSuchUpload", "404")


@contextmanager
def _asking(done: str) -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as fault:
        said = fault.response.get("Error", {}).get("Code") if isinstance(fault, ClientError) else type(fault).__name__
        raise BucketUnavailable(
            f"An upload could not be {done} ({said}). If this lasts: check the function's role."
        ) from fault
