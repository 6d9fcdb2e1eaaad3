"""A demo from its upload to its rows: once, whatever happens twice, breaks off or is damaged. On a real PostgreSQL."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from etstats.domain.demo import State
from etstats.errors import BadFile, BucketUnavailable
from etstats.storage.database import Database
from etstats.storage.demo import find_demo
from etstats.usecases.analyse_demo import CLAIM_LIVES, analyse_demo, receive
from tests import corpus
from tests.demo_builder import TRIPLE
from tests.fakes import FakeBucket

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
GUILD = "7"
UPLOAD = f"uploads/{GUILD}/42/ticket/evening.tv_84"


def _key(content: bytes) -> str:
    return f"demos/{GUILD}/{sha256(content).hexdigest()}.tv_84"


def _analyse(
    db: Database, bucket: FakeBucket, key: str, *, now: datetime = NOW, short: Callable[[], bool] = lambda: False
) -> str | None:
    return analyse_demo(db, bucket, key, now=lambda: now, time_is_short=short)


@pytest.fixture
def bucket() -> FakeBucket:
    made = FakeBucket()
    made.objects = {UPLOAD: TRIPLE, _key(TRIPLE): TRIPLE}
    return made


def _states(db: Database) -> list[tuple[str, str | None]]:
    return [tuple(row) for row in db.values("select array[state, reason] from demo order by demo_id")]


def test_an_upload_becomes_the_guilds_demo_of_those_bytes(db: Database, bucket: FakeBucket) -> None:
    received = receive(db, bucket, UPLOAD, now=NOW)
    assert received.key == _key(TRIPLE)
    assert UPLOAD not in bucket.objects
    demo = find_demo(db, received.demo_id, guild_id=GUILD)
    assert demo is not None
    assert (demo.key, demo.name, demo.uploaded_by, demo.state) == (
        received.key, "evening.tv_84", "42", State.RECEIVED.value,
    )  # fmt: skip
    assert find_demo(db, received.demo_id, guild_id="8") is None


def test_the_same_bytes_are_the_same_demo(db: Database, bucket: FakeBucket) -> None:
    first = receive(db, bucket, UPLOAD, now=NOW)
    bucket.objects[UPLOAD.replace("ticket", "other")] = TRIPLE
    assert receive(db, bucket, UPLOAD.replace("ticket", "other"), now=NOW) == first


@pytest.mark.parametrize("key", ["uploads/7/42/x.tv_84", "uploads/7/42/t/x.exe", "uploads/../t/x.tv_84", "stats/x"])
def test_what_is_no_upload_is_refused(db: Database, bucket: FakeBucket, key: str) -> None:
    with pytest.raises(BadFile):
        receive(db, bucket, key, now=NOW)
    assert _states(db) == []


def test_its_highlights_and_figures_are_kept(db: Database, bucket: FakeBucket) -> None:
    assert _analyse(db, bucket, _key(TRIPLE)) == "ready"
    (best, *_) = db.values("select to_jsonb(highlight) from highlight order by position")
    assert (best["kind"], best["name"], len(best["moments"])) == ("multi_kill", "vid", 3)
    assert best["from_ms"] == 10_000 - 4_000
    kills = db.values("select array[client, kills, deaths] from demo_player order by client")
    assert kills == [[0, 3, 0], [1, 0, 3], [2, 0, 0]]
    assert db.values("select value from performance where measure = 'multi_kill'") == [3.0]
    assert db.values("select array[attacker, victim, kills] from demo_duel") == [[0, 1, 3]]


def test_a_demo_delivered_twice_is_analysed_once(db: Database, bucket: FakeBucket) -> None:
    assert [_analyse(db, bucket, _key(TRIPLE)) for _ in range(2)] == ["ready", None]


def test_while_somebody_is_at_it_nobody_else_begins_until_he_is_given_up(db: Database, bucket: FakeBucket) -> None:
    ended: list[str | None] = []

    def short() -> bool:
        if not ended:
            ended.append("begun")
            ended.append(_analyse(db, bucket, _key(TRIPLE)))
        return False

    assert _analyse(db, bucket, _key(TRIPLE), short=short) == "ready"
    assert ended == ["begun", None]
    db.run("update demo set state = 'analysing', claimed_until = :until", until=NOW + CLAIM_LIVES)
    assert _analyse(db, bucket, _key(TRIPLE)) is None
    assert _analyse(db, bucket, _key(TRIPLE), now=NOW + CLAIM_LIVES + timedelta(seconds=1)) == "ready"


def test_what_takes_too_long_is_a_result_and_no_retry(db: Database, bucket: FakeBucket) -> None:
    assert _analyse(db, bucket, _key(TRIPLE), short=lambda: True) == "failed"
    ((state, reason),) = _states(db)
    assert (state, "takes longer" in (reason or "")) == ("failed", True)
    assert _analyse(db, bucket, _key(TRIPLE)) is None


@pytest.mark.parametrize("content", [b"", b"x", b"\0" * 4_096, b"PK\3\4" * 99], ids=["nothing", "byte", "zeros", "zip"])
def test_what_is_no_demo_ends_with_the_reason(db: Database, bucket: FakeBucket, content: bytes) -> None:
    bucket.objects[_key(content)] = content
    assert _analyse(db, bucket, _key(content)) == "failed"
    ((state, reason),) = _states(db)
    assert state == "failed"
    assert reason


def test_a_torn_demo_gives_what_there_is(db: Database, bucket: FakeBucket) -> None:
    torn = TRIPLE[:-30]
    bucket.objects[_key(torn)] = torn
    assert _analyse(db, bucket, _key(torn)) == "ready"
    assert db.values("select truncated from demo") == [True]


def test_bytes_that_are_not_those_of_the_key_are_refused(db: Database, bucket: FakeBucket) -> None:
    bucket.objects[_key(b"other")] = TRIPLE
    assert _analyse(db, bucket, _key(b"other")) == "failed"


def test_a_bucket_that_is_away_is_tried_again(db: Database, bucket: FakeBucket) -> None:
    bucket.away = True
    with pytest.raises(BucketUnavailable):
        _analyse(db, bucket, _key(TRIPLE))
    bucket.away = False
    assert _analyse(db, bucket, _key(TRIPLE)) == "ready"


@corpus.needs_corpus
@pytest.mark.parametrize("path", sorted((corpus.FOLDER / "demos").glob("*_84")), ids=lambda path: path.name)
def test_real_demos_keep_every_kill_that_was_an_enemys(db: Database, bucket: FakeBucket, path: Path) -> None:
    content = path.read_bytes()
    key = f"demos/{GUILD}/{sha256(content).hexdigest()}{path.suffix}"
    bucket.objects[key] = content
    assert _analyse(db, bucket, key) == "ready"
    told = json.loads(path.with_name(path.name + ".json").read_text())["obituaries"] or []
    enemies = Counter((one["attacker"], one["target"]) for one in told if one["attackerTeam"] != one["targetTeam"])
    assert {(a, v): n for a, v, n in db.values("select array[attacker, victim, kills] from demo_duel")} == enemies
