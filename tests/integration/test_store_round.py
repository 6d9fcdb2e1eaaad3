"""Storing on a real PostgreSQL: once, whatever comes twice, late, changed, torn or at the same time."""

from __future__ import annotations

import itertools
import json
import random
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from etstats.errors import DatabaseUnavailable
from etstats.storage.archive import receipts_document, sessions_document
from etstats.storage.database import Database
from etstats.storage.rebuild import DERIVED
from etstats.usecases.store_round import Fate, Stored, store
from tests.conftest import open_database
from tests.content import forget
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name

NOW = EVENING.replace(tzinfo=UTC) + timedelta(minutes=15)
EVENINGS = [*a_match(minute=0), *a_match(minute=25, map="adler"), *a_match(minute=120), *a_match(minute=185)]


def deliver(db: Database, files: Sequence[tuple[str, bytes]], *, server: str = "eu1") -> list[Stored]:
    return [store(db, server=server, name=name, content=body, channel_id="77", now=NOW) for name, body in files]


def content_of(db: Database) -> dict[str, list[str]]:
    """Every derived row, and what is to be posted, in one fixed order."""
    rows = {table: db.values(f"select to_jsonb({table}) from {table}") for table in DERIVED}
    rows["outbox"] = db.values("select to_jsonb(post) from (select kind, subject_id, channel_id from outbox) as post")
    return {table: sorted(json.dumps(row, sort_keys=True) for row in found) for table, found in rows.items()}


def test_the_same_file_twice_is_stored_once(db: Database) -> None:
    first, again = deliver(db, [EVENINGS[0], EVENINGS[0]])
    assert (first.fate, again.fate) == (Fate.STORED, Fate.DUPLICATE)
    assert db.values("select count(*) from round") == [1]


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_repetition_gives_the_same_rows(db: Database, seed: int) -> None:
    deliver(db, EVENINGS)
    expected = content_of(db)
    forget(db)
    files = EVENINGS + random.Random(seed).choices(EVENINGS, k=5)
    random.Random(seed).shuffle(files)
    deliver(db, files)
    assert content_of(db) == expected


