"""Corrections on a real PostgreSQL: what they change, that withdrawing undoes it, and that no file order matters."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from etstats.domain.correction import FORGOTTEN, AttributeGuid, ForgetPerson, MergePersons, NameTeams, VoidRound, What
from etstats.errors import BadCorrection, DatabaseUnavailable
from etstats.storage.correction import corrections
from etstats.storage.database import Database
from etstats.usecases import correct
from etstats.usecases.store_round import store
from tests.conftest import open_database
from tests.content import Content, content_of, forget
from tests.crashing import CrashingDatabase
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name

NOW = datetime(2026, 3, 7, 12, tzinfo=UTC)
File = tuple[str, bytes]
EVENINGS = [*a_match(minute=0), *a_match(minute=25, map="adler"), *a_match(minute=24 * 60, map="radar")]


def with_guid(files: Sequence[File], old: str, new: str) -> list[File]:
    """The same files had *old* played with another guid; his name stays."""
    return [(name, content.replace(f"{old}\\".encode(), f"{new}\\".encode(), 1)) for name, content in files]


def with_names(files: Sequence[File]) -> list[File]:
    """Everybody has a name that is not his guid."""
    return [(name, re.sub(rb"(?m)^([AB]{4}000\d)\\\1", rb"\1\\somebody", content)) for name, content in files]


def deliver(db: Database, files: Sequence[File], *, server: str = "eu1") -> None:
    for name, content in files:
        store(db, server=server, name=name, content=content, channel_id="", now=NOW)


def make(db: Database, what: What, *, reason: str = "because") -> correct.Done:
    return correct.make(db, what, by="lead", reason=reason, now=NOW)


def figure(db: Database, guid: str, what: str = "kills") -> int | None:
    return next(iter(db.values(f"select {what} from player_total where guid = :guid and map = ''", guid=guid)), None)


# -- voiding a round -------------------------------------------------------------------------------------------------


def test_a_voided_round_does_not_count_and_says_why(db: Database) -> None:
    deliver(db, EVENINGS)
    make(db, VoidRound(server="eu1", file=EVENINGS[2][0]), reason="wrong config")
    [reason] = db.values("select uncounted_reason from round where not counted")
    assert reason == "voided: wrong config"
    assert db.values("select sum(counted_rounds) from session") == [5]
    assert db.values("select rounds from player") == [5] * 4


def test_a_voided_round_takes_its_map_out_of_the_score(db: Database) -> None:
    deliver(db, EVENINGS[:4])
    assert db.values("select array[score_a, score_b, maps] from session") == [[4, 0, 2]]
    make(db, VoidRound(server="eu1", file=EVENINGS[0][0]))
    assert db.values("select array[score_a, score_b, maps] from session") == [[2, 0, 1]]


def test_what_a_player_did_in_a_voided_round_leaves_his_sums(db: Database) -> None:
    deliver(db, EVENINGS[:2])
    before = figure(db, "AAAA0001", "damage_given")
    make(db, VoidRound(server="eu1", file=EVENINGS[0][0]))
    assert (before, figure(db, "AAAA0001", "damage_given")) == (2200, 1200)


# -- naming teams ----------------------------------------------------------------------------------------------------


def names(db: Database) -> list[list[str | None]]:
    return db.values("select array[team_a, team_b] from session order by first_at")


def test_teams_are_named_by_any_file_of_the_evening(db: Database) -> None:
    deliver(db, EVENINGS)
    make(db, NameTeams(server="eu1", file=EVENINGS[3][0], attackers="Blues", defenders="Reds"))
    assert names(db) == [["Blues", "Reds"], [None, None]]


def swapped(files: Sequence[File]) -> list[File]:
    """The other side attacked first."""
    return [
        (name, content.replace(b"AAAA", b"CCCC").replace(b"BBBB", b"AAAA").replace(b"CCCC", b"BBBB"))
        for name, content in files
    ]


def test_names_stay_with_their_players_when_an_earlier_map_arrives_late(db: Database) -> None:
    early = swapped(a_match(minute=-30, map="frost"))
    deliver(db, EVENINGS[:4])
    make(db, NameTeams(server="eu1", file=EVENINGS[0][0], attackers="Blues", defenders="Reds"))
    deliver(db, early)
    assert names(db) == [["Reds", "Blues"]]
    assert db.values("select team from player_session where guid = 'BBBB0001'") == ["B"]


def test_names_outlast_the_voiding_of_the_round_they_were_given_with(db: Database) -> None:
    deliver(db, [*EVENINGS[:2], *swapped(a_match(minute=25, map="adler"))])
    make(db, NameTeams(server="eu1", file=EVENINGS[0][0], attackers="Blues", defenders="Reds"))
    make(db, VoidRound(server="eu1", file=EVENINGS[0][0]))
    assert names(db) == [["Reds", "Blues"]]


# -- persons ---------------------------------------------------------------------------------------------------------


def people(content: Content) -> Content:
    """What is summed up, and the evenings; without what follows the files' bytes, which have another guid in them."""
    of_files = ("player_round", "weapon_round", "round", "round_trust")
    return {table: rows for table, rows in content.items() if table not in of_files}


