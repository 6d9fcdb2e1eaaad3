"""Rebuilding on a real PostgreSQL: the same from the bucket, a readable difference, and a swap that loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from etstats.domain.correction import Kind, MergePersons, NameTeams, VoidRound, What
from etstats.domain.difference import Difference
from etstats.errors import DatabaseUnavailable
from etstats.storage import correction as book
from etstats.storage.archive import receipts_document
from etstats.storage.database import Database
from etstats.storage.rebuild import DERIVED, KEPT, NotMigrated, RebuildRunning, derived_tables, shadow_of
from etstats.usecases import correct
from etstats.usecases.rebuild import Rebuild
from etstats.usecases.store_round import Fate, store
from tests.conftest import open_database
from tests.content import content_of, forget, tables
from tests.corpus import endstats_files, needs_corpus, stats_files
from tests.crashing import CrashingDatabase
from tests.fakes import FakeBucket
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name

NOW = EVENING.replace(tzinfo=UTC) + timedelta(minutes=15)
LATER = NOW + timedelta(hours=1)
File = tuple[str, bytes]
ENDSTATS = (a_name(minute=25, map="adler").replace(".txt", "-endstats.txt"), b"Most damage given\tAAAA0001\t3000\n")
LATE_ENDSTATS = (a_name(minute=24 * 60, map="radar").replace(".txt", "-endstats.txt"), ENDSTATS[1])
EVENINGS = [*a_match(minute=0), *a_match(minute=25, map="adler"), *a_match(minute=24 * 60, map="radar")]
OTHERS = [
    ENDSTATS,
    LATE_ENDSTATS,
    (a_name(minute=3), b"not a stats file\n"),
    ("holiday.txt", b"?"),
    (a_name(minute=50), b""),
]


@pytest.fixture
def bucket() -> FakeBucket:
    return FakeBucket()


@pytest.fixture
def rebuild(db: Database, database_url: str, bucket: FakeBucket) -> Iterator[Callable[..., Rebuild]]:
    """Makes rebuilds of *db*; each ends with the test."""
    begun: list[Rebuild] = []

    def begin(live: Database = db) -> Rebuild:
        shadow = open_database(database_url, schema=shadow_of(live))
        begun.append(
            Rebuild(
                live=live,
                shadow=shadow,
                bucket=bucket,
                channel_id="77",
                now=LATER,
                tell=lambda line: None,
                is_ours=lambda server: True,
            )
        )
        return begun[-1]

    yield begin
    for one in begun:
        one.shadow.close()


def arrive(db: Database, bucket: FakeBucket, files: Sequence[File], *, server: str = "eu1") -> None:
    """Files as they come in: into the bucket, then stored."""
    for name, content in files:
        bucket.put(f"stats/{server}/{name}", content)
        store(db, server=server, name=name, content=content, channel_id="77", now=NOW)


def differing(rebuild: Rebuild) -> Difference:
    rebuild.compute()
    return rebuild.difference()


def ledger(db: Database) -> list[object]:
    return db.values("select to_jsonb(stats_file) from stats_file order by server, name")


Begin = Callable[..., Rebuild]


def test_every_table_is_either_computed_or_kept(db: Database) -> None:
    """A new table must be placed in storage/rebuild.py: is it made from files and corrections alone, or entered?"""
    assert sorted([*DERIVED, *KEPT]) == tables(db)
    assert all(table.key for table in derived_tables(db))


def test_a_rebuild_of_what_is_right_shows_no_difference_and_changes_nothing(
    db: Database, bucket: FakeBucket, rebuild: Begin
) -> None:
    arrive(db, bucket, [*EVENINGS, *OTHERS])
    arrive(db, bucket, EVENINGS[:3], server="us1")
    before, known = content_of(db), ledger(db)
    work = rebuild()
    found = differing(work)
    assert found.nothing
    assert (found.files, found.formula_before) == (14, found.formula_after)
    work.apply()
    work.end()
    assert (content_of(db), ledger(db)) == (before, known)
    assert db.values("select count(*) from outbox") == [9]
    assert db.values("select count(*) from pg_namespace where nspname = :shadow", shadow=shadow_of(db)) == [0]


def test_a_database_lost_altogether_comes_back(db: Database, bucket: FakeBucket, rebuild: Begin) -> None:
    arrive(db, bucket, [*EVENINGS, *OTHERS])
    make(db, VoidRound(server="eu1", file=EVENINGS[2][0]))
    before = content_of(db)
    forget(db)
    work = rebuild()
    found = differing(work)
    assert {change.before for change in found.rounds} == {None}
    work.apply()
    assert content_of(db) == before
    assert {receipt["state"] for receipt in receipts_document(db)} <= {"published", "parsed", "rejected"}


def make(db: Database, what: What, *, reason: str = "because") -> int:
    return correct.make(db, what, by="lead", reason=reason, now=NOW).correction_id


def on_record(db: Database, kind: Kind, what: What, *, reason: str = "because") -> None:
    """The correction's row alone: nothing is computed again."""
    book.add(db, kind, what, by="lead", reason=reason, now=NOW)


