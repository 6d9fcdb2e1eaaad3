"""An upload from its ticket to the demo that comes of it, whatever breaks off. On a real PostgreSQL and moto's S3."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import boto3
import pytest
from moto.server import ThreadedMotoServer

from etstats.domain.upload import MOST_A_DAY, PART_BYTES, File, Ticket
from etstats.errors import BadFile, BucketUnavailable, Refusal
from etstats.gateways.bucket import CONFIG, Bucket
from etstats.gateways.parts import Parts
from etstats.storage.database import Database
from etstats.usecases.analyse_demo import receive
from etstats.usecases.upload import Begun, begin, come_of, finish, part_link

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NAME = "test-uploads"
NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
TICKET = Ticket(guild_id="7", user_id="42", number="1300", until_s=2_000_000_000)
CONTENT = bytes(range(256)) * (PART_BYTES // 256) + b"the rest"
FILE = File(name="an evening.tv_84", size=len(CONTENT), mark="ab" * 32)


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Client]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "s3", endpoint_url=f"http://{host}:{port}", config=CONFIG, aws_access_key_id="test",
        aws_secret_access_key="test", region_name="us-east-1",
    )  # fmt: skip
    client.create_bucket(Bucket=NAME)
    yield client
    client.close()
    server.stop()


@pytest.fixture
def parts(s3: S3Client) -> Parts:
    return Parts(NAME, client=s3)


def _send(db: Database, parts: Parts, number: int, file: File = FILE) -> None:
    """As the page does: to the link that the part was given."""
    link = part_link(db, parts, TICKET, file, number)
    body = CONTENT[(number - 1) * PART_BYTES : number * PART_BYTES]
    with urlopen(Request(link, body, {"Content-Type": ""}, method="PUT")) as answer:
        assert answer.status == 200


def test_what_broke_off_goes_on_and_becomes_the_uploaders_demo(db: Database, parts: Parts, s3: S3Client) -> None:
    assert begin(db, parts, TICKET, FILE, now=NOW) == Begun()
    _send(db, parts, 2)
    with pytest.raises(Refusal) as refused:
        finish(db, parts, TICKET, FILE)
    assert refused.value.key == "upload.error_incomplete"
    assert begin(db, parts, TICKET, FILE, now=NOW) == Begun(there=(2,))
    _send(db, parts, 1)
    for _ in range(2):
        finish(db, parts, TICKET, FILE)
    assert begin(db, parts, TICKET, FILE, now=NOW) == Begun(finished=True)
    key = TICKET.key(FILE.name)
    assert s3.get_object(Bucket=NAME, Key=key)["Body"].read() == CONTENT
    assert come_of(db, TICKET, FILE.name).state is None
    receive(db, Bucket(NAME, client=s3), key, now=NOW)
    assert come_of(db, TICKET, FILE.name).state == "received"
    assert db.values("select array[name, uploaded_by] from demo") == [[FILE.name, "42"]]


def test_another_file_of_that_name_begins_anew(db: Database, parts: Parts) -> None:
    begin(db, parts, TICKET, FILE, now=NOW)
    _send(db, parts, 1)
    other = File(name=FILE.name, size=FILE.size, mark="cd" * 32)
    assert begin(db, parts, TICKET, other, now=NOW) == Begun()
    with pytest.raises(Refusal) as refused:
        part_link(db, parts, TICKET, FILE, 1)
    assert refused.value.key == "upload.error_gone"


def test_parts_that_were_thrown_away_are_sent_again(db: Database, parts: Parts) -> None:
    begin(db, parts, TICKET, FILE, now=NOW)
    (multipart,) = db.values("select multipart from upload")
    parts.abort(TICKET.key(FILE.name), multipart)
    parts.abort(TICKET.key(FILE.name), multipart)
    with pytest.raises(Refusal):
        finish(db, parts, TICKET, FILE)
    assert begin(db, parts, TICKET, FILE, now=NOW) == Begun()
    _send(db, parts, 1)


def test_nobody_begins_more_than_enough_in_a_day(db: Database, parts: Parts) -> None:
    files = [File(name=f"{number}.tv_84", size=1, mark="ab" * 32) for number in range(MOST_A_DAY + 1)]
    for file in files[:-1]:
        begin(db, parts, TICKET, file, now=NOW)
    with pytest.raises(Refusal) as refused:
        begin(db, parts, TICKET, files[-1], now=NOW)
    assert refused.value.key == "upload.error_enough"
    assert begin(db, parts, TICKET, files[0], now=NOW) == Begun()
    assert begin(db, parts, TICKET, files[-1], now=NOW + timedelta(days=8)) == Begun()
    assert db.values("select count(*) from upload") == [1]


def test_what_turns_out_too_large_is_told(db: Database, parts: Parts, s3: S3Client) -> None:
    class Tight(Bucket):
        def download(self, *_: object, **__: object) -> int:
            raise BadFile("too_large", "It has 300 bytes; 200 are allowed")

    begin(db, parts, TICKET, FILE, now=NOW)
    with pytest.raises(BadFile):
        receive(db, Tight(NAME, client=s3), TICKET.key(FILE.name), now=NOW)
    assert come_of(db, TICKET, FILE.name).refused == "It has 300 bytes; 200 are allowed"


def test_nobody_asks_for_a_part_that_is_none_nor_for_what_was_never_begun(db: Database, parts: Parts) -> None:
    with pytest.raises(Refusal):
        come_of(db, TICKET, FILE.name)
    begin(db, parts, TICKET, FILE, now=NOW)
    for number in (0, -1, 3):
        with pytest.raises(Refusal):
            part_link(db, parts, TICKET, FILE, number)


def test_a_link_takes_one_part_of_just_its_size_at_the_regions_own_address() -> None:
    client = boto3.client(
        "s3", config=CONFIG, aws_access_key_id="a", aws_secret_access_key="b", region_name="eu-central-1"
    )
    link = urlsplit(Parts("a-bucket", client=client).link("uploads/7/x", "m", 3, size=99, lives_s=900))
    told = parse_qs(link.query)
    assert link.netloc == "a-bucket.s3.eu-central-1.amazonaws.com"
    assert "content-length" in told["X-Amz-SignedHeaders"][0].split(";")
    assert (told["partNumber"], told["X-Amz-Expires"]) == (["3"], ["900"])
    assert not [name for name in told if "checksum" in name.lower()]
    client.close()


def test_a_bucket_that_is_not_there_is_unavailable(s3: S3Client) -> None:
    nowhere = Parts("no-such-bucket", client=s3)
    for work in (lambda: nowhere.begin("x"), lambda: nowhere.sizes("x", "m"), lambda: nowhere.finish("x", "m")):
        with pytest.raises(BucketUnavailable, match="NoSuchBucket"):
            work()