def without_rosters(content: Content) -> Content:
    kept = dict(content)
    kept["match"] = [
        {key: value for key, value in row.items() if key not in ("r1_attackers", "r1_defenders")}
        for row in content["match"]
    ]
    return kept


def test_merged_persons_are_as_if_they_had_been_one_from_the_beginning(db: Database) -> None:
    files = with_names(EVENINGS)
    deliver(db, files)
    expected = content_of(db)
    forget(db)
    deliver(db, [*files[:2], *with_guid(files[2:], "AAAA0001", "DDDD0001")])
    assert figure(db, "DDDD0001", "rounds") == 4
    make(db, MergePersons(guid="DDDD0001", person="AAAA0001"))
    assert people(without_rosters(content_of(db))) == people(without_rosters(expected))


def test_a_chain_of_merges_ends_with_one_person(db: Database) -> None:
    deliver(db, [*EVENINGS[:2], *with_guid(EVENINGS[2:4], "AAAA0001", "DDDD0001")])
    deliver(db, with_guid(EVENINGS[4:], "AAAA0001", "EEEE0001"))
    make(db, MergePersons(guid="DDDD0001", person="EEEE0001"))
    make(db, MergePersons(guid="EEEE0001", person="AAAA0001"))
    assert figure(db, "AAAA0001", "rounds") == 6
    assert db.values("select guid from player order by guid") == ["AAAA0001", "AAAA0002", "BBBB0001", "BBBB0002"]


def test_a_guest_takes_over_what_he_did_and_no_more(db: Database) -> None:
    deliver(db, EVENINGS)
    period = AttributeGuid(
        guid="AAAA0001",
        person="DDDD0001",
        since=EVENING + timedelta(minutes=25),
        until=EVENING + timedelta(minutes=35),
    )
    make(db, period)  # the second round ends at 35: not his any more
    assert (figure(db, "AAAA0001", "rounds"), figure(db, "DDDD0001", "rounds")) == (5, 1)
    assert db.values("select sum(rounds) from weapon_total where guid = 'DDDD0001'") == [1]
    assert db.values("select guid from player_session where guid = 'DDDD0001'") == ["DDDD0001"]


def test_a_guest_who_is_merged_later_takes_that_along(db: Database) -> None:
    deliver(db, [*EVENINGS[:4], *with_guid(EVENINGS[4:], "AAAA0001", "DDDD0001")])
    make(db, AttributeGuid(guid="AAAA0001", person="DDDD0001", until=EVENING + timedelta(minutes=20)))
    assert (figure(db, "AAAA0001", "rounds"), figure(db, "DDDD0001", "rounds")) == (2, 4)
    merge = make(db, MergePersons(guid="DDDD0001", person="AAAA0001"))
    assert (figure(db, "AAAA0001", "rounds"), figure(db, "DDDD0001", "rounds")) == (6, None)
    correct.withdraw(db, merge.correction_id, by="lead", now=NOW)
    assert (figure(db, "AAAA0001", "rounds"), figure(db, "DDDD0001", "rounds")) == (2, 4)


# -- forgetting somebody ---------------------------------------------------------------------------------------------