def test_rows_that_went_wrong_are_shown_and_set_right(db: Database, bucket: FakeBucket, rebuild: Begin) -> None:
    arrive(db, bucket, EVENINGS)
    before = content_of(db)
    db.run("update player_total set kills = kills + 100 where guid = 'BBBB0002' and map = ''")
    db.run("update player_round set deaths = deaths + 1 where guid = 'AAAA0001'")
    db.run("delete from weapon_total where guid = 'AAAA0002'")
    db.run("delete from session where first_at > '2026-03-07'")
    db.run("insert into alias values ('FFFF0009', 'ghost', 'ghost', 1, '2026-01-01', '2026-01-01')")
    work = rebuild()
    found = differing(work)
    [ghost_or_sum] = [change for change in found.players if change.row["guid"] == "BBBB0002"]
    assert {"kills"} <= ghost_or_sum.differing().keys()
    # 4 lines of his in the first evening are wrong, and the second evening's 8 lines are missing
    assert found.rows["player_round"] == 4 + 8
    assert found.rows["alias"] == 1
    assert [change.before for change in found.rounds] == [None, None]
    work.apply()
    assert content_of(db) == before


def test_a_correction_nobody_computed_with_shows_in_the_difference_and_takes_effect(
    db: Database, bucket: FakeBucket, rebuild: Begin
) -> None:
    arrive(db, bucket, EVENINGS)
    before = content_of(db)
    on_record(db, Kind.VOID_ROUND, VoidRound(server="eu1", file=EVENINGS[4][0]), reason="wrong config")
    work = rebuild()
    found = differing(work)
    [change] = found.rounds
    assert change.row["file"] == EVENINGS[4][0]
    assert change.differing() == {"counted": (True, False), "uncounted_reason": (None, "voided: wrong config")}
    [session] = found.sessions
    assert session.differing()["counted_rounds"] == (2, 1)
    assert content_of(db) == before
    work.apply()
    work.end()
    by_rebuild = content_of(db)
    db.run("delete from correction")
    differing(again := rebuild())
    again.apply()
    assert content_of(db) == before
    make(db, VoidRound(server="eu1", file=EVENINGS[4][0]), reason="wrong config")
    assert content_of(db) == by_rebuild


def test_who_moves_on_a_leaderboard_is_told(db: Database, bucket: FakeBucket, rebuild: Begin) -> None:
    lines = [a_line("AAAA0001", damage_given=3000), a_line("BBBB0001", team=2, damage_given=2000)]
    others = [a_line("AAAA0001", damage_given=100), a_line("BBBB0001", team=2, damage_given=200)]
    one, two = (a_name(), a_file(a_header(), lines)), (a_name(minute=90), a_file(a_header(), others))
    arrive(db, bucket, [one, two])
    on_record(db, Kind.VOID_ROUND, VoidRound(server="eu1", file=one[0]))
    found = differing(rebuild())
    moved = {(move.guid, move.before, move.after) for move in found.moves if move.measure.value == "damage"}
    assert moved == {("AAAA0001", 1, 2), ("BBBB0001", 2, 1)}


