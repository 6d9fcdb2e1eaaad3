"""A demo from its upload to its rows: once, whatever happens twice, breaks off or is damaged. On a real PostgreSQL."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import pytest

from etstats.domain.demo import MAX_BYTES, State
from etstats.errors import BadFile, BucketUnavailable
from etstats.greatshot import analysis
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


@pytest.mark.parametrize("length", [0x7FFFFFFF, 0x80000000, 16_385 * 4])
def test_a_few_bytes_that_claim_to_be_many_are_taken_at_their_own_size(
    db: Database, bucket: FakeBucket, length: int
) -> None:
    claim = (1).to_bytes(4, "little") + length.to_bytes(4, "little")
    bucket.objects |= {_key(claim): claim, _key(TRIPLE[:-8] + claim): TRIPLE[:-8] + claim}
    assert _analyse(db, bucket, _key(claim)) == "failed"
    assert _analyse(db, bucket, _key(TRIPLE[:-8] + claim)) == "ready"
    assert db.values("select truncated from demo where state = 'ready'") == [True]


def test_more_than_a_match_can_hold_is_a_result(
    db: Database, bucket: FakeBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "_MOST", 2)
    assert _analyse(db, bucket, _key(TRIPLE)) == "failed"
    ((_, reason),) = _states(db)
    assert "more in it than a match can hold" in (reason or "")


class _Vast(FakeBucket):
    """Everything in it ends with so many zeros that it has the most bytes a demo may have."""

    def download(self, key: str, into: BinaryIO, *, at_most: int) -> int:
        super().download(key, into, at_most=at_most)
        into.truncate(MAX_BYTES)
        return MAX_BYTES


def test_200_megabytes_of_which_a_round_is_a_demo_are_read_within_bounds(db: Database) -> None:
    zeros = MAX_BYTES - len(TRIPLE)
    whole = sha256(TRIPLE)
    while zeros:
        piece = min(zeros, 1 << 20)
        whole.update(bytes(piece))
        zeros -= piece
    key = f"demos/{GUILD}/{whole.hexdigest()}.tv_84"
    bucket = _Vast()
    bucket.objects[key] = TRIPLE
    assert _analyse(db, bucket, key) == "ready"
    assert db.values("select array[size, cast(truncated as integer)] from demo") == [[MAX_BYTES, 0]]


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
