"""Records out of stored files: facts by hand, simulated evenings, and whatever way the files came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from etstats.domain.record import Record, RecordFigure, Scope
from etstats.domain.stats_file import Tally
from etstats.storage.database import Database
from etstats.storage.record import PLACES, records
from etstats.usecases.store_round import store
from local.simulator import (
    Feature,
    PlayerRound,
    Role,
    RoundTruth,
    SimulatedSession,
    simulate_evenings,
    simulate_session,
)
from tests.content import forget
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def _store(db: Database, *files: tuple[str, bytes]) -> None:
    for name, content in files:
        store(db, server="main", name=name, content=content, channel_id="", now=NOW)


def _round(minute: float = 0, *, map: str = "supply", **lines: dict[str, Any]) -> tuple[str, bytes]:
    """A first round of players A, B, …, each with his figures."""
    written = [a_line(f"{guid}0000001", name=guid, **figures) for guid, figures in lines.items()]
    return a_name(map=map, minute=minute), a_file(a_header(map=map), written)


def _held(db: Database, figure: RecordFigure, *, scope: Scope = Scope.ROUND, map: str = "") -> list[tuple[str, float]]:
    found = records(db, scope, map=map, places=PLACES)
    return [(one.guid[0], one.value) for one in found if one.figure is figure]


def test_holder_and_runner_up_with_when_and_where(db: Database) -> None:
    _store(db, _round(A={"gibs": 5}, B={"gibs": 2}), _round(90, map="te_escape2", A={"gibs": 1}, B={"gibs": 4}))
    best, second = (one for one in records(db, Scope.ROUND) if one.figure is RecordFigure.GIBS)
    assert (best.place, best.guid, best.value, best.map, best.at) == (1, "A0000001", 5, "supply", EVENING)
    assert (second.place, second.guid, second.map, second.at) == (
        2,
        "B0000001",
        "te_escape2",
        EVENING + timedelta(minutes=90),
    )
    assert _held(db, RecordFigure.GIBS, map="te_escape2") == [("B", 4), ("A", 1)]


def test_equals_go_to_the_newest_and_then_by_name(db: Database) -> None:
    _store(db, _round(A={"xp": 50}), _round(90, C={"xp": 50}, B={"xp": 50}), _round(200, D={"xp": 49}))
    assert _held(db, RecordFigure.XP) == [("B", 50), ("C", 50), ("A", 50)]


def test_a_record_shows_the_name_of_then_and_of_now(db: Database) -> None:
    _store(db, (a_name(), a_file(a_header(), [a_line("A0000001", name="Old", gibs=9)])))
    _store(db, (a_name(minute=90), a_file(a_header(), [a_line("A0000001", name="New", gibs=1)])))
    best = next(one for one in records(db, Scope.ROUND) if one.figure is RecordFigure.GIBS)
    assert (best.name, best.now_called) == ("Old", "New")


@pytest.mark.parametrize(
    ("tally", "minutes", "record"),
    [
        ((30, 100, 5, 4, 3), 10.0, [30.0]),
        ((40, 50, 5, 4, 3), 10.0, []),  # fifty shots prove nothing yet
        ((40, 51, 5, 4, 3), 10.0, [100 * 40 / 51]),
        ((900, 1801, 5, 4, 3), 2.0, []),  # more than 15 a second in 120 seconds
        ((900, 1800, 5, 4, 3), 2.0, [50.0]),
    ],
)
def test_an_accuracy_must_be_plausible(db: Database, tally: Tally, minutes: float, record: list[float]) -> None:
    _store(db, _round(A={"weapons": {"MP40": tally}, "time_played_min": minutes}))
    assert [value for _, value in _held(db, RecordFigure.ACCURACY)] == pytest.approx(record)


def test_unknown_and_zero_are_no_records(db: Database) -> None:
    _store(db, _round(A={"fields": 37}))
    assert _held(db, RecordFigure.REVIVES) == []
    assert _held(db, RecordFigure.PLANTED) == []


def test_both_rounds_of_a_map_are_one_record(db: Database) -> None:
    _store(db, *a_match())
    assert _held(db, RecordFigure.DAMAGE, scope=Scope.MAP) == [("A", 2200), ("A", 2100), ("B", 1900)]
    best = next(one for one in records(db, Scope.MAP) if one.figure is RecordFigure.DAMAGE)
    assert (best.at, len(best.rounds)) == (EVENING + timedelta(minutes=10), 2)
    assert max(value for _, value in _held(db, RecordFigure.DAMAGE)) == 1200  # round 2 alone, not what ran on


@pytest.mark.parametrize("torn_first", [False, True])
def test_a_map_of_which_one_round_is_torn_holds_nothing(db: Database, torn_first: bool) -> None:
    whole, (name, content) = a_match()
    torn = name, content.replace(b"\t", b"\t\t")
    _store(db, *((torn, whole) if torn_first else (whole, torn)))
    assert db.values("select count(*) from match") == [1]
    assert _held(db, RecordFigure.DAMAGE, scope=Scope.MAP) == []


def test_a_second_round_alone_holds_nothing(db: Database) -> None:
    first, second = a_match()
    _store(db, second)
    assert records(db, Scope.ROUND) == records(db, Scope.MAP) == []
    _store(db, first)
    assert _held(db, RecordFigure.DAMAGE, scope=Scope.MAP)[0] == ("A", 2200)


def test_a_record_that_turns_out_wrong_goes_to_the_next(db: Database) -> None:
    rounds = [_round(90 * number, A={"gibs": number + 1}) for number in range(6)]
    _store(db, *rounds)
    assert _held(db, RecordFigure.GIBS) == [("A", 6), ("A", 5), ("A", 4)]
    _store(db, (rounds[5][0], _round(A={"gibs": 2})[1]), (rounds[3][0], _round(A={"gibs": 0})[1]))
    assert _held(db, RecordFigure.GIBS) == [("A", 5), ("A", 3), ("A", 2)]


def _dump(db: Database) -> list[Any]:
    return db.values("select to_jsonb(player_record) from player_record order by player_record")


def test_records_are_the_same_whatever_way_files_came(db: Database) -> None:
    features = (Feature.REPLACED_ROUND, Feature.MISSING_ROUND_1, Feature.SUBSTITUTION)
    session = simulate_session(seed=4, maps=4, players=6, features=features)
    files = [(file.name, file.content) for file in session.files]
    _store(db, *files)
    in_order = _dump(db)
    # the third round comes damaged at first: half of its players are missing
    third = b"".join(files[2][1].splitlines(keepends=True)[:4])
    for order in range(3):
        forget(db)
        shuffled = [*files, (files[2][0], third)] if order else [(files[2][0], third), *files]
        if order:
            Random(order).shuffle(shuffled)
        _store(db, *shuffled, files[2])
        assert _dump(db) == in_order


_FIGURES = {
    RecordFigure.KILLS: "kills", RecordFigure.DAMAGE: "damage_given", RecordFigure.XP: "xp",
    RecordFigure.REVIVES: "revives_given", RecordFigure.REVIVED: "times_revived", RecordFigure.GIBS: "gibs",
    RecordFigure.USEFUL: "useful_kills", RecordFigure.STOLEN: "objectives_stolen",
    RecordFigure.RETURNED: "objectives_returned", RecordFigure.PLANTED: "dynamites_planted",
    RecordFigure.DEFUSED: "dynamites_defused",
}  # fmt: skip


def _bests(shares: Iterable[tuple[datetime, str, str, int]]) -> list[tuple[str, float]]:
    """(guid, value) of (at, name, guid, value), in the order of places."""
    placed = sorted((one for one in shares if one[3] > 0), key=lambda one: (-one[3], -one[0].timestamp(), one[1]))
    return [(guid, value) for _, _, guid, value in placed[:2]]


def test_records_of_simulated_evenings_are_what_happened(db: Database) -> None:
    told = list(simulate_evenings(seed=11, days=3, maps=3, players=6, regulars=10))
    for session in told:
        _store(db, *((file.name, file.content) for file in session.files))
    rounds = [played for session in told for played in session.truth.rounds]
    singles = [(played, one) for played in rounds for one in played.players]
    found = records(db, Scope.ROUND)
    for figure, name in _FIGURES.items():
        shares = ((played.ended_at, one.plain_name, one.guid, getattr(one, name)) for played, one in singles)
        assert _told(found, figure) == _bests(shares), figure
    found = records(db, Scope.MAP)
    for figure in (RecordFigure.KILLS, RecordFigure.DAMAGE, RecordFigure.XP, RecordFigure.REVIVES, RecordFigure.GIBS):
        assert _told(found, figure) == _bests(_whole_maps(told, _FIGURES[figure])), figure


def _told(found: Iterable[Record], figure: RecordFigure) -> list[tuple[str, float]]:
    return [(one.guid, one.value) for one in found if one.figure is figure]


def _whole_maps(told: Iterable[SimulatedSession], name: str) -> Iterable[tuple[datetime, str, str, int]]:
    for session in told:
        rounds: list[RoundTruth] = list(session.truth.rounds)
        for first, second in pairwise(rounds):
            if (first.role, second.role) != (Role.FIRST, Role.SECOND):
                continue
            people: dict[str, list[PlayerRound]] = {}
            for one in (*first.players, *second.players):
                people.setdefault(one.guid, []).append(one)
            for guid, played in people.items():
                yield second.ended_at, played[-1].plain_name, guid, sum(getattr(one, name) for one in played)