def test_a_merge_and_team_names_take_effect_by_rebuilding_too(db: Database, bucket: FakeBucket, rebuild: Begin) -> None:
    second = [(name, content.replace(b"AAAA0001", b"DDDD0001")) for name, content in EVENINGS[2:]]
    arrive(db, bucket, [*EVENINGS[:2], *second])
    on_record(db, Kind.MERGE_PERSONS, MergePersons(guid="DDDD0001", person="AAAA0001"))
    names = NameTeams(server="eu1", file=EVENINGS[0][0], attackers="Blues", defenders="Reds")
    on_record(db, Kind.NAME_TEAMS, names)
    work = rebuild()
    found = differing(work)
    assert [change.after for change in found.players if change.row["guid"] == "DDDD0001"] == [None]
    work.apply()
    by_rebuild = content_of(db)
    forget(db)
    db.run("delete from correction")
    arrive(db, bucket, [*EVENINGS[:2], *second])
    make(db, MergePersons(guid="DDDD0001", person="AAAA0001"))
    make(db, names)
    assert content_of(db) == by_rebuild


# -- meanwhile -------------------------------------------------------------------------------------------------------


def test_what_lands_or_is_corrected_during_a_rebuild_is_not_lost(
    db: Database, bucket: FakeBucket, database_url: str, rebuild: Begin
) -> None:
    arrive(db, bucket, EVENINGS)
    work = rebuild()
    work.compute()
    arrive(db, bucket, a_match(minute=50, map="frost"))
    name, content = EVENINGS[0]
    arrive(db, bucket, [(name, content.replace(b"\t1000\t", b"\t1001\t"))])
    make(db, VoidRound(server="eu1", file=EVENINGS[4][0]))
    expected, posts = content_of(db), db.values("select subject_id from outbox order by 1")
    work.apply()
    assert content_of(db) == expected
    assert db.values("select subject_id from outbox order by 1") == posts


def test_what_lands_just_before_the_swap_is_taken_along(
    db: Database, database_url: str, bucket: FakeBucket, rebuild: Begin
) -> None:
    arrive(db, bucket, EVENINGS[:4])
    other = open_database(database_url)
    landing = [iter(EVENINGS[4:])]

    class Waiting(Database):
        """Another file is stored before each of our transactions."""

        def _execute(self, sql: str, parameters: dict[str, object]) -> tuple[list[list[object]], list[str]]:
            if sql == "begin" and (file := next(landing[0], None)):
                arrive(other, bucket, [file])
            return super()._execute(sql, parameters)

    work = rebuild(Waiting(db._opened))
    work.compute()
    work.apply()
    other.close()
    assert next(landing[0], None) is None
    content = content_of(db)
    forget(db)
    arrive(db, bucket, EVENINGS)
    assert content == content_of(db)


def test_a_file_still_on_its_way_is_stored_with_its_post(db: Database, bucket: FakeBucket, rebuild: Begin) -> None:
    arrive(db, bucket, EVENINGS[:1])
    name, content = EVENINGS[1]
    bucket.put(f"stats/eu1/{name}", content)
    work = rebuild()
    assert len(differing(work).rounds) == 2  # it, and the first round whose partner it is
    work.apply()
    assert db.values("select count(*) from outbox") == [2]
    stored = store(db, server="eu1", name=name, content=content, channel_id="77", now=LATER)
    assert stored.fate is Fate.DUPLICATE
    assert {receipt["state"] for receipt in receipts_document(db)} == {"parsed"}


@pytest.mark.parametrize("since", [None, datetime(2026, 3, 7)])
def test_what_the_bucket_has_no_more_is_told_and_may_come_again(
    db: Database, bucket: FakeBucket, rebuild: Begin, since: datetime | None
) -> None:
    arrive(db, bucket, EVENINGS[:5])
    without = content_of(db)
    arrive(db, bucket, EVENINGS[5:])
    before = content_of(db)
    gone = bucket.objects.pop(f"stats/eu1/{EVENINGS[5][0]}")
    work = rebuild()
    work.compute(since=since)
    assert work.difference().lost == (f"stats/eu1/{EVENINGS[5][0]}",)
    work.apply()
    assert content_of(db) == without
    arrive(db, bucket, [(EVENINGS[5][0], gone)])
    assert content_of(db) == before


def test_a_crash_at_any_statement_of_the_swap_leaves_everything_as_before(
    db: Database, bucket: FakeBucket, rebuild: Begin
) -> None:
    arrive(db, bucket, EVENINGS)
    on_record(db, Kind.VOID_ROUND, VoidRound(server="eu1", file=EVENINGS[4][0]))
    before, known = content_of(db), ledger(db)
    work = rebuild()
    work.compute()
    statements = 0
    while True:
        work.live = CrashingDatabase(db, after=statements)
        try:
            work.apply()
            break
        except DatabaseUnavailable:
            assert (content_of(db), ledger(db)) == (before, known)
        statements += 1
    assert statements > 20
    assert content_of(db) != before


