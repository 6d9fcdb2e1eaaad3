"""The way in for files: S3's notifications out of a queue, one bad record never holding up the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from types import SimpleNamespace
from typing import Any

import pytest

from etstats import wiring
from etstats.errors import BadFile, BucketUnavailable, Unavailable
from etstats.storage.database import Database
from etstats.usecases.store_round import store as store_file
from functions.ingest import store
from tests.game_files import EVENING, a_gametime, a_match, a_name, an_endstats

MATCH = dict(a_match())
NOW = EVENING.replace(tzinfo=UTC)


class Bucket:
    """Files by key."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.away: set[str] = set()

    def get(self, key: str) -> bytes:
        if key in self.away:
            raise BucketUnavailable("the bucket is away")
        if key not in self.files:
            raise BadFile("missing", "gone")
        return self.files[key]


class HandOver:
    def __init__(self) -> None:
        self.sent = 0
        self.away = False

    def send(self, body: dict[str, object]) -> None:
        if self.away:
            raise Unavailable("the queue is away")
        self.sent += 1


@pytest.fixture
def world(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    bucket = Bucket({f"stats/eu1/{name}": content for name, content in MATCH.items()})
    nudges = HandOver()
    monkeypatch.setattr(wiring, "database", lambda *_: db)
    monkeypatch.setattr(wiring, "bucket", lambda: bucket)
    monkeypatch.setattr(wiring, "announce_hand_over", lambda: nudges)
    monkeypatch.setattr(wiring, "settings", lambda *need: SimpleNamespace(round_channel_id="77", game_servers=()))
    return SimpleNamespace(db=db, bucket=bucket, nudges=nudges)


def record(*keys: str, event: str = "ObjectCreated:Put", number: int = 1) -> dict[str, Any]:
    told = {"Records": [{"eventName": event, "s3": {"bucket": {"name": "b"}, "object": {"key": key}}} for key in keys]}
    return {"messageId": f"m{number}", "eventSource": "aws:sqs", "body": json.dumps(told)}


def invoke(*records: dict[str, Any]) -> list[str]:
    """The messages that stay in the queue."""
    answer = store.handler({"Records": list(records)}, SimpleNamespace())  # type: ignore[arg-type]
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_files_that_landed_are_stored(world: SimpleNamespace) -> None:
    one, two = world.bucket.files
    assert invoke(record(one), record(two, number=2)) == []
    assert world.db.values("select maps from session") == [1]


@pytest.mark.parametrize("event", ["ObjectCreated:Put", "ObjectCreated:CompleteMultipartUpload", "ObjectCreated:Copy"])
def test_every_way_of_creating_an_object_counts(world: SimpleNamespace, event: str) -> None:
    assert invoke(record(next(iter(world.bucket.files)), event=event)) == []
    assert world.db.values("select count(*) from round") == [1]


def test_the_test_event_and_removals_are_no_files(world: SimpleNamespace) -> None:
    test_event = {"messageId": "m1", "eventSource": "aws:sqs", "body": json.dumps({"Event": "s3:TestEvent"})}
    assert invoke(test_event, record("stats/eu1/x.txt", event="ObjectRemoved:Delete")) == []
    assert world.db.values("select count(*) from stats_file") == [0]


def test_keys_are_decoded_as_s3_encodes_them(world: SimpleNamespace) -> None:
    name = a_name(map="map with+signs")
    world.bucket.files[f"stats/eu1/{name}"] = b""
    assert invoke(record(f"stats/eu1/{name.replace('+', '%2B').replace(' ', '+')}")) == []
    assert world.db.values("select name from stats_file") == [name]


def test_one_record_that_fails_now_leaves_the_others_done(world: SimpleNamespace) -> None:
    one, two = world.bucket.files
    world.bucket.away.add(one)
    assert invoke(record(one), record(two, number=2)) == ["m1"]
    assert world.db.values("select role from round") == ["r2_without_r1"]
    world.bucket.away.clear()
    assert invoke(record(one)) == []
    assert world.db.values("select maps from session") == [1]


def test_companions_are_stored_with_their_round(world: SimpleNamespace) -> None:
    gametime, content = a_gametime()
    endstats = a_name().replace(".txt", "-endstats.txt")
    world.bucket.files[f"stats/eu1/{gametime}"] = content
    world.bucket.files[f"stats/eu1/{endstats}"] = an_endstats([("Most deaths", "AAAA0001", "9")])
    assert invoke(*(record(key, number=at) for at, key in enumerate(world.bucket.files))) == []
    assert world.db.values("select count(*) from round_trust where endstats_id is not null") == [1]
    assert world.db.values("select count(*) from round_trust where gametime_id is not null") == [1]


def test_what_can_never_be_stored_leaves_the_queue(world: SimpleNamespace) -> None:
    assert invoke(record("elsewhere/file.txt"), record("stats/eu1/gone.txt", number=2)) == []


def test_posts_are_nudged_and_wait_when_the_queue_is_away(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "datetime", SimpleNamespace(now=lambda zone: EVENING.replace(tzinfo=zone)))
    one, two = world.bucket.files
    invoke(record(one))
    assert world.nudges.sent == 1
    world.nudges.away = True
    assert invoke(record(two)) == []
    assert world.db.values("select count(*) from outbox") == [2]


def test_a_version_read_before_a_newer_one_was_stored_does_not_stay(world: SimpleNamespace) -> None:
    """Two workers: one has read the torn file and goes on only after the other has stored the whole one."""
    [(name, whole), *_] = MATCH.items()
    key, torn = f"stats/eu1/{name}", whole[:-40]
    reads = iter([torn])

    def get(wanted: str) -> bytes:
        if (old := next(reads, None)) is not None:
            store_file(world.db, server="eu1", name=name, content=whole, channel_id="77", now=NOW)
            return old
        return whole

    world.bucket.get = get
    assert invoke(record(key)) == []
    assert world.db.values("select content from stats_file") == [whole]
    assert world.db.values("select distinct fault from player_round") == [None]
