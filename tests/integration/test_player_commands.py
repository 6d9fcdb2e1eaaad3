"""The commands about players on a real PostgreSQL: what is asked, about whom, and what there is no answer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from etstats.commands.compare import compare, compare_with_me
from etstats.commands.form import form
from etstats.commands.leaderboard import leaderboard
from etstats.commands.maps import maps
from etstats.commands.question import Question
from etstats.commands.records import show_records
from etstats.commands.stats import stats, stats_of_user
from etstats.commands.weapons import suggest_weapon, weapons
from etstats.domain.compare import Encounters, Outcomes
from etstats.domain.measure import Measure
from etstats.domain.period import Period
from etstats.domain.record import Record, RecordFigure, Scope
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.interactions.request import Kind
from etstats.storage.compare import find_comparison
from etstats.storage.database import Database
from etstats.storage.leaderboard import board, rankings
from etstats.storage.record import records, records_by_map, records_of
from etstats.storage.weapon import weapons_used
from etstats.usecases.store_round import store
from tests.builders import question
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name, an_endstats
from tests.shown import texts

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = EVENING.date()
DAY = 24 * 60
ONE, TWO, THREE = "AAAA0001", "AAAA0002", "BBBB0001"
USER = "4242"


def _store(db: Database, *files: tuple[str, bytes]) -> None:
    for name, content in files:
        store(db, server="main", name=name, content=content, channel_id="", now=NOW)


def _round(minute: float, map: str = "supply", **lines: dict[str, Any]) -> tuple[str, bytes]:
    """A first round of players A, B, …, each with his figures."""
    written = [a_line(f"{guid}0000001", name=guid, **figures) for guid, figures in lines.items()]
    return a_name(map=map, minute=minute), a_file(a_header(map=map), written)


@contextmanager
def _refused(key: str) -> Iterator[None]:
    with pytest.raises(Refusal) as refused:
        yield
    assert refused.value.key == key


def _link(db: Database, guid: str, user: str = USER, *, hidden: bool = False) -> None:
    _insert(db, "person_link", user_id=user, guid=guid, proven_by="code", linked_at=NOW)
    if hidden:
        _insert(db, "user_setting", user_id=user, hidden=True, changed_at=NOW)


def _insert(db: Database, table: str, **row: object) -> None:
    db.run(f"insert into {table} ({', '.join(row)}) values ({', '.join(f':{name}' for name in row)})", **row)


@contextmanager
def _at_most(db: Database, statements: int) -> Iterator[None]:
    """How many statements reach PostgreSQL."""
    counted = []
    run = db._execute

    def counting(sql: str, parameters: dict[str, object]) -> Any:
        counted.append(sql)
        return run(sql, parameters)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(db, "_execute", counting)
        yield
    assert len(counted) <= statements, counted


def test_a_leaderboard_takes_one_statement_and_a_profile_two(db: Database) -> None:
    _store(db, *a_match())
    with _at_most(db, 1):
        leaderboard(question(db, "leaderboard", at=EVENING, me=ONE, page="me"))
    with _at_most(db, 1):
        stats(question(db, "stats", at=EVENING, me=ONE))
    with _at_most(db, 2):
        stats(question(db, "stats", at=EVENING, player="aaaa0001"))
    with _at_most(db, 1):
        form(question(db, "form", at=EVENING, me=ONE))
    with _at_most(db, 2):
        stats(question(db, "stats", at=EVENING, player=f"#{ONE}", me=TWO))
    with _at_most(db, 2):
        compare(question(db, "compare", at=EVENING, a=f"#{ONE}", me=TWO))


# -- nothing to tell -------------------------------------------------------------------------------------------------

NOBODY_ASKS: list[tuple[Callable[[Question], Message], dict[str, Any], str]] = [
    (stats, {}, "refusal.not_linked"),
    (form, {}, "refusal.not_linked"),
    (compare, {"a": f"#{ONE}"}, "refusal.not_linked"),
    (compare_with_me, {"target": USER}, "refusal.not_linked"),
    (stats_of_user, {"target": USER}, "refusal.target_not_linked"),
    (leaderboard, {"page": "me"}, "refusal.not_linked"),
    (leaderboard, {}, "leaderboard.nobody"),
    (maps, {}, "refusal.no_data"),
    (maps, {"map": "supply"}, "refusal.unknown_map"),
    (weapons, {}, "weapons.none"),
    (weapons, {"weapon": "COLT"}, "weapons.none"),
    (weapons, {"weapon": "laser"}, "weapons.unknown"),
    (stats, {"player": "mittens"}, "refusal.unknown_player"),
    (stats, {"player": f"#{ONE}"}, "refusal.unknown_player"),
    (form, {"player": f"#{ONE}"}, "refusal.unknown_player"),
    (compare, {"a": f"#{ONE}", "b": f"#{TWO}"}, "compare.unknown"),
    (show_records, {"player": f"#{ONE}"}, "records.none_of"),
    (show_records, {"scope": "session", "map": "supply"}, "records.not_by_map"),
    (show_records, {"scope": "map", "stat": "accuracy"}, "records.not_of_scope"),
    (maps, {"player": f"#{ONE}"}, "figures.not_there"),
    (weapons, {"player": f"#{ONE}"}, "weapons.none_of"),
]


@pytest.mark.parametrize(("command", "asking", "key"), NOBODY_ASKS)
def test_what_there_is_no_answer_to_is_a_sentence(
    db: Database, command: Callable[[Question], Message], asking: dict[str, Any], key: str
) -> None:
    with _refused(key):
        command(question(db, at=EVENING, **asking))


def test_records_of_nothing_are_a_card_that_says_so(db: Database) -> None:
    for scope in Scope:
        assert "No record here yet" in texts(show_records(question(db, scope=scope.value)))


# -- who is asked about ----------------------------------------------------------------------------------------------


def test_who_is_linked_need_not_name_himself(db: Database) -> None:
    _store(db, *a_match())
    assert stats(question(db, at=EVENING, me=ONE)).embeds[0].title == ONE
    assert form(question(db, at=EVENING, me=ONE)).embeds[0].title.startswith(f"Form · {ONE}")
    assert compare(question(db, at=EVENING, me=TWO, a=f"#{ONE}")).embeds[0].title == f"{ONE} vs {TWO}"
    with _refused("compare.same"):
        compare(question(db, at=EVENING, me=ONE, a=f"#{ONE}"))


def test_the_menu_on_somebody_shows_the_same_cards(db: Database) -> None:
    _store(db, *a_match())
    _link(db, ONE)
    assert stats_of_user(question(db, at=EVENING, target=USER)) == stats(question(db, at=EVENING, player=ONE))
    with_me = compare_with_me(question(db, at=EVENING, target=USER, me=TWO))
    assert with_me == compare(question(db, at=EVENING, a=f"#{ONE}", b=f"#{TWO}"))


def test_find_me_turns_to_the_page_of_whoever_presses(db: Database) -> None:
    crowd = [a_line(f"AAAA00{number:02}", damage_given=9_000 - number) for number in range(15)]
    _store(db, (a_name(), a_file(a_header(), crowd)))
    message = leaderboard(question(db, at=EVENING, me="AAAA0012", page="me"))
    assert "page 2 of 2" in message.embeds[0].footer
    assert "You: **#13**" in message.embeds[0].description
    assert "▸ 13 AAAA0012" in message.embeds[0].description


def test_who_hides_is_on_no_board(db: Database) -> None:
    _store(db, _round(0, A={"gibs": 9}, B={"gibs": 5}, C={"gibs": 1}))
    hidden, other = "A0000001", "B0000001"
    before = {one.measure: one for one in rankings(db, other, [Measure.GIBS])}
    assert (before[Measure.GIBS].rank, before[Measure.GIBS].listed) == (2, 3)
    _link(db, hidden, hidden=True)
    assert [one.guid[0] for one in board(db, Measure.GIBS, lines=9).standings] == ["B", "C"]
    assert board(db, Measure.GIBS, lines=9, guid=hidden).place is None
    (after,) = rankings(db, other, [Measure.GIBS])
    assert (after.rank, after.listed) == (1, 2)
    (own,) = rankings(db, hidden, [Measure.GIBS])
    assert (own.rank, own.listed) == (1, 3)
    for scope in (Scope.ROUND, Scope.SESSION):
        holders = {one.guid[0] for one in records(db, scope, figure=RecordFigure.GIBS, places=3)}
        assert holders == {"B", "C"}
        assert records_of(db, hidden, scope, figure=RecordFigure.GIBS)[0].place == 1
    assert {one.guid[0] for used in weapons_used(db) for one in used.top} == {"B", "C"}
    assert {used.weapon: used.users for used in weapons_used(db)}["MP40"] == 3
    with _refused("refusal.hidden"):
        stats(question(db, at=EVENING, player=f"#{hidden}"))


# -- two players -----------------------------------------------------------------------------------------------------


def test_maps_are_counted_together_and_against_by_their_winner(db: Database) -> None:
    # BBBB attack first and take it in 8:00; AAAA do no better: BBBB win the map
    _store(db, *a_match(), *a_match(minute=60, map="radar"))
    together, against = find_comparison(db, ONE, TWO), find_comparison(db, ONE, THREE)
    assert together is not None
    assert against is not None
    assert (together.together, together.against) == (Outcomes(lost=2), Outcomes())
    assert (against.together, against.against) == (Outcomes(), Outcomes(lost=2))
    other_way = find_comparison(db, THREE, ONE)
    assert other_way is not None
    assert other_way.against == Outcomes(won=2)
    later = find_comparison(db, ONE, THREE, period=Period.WEEK, today=datetime(2026, 6, 1).date())
    assert later is not None
    assert (later.against, later.first.rounds) == (Outcomes(), 0)


def test_a_duel_counts_once_by_whichever_of_the_two_it_is_told_for(db: Database) -> None:
    first, second = a_match()
    guids = {name: name for name in (ONE, TWO, THREE)}
    whole = an_endstats(duels={ONE: [(THREE, 5, 2)], THREE: [(ONE, 2, 5)], TWO: [(THREE, 9, 9)]}, guids=guids)
    half = an_endstats(duels={THREE: [(ONE, 4, 1)]}, guids=guids)
    _store(db, first, (first[0].replace(".txt", "-endstats.txt"), whole))
    _store(db, second, (second[0].replace(".txt", "-endstats.txt"), half))
    found = find_comparison(db, ONE, THREE)
    assert found is not None
    assert found.encounters == Encounters(kills=6, deaths=6, rounds=2)
    alone = find_comparison(db, ONE, TWO)
    assert alone is not None
    assert alone.encounters == Encounters()


# -- records ---------------------------------------------------------------------------------------------------------


def _told(found: list[Record]) -> list[tuple[str, str, int, float]]:
    return [(one.guid[0], one.map, one.place, one.value) for one in found]


def test_a_sessions_record_is_the_sum_of_its_rounds(db: Database) -> None:
    _store(db, _round(0, A={"gibs": 2}, B={"gibs": 3}), _round(20, map="radar", A={"gibs": 2}))
    _store(db, _round(DAY, A={"gibs": 3}, B={"gibs": 0}))
    assert _told(records(db, Scope.SESSION, figure=RecordFigure.GIBS, places=9)) == [
        ("A", "", 1, 4), ("A", "", 2, 3), ("B", "", 3, 3),
    ]  # fmt: skip
    assert _told(records_of(db, "B0000001", Scope.SESSION, figure=RecordFigure.GIBS)) == [("B", "", 3, 3)]


def test_one_figure_is_told_map_by_map_and_a_player_by_where_he_is_among_the_best(db: Database) -> None:
    _store(db, _round(0, A={"gibs": 2}, B={"gibs": 3}), _round(60, map="radar", A={"gibs": 7}, B={"gibs": 1}))
    assert _told(records_by_map(db, Scope.ROUND, RecordFigure.GIBS)) == [
        ("A", "radar", 1, 7), ("B", "supply", 1, 3), ("A", "supply", 2, 2), ("B", "radar", 2, 1),
    ]  # fmt: skip
    assert _told(records_of(db, "A0000001", Scope.ROUND, figure=RecordFigure.GIBS)) == [
        ("A", "radar", 1, 7), ("A", "supply", 2, 2),
    ]  # fmt: skip
    assert _told(records_of(db, "A0000001", Scope.ROUND, figure=RecordFigure.GIBS, map="supply")) == [
        ("A", "supply", 2, 2)
    ]
    with pytest.raises(ValueError, match="several maps"):
        records_by_map(db, Scope.SESSION, RecordFigure.GIBS)


def test_records_are_asked_for_by_scope_map_figure_and_player(db: Database) -> None:
    _store(db, _round(0, A={"gibs": 2}, B={"gibs": 3}), _round(60, map="radar", A={"gibs": 7}, B={"gibs": 1}))

    def told(**asking: Any) -> list[str]:
        return show_records(question(db, at=EVENING, **asking)).embeds[0].description.split("\n")

    assert any(line.startswith("**Gibs 7** · A") for line in told())
    assert any(line.startswith("**Gibs 3** · B") for line in told(map="supply"))
    assert [line for line in told(stat="gibs") if "**" in line] == ["**radar 7** · A", "**supply 3** · B"]
    assert told(stat="gibs", map="radar")[0].startswith("🥇 **A 7**")
    assert told(player="B", stat="gibs")[0] == "**B** holds the record 1× here and is second or third 1×"
    assert told(scope="session", stat="gibs")[0].startswith("🥇 **A 9**")


# -- maps and weapons ------------------------------------------------------------------------------------------------


def test_maps_are_told_all_one_or_somebodys(db: Database) -> None:
    _store(db, *a_match(), *a_match(minute=60, map="radar"))
    every = maps(question(db))
    assert "**2 maps**, 4 rounds counted" in texts(every)
    assert " you" not in texts(every)
    assert " you" in texts(maps(question(db, me=ONE)))
    one = maps(question(db, map="sup", me=ONE))
    assert one.embeds[0].title == "Maps · supply"
    assert f"{ONE} here" in texts(one)
    assert f"{TWO} here" in texts(maps(question(db, map="supply", me=ONE, player=f"#{TWO}")))
    assert maps(question(db, player=f"#{TWO}")).embeds[0].title == f"Maps · {TWO}"


def test_weapons_are_told_all_one_or_somebodys(db: Database) -> None:
    _store(db, *a_match())
    assert "Most kills: **MP40** with 20 kills, 100% of all" in texts(weapons(question(db, at=EVENING)))
    assert weapons(question(db, at=EVENING, weapon="mp 40")).embeds[0].title == "Weapons · MP40"
    assert weapons(question(db, at=EVENING, player=ONE)).embeds[0].title == f"Weapons · {ONE}"
    with _refused("weapons.none"):
        weapons(question(db, at=EVENING, weapon="COLT"))


def test_weapons_are_suggested_by_what_is_in_their_names(db: Database) -> None:
    found = suggest_weapon(question(db, kind=Kind.AUTOCOMPLETE, focused="weapon", weapon="scoped"))
    assert [one.value for one in found] == ["GARAND", "K43"]
    assert len(suggest_weapon(question(db, kind=Kind.AUTOCOMPLETE, focused="weapon", weapon=""))) == 25