def test_who_is_forgotten_has_no_name_anywhere_and_all_he_did_stays(db: Database) -> None:
    files = [(name, content.replace(b"AAAA0001\\AAAA0001", b"AAAA0001\\n^1ick")) for name, content in EVENINGS]
    deliver(db, files)
    before = content_of(db)
    assert "nick" in repr(before)
    assert make(db, ForgetPerson(guid="AAAA0001")).sessions == 2
    after = content_of(db)
    assert "nick" not in repr(after) and "n^1ick" not in repr(after)
    assert db.values("select distinct name from player_round where guid = 'AAAA0001'") == [FORGOTTEN]
    assert db.values("select name from alias where guid = 'AAAA0001'") == [FORGOTTEN]
    assert after["player_total"] == before["player_total"]
    assert after["weapon_total"] == before["weapon_total"]


def test_who_is_forgotten_stays_so_under_the_guids_that_were_merged_with_him_and_in_rounds_to_come(
    db: Database,
) -> None:
    deliver(db, [*EVENINGS[:2], *with_guid(EVENINGS[2:4], "AAAA0001", "DDDD0001")])
    make(db, MergePersons(guid="DDDD0001", person="AAAA0001"))
    make(db, ForgetPerson(guid="DDDD0001"))
    deliver(db, EVENINGS[4:])
    his = "select distinct name from player_round where person = 'AAAA0001'"
    assert db.values(his) == [FORGOTTEN]
    assert db.values("select guid from hidden_person order by guid") == ["AAAA0001", "DDDD0001"]


def test_names_that_are_kept_as_written_are_shown_without_his(db: Database) -> None:
    make(db, ForgetPerson(guid="AAAA0001"))
    shown = "select shown_name(cast(:guid as text), 'nick')"
    assert db.values(shown, guid="AAAA0001") == [FORGOTTEN]
    assert db.values(shown, guid="BBBB0001") == ["nick"]
    assert db.values(shown, guid=None) == ["nick"]


# -- all of them -----------------------------------------------------------------------------------------------------

ALL: list[Callable[[], What]] = [
    lambda: VoidRound(server="eu1", file=EVENINGS[2][0]),
    lambda: NameTeams(server="eu1", file=EVENINGS[0][0], attackers="Blues", defenders="Reds"),
    lambda: MergePersons(guid="DDDD0001", person="AAAA0001"),
    lambda: AttributeGuid(guid="BBBB0001", person="DDDD0009", since=EVENING + timedelta(minutes=26)),
    lambda: ForgetPerson(guid="AAAA0001"),
]
PLAYED = [*EVENINGS[:4], *with_guid(EVENINGS[4:], "AAAA0001", "DDDD0001")]


@pytest.mark.parametrize("what", ALL, ids=["void", "name", "merge", "attribute", "forget"])
def test_withdrawing_leaves_every_row_as_before(db: Database, what: Callable[[], What]) -> None:
    deliver(db, PLAYED)
    before = content_of(db)
    done = make(db, what())
    assert content_of(db) != before
    assert correct.withdraw(db, done.correction_id, by="lead", now=NOW).changed
    assert content_of(db) == before
    assert [one.withdrawn_by for one in corrections(db)] == ["lead"]


@pytest.mark.parametrize("what", ALL, ids=["void", "name", "merge", "attribute", "forget"])
def test_a_correction_made_twice_is_one(db: Database, what: Callable[[], What]) -> None:
    deliver(db, PLAYED)
    first = make(db, what())
    after = content_of(db)
    again = make(db, what())
    assert (again.correction_id, again.changed) == (first.correction_id, False)
    assert len(corrections(db)) == 1
    assert content_of(db) == after
    correct.withdraw(db, first.correction_id, by="lead", now=NOW)
    assert not correct.withdraw(db, first.correction_id, by="lead", now=NOW).changed


@pytest.mark.parametrize("seed", range(4))
def test_corrections_hold_whatever_order_the_files_come_in(db: Database, seed: int) -> None:
    deliver(db, PLAYED)
    for what in ALL:
        make(db, what())
    expected = content_of(db)
    forget(db)
    files = PLAYED + random.Random(seed).choices(PLAYED, k=3)
    random.Random(seed).shuffle(files)
    deliver(db, files)
    assert content_of(db) == expected