def test_workers_side_by_side_give_the_same_rows(db: Database, database_url: str) -> None:
    deliver(db, EVENINGS)
    deliver(db, EVENINGS, server="us1")
    expected = content_of(db)
    forget(db)
    work = [(server, file) for server, file in itertools.product(("eu1", "us1"), EVENINGS * 2)]
    random.Random(3).shuffle(work)
    faults: list[BaseException] = []

    def worker(share: Sequence[tuple[str, tuple[str, bytes]]]) -> None:
        own = open_database(database_url)
        try:
            for server, file in share:
                deliver(own, [file], server=server)
        except BaseException as fault:
            faults.append(fault)
        finally:
            own.close()

    threads = [threading.Thread(target=worker, args=(work[at::4],)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert content_of(db) == expected


def test_a_file_that_changed_later_takes_the_place_of_the_first_version(db: Database) -> None:
    name, _ = EVENINGS[0]
    torn = a_file(a_header(winner=2, after="8:00"), [a_line("AAAA0001", damage_given=5)])
    deliver(db, [(name, torn), *EVENINGS])
    changed = content_of(db)
    forget(db)
    deliver(db, EVENINGS)
    assert changed == content_of(db)


def test_a_file_of_which_only_the_winner_changed_makes_other_wins_of_the_same_lines(db: Database) -> None:
    name, content = EVENINGS[0]
    header = content.splitlines(keepends=True)[0]
    fields = header.split(b"\\")
    fields[5] = {b"1": b"2", b"2": b"1"}[fields[5]]
    deliver(db, [(name, content.replace(header, b"\\".join(fields))), *EVENINGS])
    changed = content_of(db)
    forget(db)
    deliver(db, EVENINGS)
    assert changed == content_of(db)


def test_a_late_file_joins_two_evenings(db: Database) -> None:
    one, _, two, *_ = a_match(minute=0), None, a_match(minute=75, map="adler")
    deliver(db, [*one, *two])
    assert db.values("select count(*) from session") == [2]
    deliver(db, [(a_name(minute=40, map="radar"), a_file(a_header(map="radar"), [a_line()]))])
    assert db.values("select count(*) from session") == [1]
    assert db.values("select maps from session") == [2]


def test_a_refused_file_is_on_record_with_its_reason(db: Database) -> None:
    unsound = {
        a_name(minute=0): b"",
        a_name(minute=1): b"not a stats file\n",
        a_name(minute=2): a_file(a_header(), []),
        "holiday.txt": a_file(a_header(), [a_line()]),
    }
    fates = deliver(db, list(unsound.items()))
    assert {stored.fate for stored in fates} == {Fate.REJECTED}
    receipts = receipts_document(db)
    assert {receipt["state"] for receipt in receipts} == {"rejected"}
    assert [receipt["code"] for receipt in receipts] == [
        "not_a_stats_file",
        "not_a_stats_file",
        "header_only",
        "bad_name",
    ]


def test_a_file_of_a_kind_that_nobody_writes_is_kept(db: Database) -> None:
    [stored] = deliver(db, [(a_name().replace(".txt", "_ws.txt"), b"whatever it is\n")])
    assert stored.fate is Fate.KEPT
    assert receipts_document(db)[0]["state"] == "stored"


def test_a_file_torn_in_the_middle_of_a_line_loses_that_line_only(db: Database) -> None:
    name, content = EVENINGS[0]
    deliver(db, [(name, content[:-40])])
    assert db.values("select fault from player_round order by line") == [None, None, None, "extended_count_unknown"]
    assert db.values("select guid from player_session") == ["AAAA0001", "AAAA0002", "BBBB0001"]


@pytest.mark.parametrize("statement", range(5))
def test_a_crash_at_any_statement_leaves_nothing_and_the_next_try_everything(db: Database, statement: int) -> None:
    deliver(db, EVENINGS[:1])
    before = content_of(db)
    crashing = _Crashing(db, after=statement)
    with pytest.raises(DatabaseUnavailable):
        deliver(crashing, [EVENINGS[1]])
    assert content_of(db) == before
    [stored] = deliver(db, [EVENINGS[1]])
    assert stored.fate is Fate.STORED
    assert db.values("select maps from session") == [1]


class _Crashing(Database):
    """The same connection, which fails at one statement of the transaction."""

    def __init__(self, db: Database, *, after: int) -> None:
        super().__init__(db._opened)
        self._left = after

    def _execute(self, sql: str, parameters: dict[str, object]) -> tuple[list[list[object]], list[str]]:
        if sql != "rollback":
            self._left -= 1
            if self._left < 0:
                raise DatabaseUnavailable("pulled the plug")
        return super()._execute(sql, parameters)


def test_a_fresh_round_waits_to_be_posted_and_an_old_one_does_not(db: Database) -> None:
    [fresh] = deliver(db, EVENINGS[:1])
    [old] = deliver(db, [(f"2020-{EVENINGS[0][0][5:]}", EVENINGS[0][1])])
    assert (fresh.posting, old.posting) == (True, False)
    assert [receipt["state"] for receipt in receipts_document(db)] == ["published", "parsed"]


def test_what_a_refused_file_told_before_is_not_posted_any_more(db: Database) -> None:
    (name, content), other = EVENINGS[:2]
    deliver(db, [(name, content), other, (name, b"")])
    waiting = db.values("select name from outbox join stats_file on file_id = subject_id")
    assert waiting == [other[0]]


def test_a_newer_version_of_a_posted_file_is_published_at_once(db: Database) -> None:
    name, content = EVENINGS[0]
    deliver(db, [(name, content[:-40])])
    db.run("update outbox set posted_at = :now", now=NOW)
    deliver(db, [(name, content)])
    assert [receipt["state"] for receipt in receipts_document(db)] == ["published"]


def test_without_a_channel_nothing_waits(db: Database) -> None:
    name, content = EVENINGS[0]
    assert not store(db, server="eu1", name=name, content=content, channel_id="", now=NOW).posting
    assert [receipt["state"] for receipt in receipts_document(db)] == ["published"]


def test_players_totals_are_the_sums_of_their_sessions(db: Database) -> None:
    deliver(db, EVENINGS)
    [kills, rounds] = [
        db.values(f"select {what} from player_total where map = '' and guid = 'AAAA0001'")[0]
        for what in ("kills", "rounds")
    ]
    played = [p for s in sessions_document(db)["sessions"] for p in s["players"] if p["guid"] == "AAAA0001"]
    assert (kills, rounds) == (sum(p["kills"] for p in played), 8)


def test_a_name_with_nul_bytes_and_bad_utf8_is_stored(db: Database) -> None:
    line = a_line("AAAA0001", name="@@").encode().replace(b"@@", b"a\x00b\xff\xfe\xe2")
    [stored] = deliver(db, [(a_name(), a_file(a_header(), []) + line + b"\n")])
    assert stored.fate is Fate.STORED
    assert db.values("select name from player") == ["ab"]


def test_a_dead_database_is_unavailable_and_nothing_is_lost() -> None:
    def nobody_there() -> None:
        raise ConnectionRefusedError("connection refused")

    with pytest.raises(DatabaseUnavailable, match="does not accept a connection"):
        deliver(Database(nobody_there), EVENINGS[:1])


def test_now_is_a_value(db: Database) -> None:
    deliver(db, EVENINGS[:1])
    assert receipts_document(db)[0]["stored_at"] == datetime(2026, 3, 6, 21, 15, tzinfo=UTC).isoformat()