# -- only a part -----------------------------------------------------------------------------------------------------


def test_since_a_day_computes_only_the_evenings_from_then_on(db: Database, bucket: FakeBucket, rebuild: Begin) -> None:
    arrive(db, bucket, [*EVENINGS, *OTHERS])
    before = content_of(db)
    db.run("update player_round set kills = kills + 7 where guid = 'AAAA0001'")
    work = rebuild()
    work.compute(since=datetime(2026, 3, 7))
    found = work.difference()
    assert (work.files, found.rows["player_round"]) == (3, 2)
    work.apply()
    work.end()
    wrong = "select count(*) from player_round where guid = 'AAAA0001' and kills >= 7"
    assert db.values(wrong) == [4]
    db.run("update player_round set kills = kills - 7 where guid = 'AAAA0001' and kills >= 7")
    work = rebuild()
    work.compute()
    work.apply()
    assert content_of(db) == before


def test_since_a_day_with_everything_right_shows_no_difference(
    db: Database, bucket: FakeBucket, rebuild: Begin
) -> None:
    arrive(db, bucket, [*EVENINGS, *OTHERS])
    arrive(db, bucket, EVENINGS[:3], server="us1")
    for day in (datetime(2026, 3, 7), datetime(2026, 3, 6), datetime(2030, 1, 1)):
        work = rebuild()
        work.compute(since=day)
        assert work.difference().nothing
        work.end()


# -- refusals --------------------------------------------------------------------------------------------------------


def test_two_rebuilds_at_once_are_one_too_many(db: Database, bucket: FakeBucket, rebuild: Begin) -> None:
    first = rebuild()
    first.compute()
    second = rebuild()
    with pytest.raises(RebuildRunning):
        second.compute()
    second.end()
    assert first.difference().nothing  # its shadow is still there
    first.end()
    rebuild().compute()


def test_a_database_of_another_version_is_refused(db: Database, bucket: FakeBucket, rebuild: Begin) -> None:
    db.run("update migration set checksum = 'other'")
    with pytest.raises(NotMigrated, match="etstats migrate"):
        (one := rebuild()).compute()
    one.end()
    db.run("drop table migration")  # as in an empty database
    with pytest.raises(NotMigrated, match="etstats migrate"):
        rebuild().compute()


# -- real files ------------------------------------------------------------------------------------------------------


def corpus() -> list[File]:
    return [(path.name, path.read_bytes()) for path in [*stats_files(), *endstats_files()]]


@needs_corpus
def test_the_corpus_rebuilds_without_a_difference_and_a_correction_shows_exactly(
    db: Database, bucket: FakeBucket, rebuild: Begin
) -> None:
    arrive(db, bucket, corpus())
    known = ledger(db)
    work = rebuild()
    assert differing(work).nothing
    work.apply()
    work.end()
    assert ledger(db) == known
    [file] = db.values(
        "select stats_file.name from match join stats_file on file_id = round2_id order by written_at offset 3 limit 1"
    )
    [guids] = db.values(
        """select array_agg(guid order by guid) from player_round join stats_file on file_id = round_id
           where stats_file.name = :file and took_part and not is_bot""",
        file=file,
    )
    on_record(db, Kind.VOID_ROUND, VoidRound(server="eu1", file=file), reason="wrong config")
    work = rebuild()
    found = differing(work)
    [played] = found.rounds
    assert (played.row["file"], set(played.differing())) == (file, {"counted", "uncounted_reason"})
    [match] = [change for change in found.matches if change.after is None]
    assert match.row["round2_id"] == played.row["round_id"]
    assert sorted(change.row["guid"] for change in found.players) == guids
    for change in found.players:
        assert change.differing()["rounds"][0] - change.differing()["rounds"][1] == 1
    [session] = found.sessions
    assert session.differing()["counted_rounds"][0] - session.differing()["counted_rounds"][1] == 1
    work.apply()
    work.end()
    by_rebuild = content_of(db)
    assert differing(rebuild()).nothing
    db.run("delete from correction")
    forget(db)
    arrive(db, bucket, corpus())
    make(db, VoidRound(server="eu1", file=file), reason="wrong config")
    assert content_of(db) == by_rebuild