def test_corrections_and_files_side_by_side_give_the_same_rows(db: Database, database_url: str) -> None:
    deliver(db, PLAYED)
    deliver(db, PLAYED, server="us1")
    for what in ALL:
        make(db, what())
    expected = content_of(db)
    forget(db)
    db.run("delete from correction")
    deliver(db, PLAYED)  # what is corrected must be known
    faults: list[BaseException] = []

    def worker(work: Callable[[Database], None]) -> None:
        own = open_database(database_url)
        try:
            work(own)
        except BaseException as fault:
            faults.append(fault)
        finally:
            own.close()

    def correcting(own: Database) -> None:
        for what in ALL:
            made = make(own, what())
            correct.withdraw(own, made.correction_id, by="lead", now=NOW)
            make(own, what())

    jobs = [correcting, *(partial(deliver, files=PLAYED[at::3], server="us1") for at in range(3))]
    threads = [threading.Thread(target=worker, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert content_of(db) == expected


def test_corrections_come_out_as_they_went_in(db: Database) -> None:
    deliver(db, PLAYED)
    for what in ALL:
        make(db, what(), reason="it's “so”")
    assert [one.what for one in corrections(db)] == [what() for what in ALL]
    assert {(one.made_by, one.reason, one.made_at) for one in corrections(db)} == {("lead", "it's “so”", NOW)}


def _refusals() -> list[tuple[What, str]]:
    return [
        (VoidRound(server="eu1", file="2026-01-01-200000-supply-round-1.txt"), "no round in a file"),
        (VoidRound(server="us1", file=EVENINGS[0][0]), "us1 has no round"),
        (MergePersons(guid="FFFF0009", person="AAAA0001"), "Nobody has played as FFFF0009"),
        (MergePersons(guid="somebody", person="AAAA0001"), "no guid"),
        (MergePersons(guid="AAAA0001", person="AAAA0001"), "that person already"),
        (MergePersons(guid="AAAA0001", person="DDDD0001"), "cannot belong"),
        (MergePersons(guid="DDDD0001", person="BBBB0001"), r"AAAA0001 already \(correction 1\); withdraw"),
        (MergePersons(guid="AAAA0002", person="AAAA0001"), "both took part in .*two persons"),
        (AttributeGuid(guid="BBBB0001", person="DDDD0002", until=EVENING), r"already \(correction 2\)"),
        (AttributeGuid(guid="BBBB0002", person="DDDD0002", since=EVENING, until=EVENING), "before it begins"),
    ]


@pytest.mark.parametrize(("what", "words"), _refusals())
def test_what_cannot_be_is_refused_and_changes_nothing(db: Database, what: What, words: str) -> None:
    deliver(db, PLAYED)
    make(db, MergePersons(guid="DDDD0001", person="AAAA0001"))
    make(db, AttributeGuid(guid="BBBB0001", person="DDDD0009", until=EVENING + timedelta(minutes=1)))
    before, known = content_of(db), corrections(db)
    with pytest.raises(BadCorrection, match=words):
        make(db, what)
    assert (content_of(db), corrections(db)) == (before, known)


def test_an_evening_without_a_complete_map_has_no_teams_to_name(db: Database) -> None:
    deliver(db, [(a_name(), a_file(a_header(), [a_line()]))])
    with pytest.raises(BadCorrection, match="no complete map"):
        make(db, NameTeams(server="eu1", file=a_name(), attackers="Blues", defenders="Reds"))


def test_an_unknown_correction_cannot_be_withdrawn(db: Database) -> None:
    with pytest.raises(BadCorrection, match="no correction 7"):
        correct.withdraw(db, 7, by="lead", now=NOW)


def test_a_crash_at_any_statement_leaves_nothing_of_a_correction(db: Database) -> None:
    deliver(db, PLAYED)
    before, statements = content_of(db), 0
    while True:
        crashing = CrashingDatabase(db, after=statements)
        try:
            make(crashing, VoidRound(server="eu1", file=EVENINGS[0][0]))
            break
        except DatabaseUnavailable:
            assert (content_of(db), corrections(db)) == (before, [])
        statements += 1
    assert statements > 5
    assert content_of(db) != before
