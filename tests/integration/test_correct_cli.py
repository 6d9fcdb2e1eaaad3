"""`etstats correct`, `corrections` and `rebuild`: what an operator types and reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, timedelta

import pytest

from etstats import cli, wiring
from etstats.storage.database import Database
from etstats.storage.rebuild import shadow_of
from etstats.usecases.store_round import store
from tests.conftest import open_database
from tests.fakes import FakeBucket
from tests.game_files import EVENING, a_match

NOW = EVENING.replace(tzinfo=UTC) + timedelta(minutes=15)
FILES = [*a_match(minute=0), *a_match(minute=25, map="adler")]
FIRST = FILES[0][0]
Run = Callable[..., str]


@pytest.fixture
def bucket(db: Database) -> FakeBucket:
    bucket = FakeBucket()
    for name, content in FILES:
        bucket.put(f"stats/eu1/{name}", content)
        store(db, server="eu1", name=name, content=content, channel_id="", now=NOW)
    return bucket


@pytest.fixture
def run(
    db: Database,
    database_url: str,
    bucket: FakeBucket,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """Runs a command line and gives back what it printed; stderr where it failed."""
    opened: list[Database] = []

    def database(schema: str = "") -> Database:
        opened.append(open_database(database_url, schema=schema))
        return opened[-1]

    monkeypatch.setattr(wiring, "job_database", database)
    monkeypatch.setattr(wiring, "shadow_database", lambda community: database(shadow_of(database(community))))
    monkeypatch.setattr(wiring, "bucket", lambda: bucket)

    def run(*arguments: str) -> str:
        failed = cli.main(arguments)
        told = capsys.readouterr()
        return f"failed: {told.err}" if failed else told.out

    yield run
    for one in opened:
        one.close()


def test_a_round_is_voided_by_its_name_listed_and_taken_back(run: Run, db: Database) -> None:
    assert run("correct", "void", FIRST, "--reason", "wrong config", "--by", "ann") == (
        "correction 1 made; gaming sessions computed again: 1\n"
    )
    assert db.values("select counted_rounds from session") == [3]
    assert f"void eu1/{FIRST}: wrong config (ann, " in run("corrections")
    assert "already" in run("correct", "void", f"eu1/{FIRST}", "--reason", "wrong config")
    assert run("correct", "withdraw", "1", "--by", "ben") == (
        "correction 1 withdrawn; gaming sessions computed again: 1\n"
    )
    assert db.values("select counted_rounds from session") == [4]
    assert run("corrections") == "no corrections\n"
    assert "withdrawn (ben, " in run("corrections", "--all")


def test_every_kind_can_be_made(run: Run, db: Database) -> None:
    assert "made" in run("correct", "teams", FILES[3][0], "Blues", "Reds", "--reason", "cup")
    assert db.values("select array[team_a, team_b] from session") == [["Blues", "Reds"]]
    guest = ("correct", "attribute", "aaaa0001", "DDDD0001", "--reason", "guest")
    assert "made" in run(*guest, "--from", "2026-03-06T21:00", "--until", "2026-03-06T21:05")
    assert "made" in run(*guest, "--from", "2026-03-06T21:30")
    assert "both took part" in run("correct", "merge", "AAAA0001", "AAAA0002", "--reason", "same")
    listed = run("corrections")
    assert "AAAA0001 is DDDD0001 from 2026-03-06 21:00 until 2026-03-06 21:05: guest" in listed
    assert f"teams of eu1/{FIRST}: Blues attack, Reds defend: cup" in listed


def test_a_fault_is_a_sentence(run: Run, db: Database) -> None:
    assert run("correct", "void", "nothing.txt", "--reason", "x") == (
        "failed: etstats: No game server has a round in a file nothing.txt. Check the name.\n"
    )
    for name, content in FILES:
        store(db, server="us1", name=name, content=content, channel_id="", now=NOW)
    assert f"of eu1 and of us1. Say SERVER/{FIRST}." in run("correct", "void", FIRST, "--reason", "x")


def test_a_rebuild_tells_what_it_would_change_and_changes_it_when_told_to(run: Run, db: Database) -> None:
    assert "No difference" in run("rebuild")
    db.run(
        """insert into correction (kind, server, file, made_by, reason, made_at)
           values ('void_round', 'eu1', :file, 'ann', 'wrong config', now())""",
        file=FILES[3][0],
    )
    told = run("rebuild")
    assert told.splitlines()[0] == "4 files computed again, 1 correction in force."
    assert "  2026-03-06 21:35 adler round 2: counts → does not count (voided: wrong config)\n" in told
    assert "  2026-03-06 21:25 adler (won by A): vanishes\n" in told
    assert "  2026-03-06 21:00 on eu1: score 4:0 → 2:0, maps 2 → 1, counted_rounds 4 → 3\n" in told
    assert "  AAAA0001 (AAAA0001): rounds 4 → 3, " in told and "other figures" in told
    assert "Nothing was changed. Run again with --apply" in told
    assert db.values("select counted_rounds from session") == [4]
    assert "other figures" not in run("rebuild", "--full")
    assert "Done" in run("rebuild", "--apply", "--since", "2026-03-06")
    assert db.values("select counted_rounds from session") == [3]
    assert "No difference" in run("rebuild")


def test_a_bucket_that_does_not_answer_ends_a_rebuild_with_a_sentence(
    run: Run, db: Database, bucket: FakeBucket
) -> None:
    bucket.away = True
    assert "failed: etstats: away\n" in run("rebuild")
    assert db.values("select count(*) from pg_namespace where nspname = 'etstats_shadow'") == [0]
