"""The bucket's contract, kept by S3 (moto on loopback) and by the fake that stands in for it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from hashlib import sha256
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from etstats.errors import BadFile, BucketUnavailable
from etstats.gateways.bucket import Bucket
from tests.fakes import FakeBucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NAME = "test-files"
KEYS = [
    "stats/alpha/2025-10-02-211808-etl_adlernest-round-1.txt",
    "stats/alpha/gamestats\\2025-10-02-211808-supply-round-2.txt",
    "stats/alpha/2025-10-02-211808-map with spaces & +plus%20ü-round-1.txt",
]


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Client]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    client = _client(f"http://{host}:{port}")
    client.create_bucket(Bucket=NAME)
    client.put_bucket_versioning(Bucket=NAME, VersioningConfiguration={"Status": "Enabled"})
    yield client
    client.close()
    server.stop()


def _client(url: str, *, timeout_s: float = 10) -> S3Client:
    return boto3.client(
        "s3",
        endpoint_url=url,
        config=Config(connect_timeout=timeout_s, read_timeout=timeout_s, retries={"total_max_attempts": 1}),
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
    )


@pytest.fixture(params=["s3", "fake"])
def bucket(request: pytest.FixtureRequest, s3: S3Client) -> Bucket | FakeBucket:
    return Bucket(NAME, client=s3) if request.param == "s3" else FakeBucket()


@pytest.mark.parametrize("key", KEYS)
def test_what_was_put_comes_back_byte_for_byte(bucket: Bucket | FakeBucket, key: str) -> None:
    content = bytes(range(256)) * 20
    bucket.put(key, content)
    assert bucket.get(key) == content


def test_an_empty_file_is_kept_too(bucket: Bucket | FakeBucket) -> None:
    bucket.put(KEYS[0], b"")
    assert bucket.get(KEYS[0]) == b""


def test_putting_the_same_bytes_twice_is_harmless(bucket: Bucket | FakeBucket) -> None:
    bucket.put(KEYS[0], b"same")
    bucket.put(KEYS[0], b"same")
    assert bucket.get(KEYS[0]) == b"same"


def test_other_bytes_replace_the_first(bucket: Bucket | FakeBucket) -> None:
    bucket.put(KEYS[0], b"first")
    bucket.put(KEYS[0], b"second")
    assert bucket.get(KEYS[0]) == b"second"


def test_what_was_never_put_is_missing(bucket: Bucket | FakeBucket) -> None:
    with pytest.raises(BadFile) as refused:
        bucket.get("stats/alpha/nothing.txt")
    assert refused.value.code == "missing"


def test_a_large_file_comes_piece_by_piece_and_no_larger_one_than_asked_for(bucket: Bucket | FakeBucket) -> None:
    content = bytes(range(256)) * 10_000
    bucket.put("demos/7/large", content)
    with TemporaryFile() as file:
        assert bucket.download("demos/7/large", file, at_most=len(content)) == len(content)
        file.seek(0)
        assert file.read() == content
        for key, at_most, code in (("demos/7/large", len(content) - 1, "too_large"), ("demos/7/none", 9, "missing")):
            with pytest.raises(BadFile) as refused:
                bucket.download(key, file, at_most=at_most)
            assert refused.value.code == code


def test_a_file_is_put_whole_wherever_it_was_read_to(bucket: Bucket | FakeBucket) -> None:
    content = bytes(range(256)) * 10_000
    with TemporaryFile() as file:
        file.write(content)
        bucket.put_file("demos/7/file", file, sha256=sha256(content).hexdigest())
    assert bucket.get("demos/7/file") == content


def test_a_copy_is_the_same_and_what_is_deleted_is_away(bucket: Bucket | FakeBucket) -> None:
    bucket.put("uploads/7/a b+c", b"demo")
    bucket.copy("uploads/7/a b+c", "demos/7/x")
    bucket.delete("uploads/7/a b+c")
    bucket.delete("uploads/7/a b+c")
    assert bucket.get("demos/7/x") == b"demo"
    for gone in (lambda: bucket.get("uploads/7/a b+c"), lambda: bucket.copy("uploads/7/a b+c", "demos/7/y")):
        with pytest.raises(BadFile) as refused:
            gone()
        assert refused.value.code == "missing"


def test_every_key_below_a_prefix_is_listed_in_order(bucket: Bucket | FakeBucket) -> None:
    for key in (*KEYS, "stats/beta/x.txt", "demos/x.dm_84"):
        bucket.put(key, b"x")
    assert list(bucket.keys("stats/beta/")) == ["stats/beta/x.txt"]
    found = list(bucket.keys("stats/"))
    assert found == sorted(found)
    assert set(KEYS) < set(found) and "demos/x.dm_84" not in found
    assert list(bucket.keys("clips/")) == []


def test_more_keys_than_one_page_holds_are_listed(s3: S3Client) -> None:
    bucket = Bucket(NAME, client=s3)
    for number in range(1005):
        s3.put_object(Bucket=NAME, Key=f"many/{number:04}", Body=b"")
    assert list(bucket.keys("many/")) == [f"many/{number:04}" for number in range(1005)]


def test_every_version_is_kept(s3: S3Client) -> None:
    bucket = Bucket(NAME, client=s3)
    bucket.put("stats/alpha/versions.txt", b"first")
    bucket.put("stats/alpha/versions.txt", b"second")
    versions = s3.list_object_versions(Bucket=NAME, Prefix="stats/alpha/versions.txt")["Versions"]
    assert sorted(version["Size"] for version in versions) == [5, 6]


def test_a_bucket_that_does_not_exist_is_unavailable_and_says_which(s3: S3Client) -> None:
    with pytest.raises(BucketUnavailable, match=r"no-such-bucket .*NoSuchBucket"):
        Bucket("no-such-bucket", client=s3).put("stats/alpha/x.txt", b"")
    with pytest.raises(BucketUnavailable, match="no-such-bucket"):
        Bucket("no-such-bucket", client=s3).get("stats/alpha/x.txt")
    with pytest.raises(BucketUnavailable, match=r"no-such-bucket could not be listed"):
        list(Bucket("no-such-bucket", client=s3).keys("stats/"))


def test_an_s3_that_does_not_answer_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_again:
        port = closed_again.getsockname()[1]
    client = _client(f"http://127.0.0.1:{port}")
    with pytest.raises(BucketUnavailable, match="EndpointConnectionError"):
        Bucket(NAME, client=client).put("stats/alpha/x.txt", b"")
    client.close()


def test_an_s3_that_accepts_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = _client(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_s=0.3)
        with pytest.raises(BucketUnavailable, match="ReadTimeoutError"):
            Bucket(NAME, client=client).get("stats/alpha/x.txt")
        client.close()
