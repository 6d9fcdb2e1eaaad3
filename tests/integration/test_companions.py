"""Endstats and gametime files on a real PostgreSQL: before their round or after it, twice, changed, in any order."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Any

import pytest

from etstats.storage.archive import receipts_document
from etstats.storage.database import Database
from etstats.usecases.store_round import Fate, Stored, store
from tests.content import forget
from tests.corpus import endstats_files, needs_corpus
from tests.game_files import EVENING, a_file, a_gametime, a_header, a_line, a_match, a_name, an_endstats

NOW = EVENING.replace(tzinfo=UTC) + timedelta(minutes=15)
DUELS = {
    "AAAA0001": [("BBBB0001", 3, 1), ("BBBB0002", 2, 2)],
    "BBBB0001": [("AAAA0001", 1, 3)],
    "BBBB0002": [("AAAA0001", 2, 2)],
}
AWARDS = [("Most damage given", "AAAA0002", "1100"), ("Most deaths", "nobody", "9")]
MATCH = a_match()
ENDSTATS = (a_name(minute=0.05).replace(".txt", "-endstats.txt"), an_endstats(AWARDS, DUELS))
GAMETIMES = [a_gametime(), a_gametime(number=2, minute=10)]
EVERYTHING = [*MATCH, ENDSTATS, *GAMETIMES, *a_match(minute=25), *a_match(minute=200), a_gametime(minute=200)]
TABLES = (
    *("session", "round", "match", "player_round", "player_session", "player", "player_total", "alias"),
    *("companion", "award", "duel", "gametime", "round_trust", "player_mark"),
)


def deliver(db: Database, files: Sequence[tuple[str, bytes]], *, server: str = "eu1") -> list[Stored]:
    return [store(db, server=server, name=name, content=body, channel_id="", now=NOW) for name, body in files]


def content_of(db: Database) -> dict[str, list[str]]:
    rows = {table: db.values(f"select to_jsonb({table}) from {table}") for table in TABLES}
    return {table: sorted(json.dumps(row, sort_keys=True) for row in found) for table, found in rows.items()}


def clean(db: Database, files: Sequence[tuple[str, bytes]]) -> dict[str, list[str]]:
    """What the files give when they come once and in order."""
    forget(db)
    deliver(db, files)
    return content_of(db)


def receipt(db: Database, name: str) -> dict[str, Any]:
    return next(one for one in receipts_document(db) if one["file"] == name)


def test_what_they_tell_is_stored_with_the_guids_of_their_round(db: Database) -> None:
    deliver(db, EVERYTHING)
    told = db.values("select json_build_array(award, player, guid, value) from award order by position")
    assert told == [["Most damage given", "AAAA0002", "AAAA0002", 1100], ["Most deaths", "nobody", None, 9]]
    assert db.values("select subject || ' ' || opponent_guid || ' ' || kills from duel order by position") == [
        "AAAA0001 BBBB0001 3", "AAAA0001 BBBB0002 2", "BBBB0001 AAAA0001 1", "BBBB0002 AAAA0001 2",
    ]  # fmt: skip
    names = """select name from round_trust join round using (round_id) join stats_file on file_id = {}
        order by round.written_at"""
    assert db.values(names.format("endstats_id")) == [ENDSTATS[0]]
    assert db.values(names.format("gametime_id")) == [GAMETIMES[0][0], GAMETIMES[1][0], EVERYTHING[-1][0]]
    assert db.values("select end_reason from gametime order by round_end_unix") == [
        "objective", "time_expired", "objective",
    ]  # fmt: skip


def test_their_receipts_say_what_they_brought(db: Database) -> None:
    stored = deliver(db, EVERYTHING)
    assert {one.fate for one in stored} == {Fate.STORED}
    assert receipt(db, ENDSTATS[0])["state"] == receipt(db, GAMETIMES[0][0])["state"] == "published"
    assert receipt(db, ENDSTATS[0])["reason"] == "2 awards and 4 lines of duels of round 1 of supply"
    assert receipt(db, GAMETIMES[0][0])["reason"] == "the game's own clock for round 1 of supply: played 8:00"


@pytest.mark.parametrize("seed", range(8))
def test_any_order_and_repetition_gives_the_same_rows(db: Database, seed: int) -> None:
    expected = clean(db, EVERYTHING)
    files = EVERYTHING + random.Random(seed).choices(EVERYTHING, k=4)
    random.Random(seed).shuffle(files)
    assert clean(db, files) == expected


def test_every_order_of_a_round_and_its_companions_gives_the_same_rows(db: Database) -> None:
    files = [MATCH[0], ENDSTATS, GAMETIMES[0]]
    expected = clean(db, files)
    for order in itertools.permutations(files):
        assert clean(db, order) == expected


def test_a_companion_before_its_round_has_names_alone(db: Database) -> None:
    deliver(db, [ENDSTATS])
    assert db.values("select guid from award") == [None, None]
    assert db.values("select count(*) from duel where subject = 'AAAA0001' and subject_guid is null") == [2]


def test_a_changed_companion_takes_the_place_of_the_first_version(db: Database) -> None:
    expected = clean(db, EVERYTHING)
    other = [(ENDSTATS[0], an_endstats([("Most deaths", "x", "2")])), a_gametime(Lua_Playtime="100 sec", Winner="1")]
    assert clean(db, [*other, *EVERYTHING]) == expected
    assert clean(db, [*MATCH, *other, *EVERYTHING]) == expected


def test_a_companion_that_became_unreadable_leaves_nothing_behind(db: Database) -> None:
    expected = clean(db, [*MATCH])
    forget(db)
    deliver(db, [*MATCH, ENDSTATS, GAMETIMES[0]])
    refused = deliver(db, [(ENDSTATS[0], b"torn"), (GAMETIMES[0][0], b"{")])
    assert [one.fate for one in refused] == [Fate.REJECTED] * 2
    assert content_of(db) == expected
    assert [receipt(db, name)["code"] for name in (ENDSTATS[0], GAMETIMES[0][0])] == [
        "not_an_endstats_file",
        "not_json",
    ]


def test_a_changed_round_is_judged_anew_with_its_companions(db: Database) -> None:
    expected = clean(db, EVERYTHING)
    name, _ = MATCH[0]
    torn = a_file(a_header(winner=2, after="8:00"), [a_line("AAAA0001", name="AAAA0002", damage_given=5)])
    assert clean(db, [(name, torn), *EVERYTHING]) == expected


def test_a_nearer_endstats_file_takes_the_round_from_a_farther_one(db: Database) -> None:
    far = (a_name(minute=1).replace(".txt", "-endstats.txt"), an_endstats([("Most deaths", "AAAA0001", "4")]))
    near_first = clean(db, [*MATCH, ENDSTATS, far])
    assert clean(db, [*MATCH, far, ENDSTATS]) == near_first == clean(db, [far, ENDSTATS, *MATCH])
    assert db.values("select name from round_trust join stats_file on file_id = endstats_id") == [ENDSTATS[0]]
    assert db.values("select guid from award join stats_file using (file_id) where name = :name", name=far[0]) == [None]


def test_a_late_round_that_joins_two_evenings_takes_their_companions_along(db: Database) -> None:
    files = [*MATCH, ENDSTATS, *GAMETIMES, *a_match(minute=75, map="adler"), a_gametime(minute=75, map="adler")]
    between = (a_name(minute=40, map="radar"), a_file(a_header(map="radar"), [a_line()]))
    assert clean(db, [*files, between]) == clean(db, [between, *files])


def test_servers_do_not_mix(db: Database) -> None:
    deliver(db, MATCH)
    deliver(db, [ENDSTATS, *GAMETIMES], server="us1")
    assert db.values("select count(*) from round_trust where endstats_id is not null or gametime_id is not null") == [0]


def test_a_round_without_companions_costs_no_further_statement(db: Database) -> None:
    counted = _Counting(db)
    deliver(counted, EVERYTHING[:2])
    assert counted.statements <= 12
    assert db.values("select count(*) from round_trust") == [2]


class _Counting(Database):
    """The same connection, and how many statements went over it."""

    def __init__(self, db: Database) -> None:
        super().__init__(db._opened)
        self.statements = 0

    def _execute(self, sql: str, parameters: dict[str, object]) -> tuple[list[list[object]], list[str]]:
        self.statements += 1
        return super()._execute(sql, parameters)


@needs_corpus
def test_the_real_endstats_file_is_stored_with_every_owner(db: Database) -> None:
    [path] = endstats_files()
    [stored] = deliver(db, [(path.name, path.read_bytes())])
    assert stored.fate is Fate.STORED
    assert db.values("select count(*) from award") == [23]
    assert db.values("select count(subject) from duel") == [18]
