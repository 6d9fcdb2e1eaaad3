"""Clips: cut once however many ask, taken over when whoever cut is gone. On a real PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

import pytest

from etstats.demo.demo import Demo
from etstats.domain.clip import Clip, Wanted
from etstats.errors import BadDemo, BucketUnavailable, ClipBusy
from etstats.storage.clip import Claim, claim
from etstats.storage.database import Database
from etstats.storage.demo import receive
from etstats.usecases.cut_clip import CLAIM_LIVES, TRIES, cut_clip
from tests.conftest import open_database
from tests.demo_builder import DemoBuilder
from tests.fakes import FakeBucket

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
CONTENT = DemoBuilder(tv=True).snapshot(1_000).snapshot(2_000).snapshot(3_000).snapshot(4_000).content()
KEY = "demos/7/x.tv_84"


def _sleep(seconds: float) -> None:
    threading.Event().wait(seconds)


class Counting(FakeBucket):
    """Counts how often the demo is read, for that is what cutting takes."""

    def __init__(self) -> None:
        super().__init__()
        self.objects = {KEY: CONTENT}
        self.cuts = 0
        self._lock = threading.Lock()

    def download(self, key: str, into: BinaryIO, *, at_most: int) -> int:
        with self._lock:
            self.cuts += 1
        return super().download(key, into, at_most=at_most)


@pytest.fixture
def bucket() -> Counting:
    return Counting()


@pytest.fixture
def wanted(db: Database) -> Wanted:
    number = receive(
        db, guild_id="7", sha256="0" * 64, kind="tv_84", name="x.tv_84", size=len(CONTENT), by=None, now=NOW
    )
    return Wanted(demo_id=number, demo_key=KEY, kind="tv_84", from_ms=2_000, to_ms=3_000)


def _cut(db: Database, bucket: FakeBucket, wanted: Wanted, *, now: datetime = NOW) -> Clip:
    waits: list[float] = []
    return cut_clip(db, bucket, wanted, now=lambda: now + timedelta(seconds=sum(waits)), wait=waits.append)


def test_a_clip_is_a_demo_of_its_own(db: Database, bucket: Counting, wanted: Wanted) -> None:
    clip = _cut(db, bucket, wanted)
    assert clip.content is not None
    part = Demo(clip.content)
    assert list(part.events()) is not None
    assert (part.about().first_server_time_ms, part.about().last_server_time_ms) == (2_000, 3_000)
    assert bucket.objects[wanted.key] == clip.content


def test_asked_again_it_is_there(db: Database, bucket: Counting, wanted: Wanted) -> None:
    assert _cut(db, bucket, wanted) == _cut(db, bucket, wanted)
    assert bucket.cuts == 1


def test_twenty_at_once_cost_one_cut_and_get_the_same(
    database_url: str, db: Database, bucket: Counting, wanted: Wanted
) -> None:
    def ask(_: int) -> Clip:
        own = open_database(database_url)
        try:
            return cut_clip(own, bucket, wanted, now=lambda: NOW, wait=_sleep)
        finally:
            own.close()

    with ThreadPoolExecutor(max_workers=20) as askers:
        clips = list(askers.map(ask, range(20)))
    assert len({clip.content for clip in clips}) == 1
    assert bucket.cuts == 1


def test_whoever_cut_and_is_gone_is_taken_over_from(db: Database, bucket: Counting, wanted: Wanted) -> None:
    assert claim(db, wanted, now=NOW, until=NOW + CLAIM_LIVES) is Claim.MINE  # … and is heard of no more
    assert _cut(db, bucket, wanted).content is not None
    assert bucket.cuts == 1


def test_who_waits_in_vain_is_told_so(db: Database, bucket: Counting, wanted: Wanted) -> None:
    claim(db, wanted, now=NOW, until=NOW + timedelta(hours=1))
    with pytest.raises(ClipBusy):
        _cut(db, bucket, wanted)
    assert bucket.cuts == 0
    assert TRIES > 1


def test_where_there_is_nothing_nothing_is_kept(db: Database, bucket: Counting, wanted: Wanted) -> None:
    nothing = Wanted(demo_id=wanted.demo_id, demo_key=KEY, kind="tv_84", from_ms=90_000, to_ms=95_000)
    for _ in range(2):  # the second is not kept waiting by the first
        with pytest.raises(BadDemo):
            _cut(db, bucket, nothing)
    assert db.values("select 1 from clip") == []


def test_a_bucket_that_is_away_leaves_no_claim(db: Database, bucket: Counting, wanted: Wanted) -> None:
    bucket.away = True
    with pytest.raises(BucketUnavailable):
        _cut(db, bucket, wanted)
    bucket.away = False
    assert _cut(db, bucket, wanted).content is not None


def test_what_a_message_cannot_carry_is_linked(
    db: Database, bucket: Counting, wanted: Wanted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etstats.usecases.cut_clip.CARRIED_BYTES", 10)
    clip = _cut(db, bucket, wanted)
    assert clip.content is None
    assert (clip.url or "").startswith("https://bucket.example/clips/")
