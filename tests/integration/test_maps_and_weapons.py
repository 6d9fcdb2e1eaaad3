"""Maps, weapons, names and form out of stored files: facts by hand, and what happened in simulated evenings."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import pytest

from etstats.domain.form import FIGURES, Lean, SideSums, Stamina, Tiring, Usual, Verdict
from etstats.domain.measure import Measure
from etstats.domain.period import Period
from etstats.domain.stats_file import Tally
from etstats.storage.database import Database
from etstats.storage.form import find_form
from etstats.storage.map import maps_of, maps_played
from etstats.storage.player import aliases
from etstats.storage.weapon import weapons_of, weapons_used
from etstats.usecases.store_round import store
from local.simulator import Outcome, RoundTruth, SimulatedSession, simulate_evenings
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = EVENING.date()
DAY = 24 * 60


def _store(db: Database, *files: tuple[str, bytes]) -> None:
    for name, content in files:
        store(db, server="main", name=name, content=content, channel_id="", now=NOW)


@pytest.fixture
def simulated(db: Database) -> tuple[Database, list[SimulatedSession]]:
    told = list(simulate_evenings(seed=21, days=3, maps=3, players=6, regulars=10, last_ends_at=EVENING))
    for session in told:
        _store(db, *((file.name, file.content) for file in session.files))
    return db, told


def test_a_map_is_told_by_its_counted_rounds(db: Database) -> None:
    given_up = a_file(a_header(number=1, winner=1), [a_line("AAAA0001", time_played_min=3.0)])
    _store(db, *a_match(), *a_match(minute=-DAY), (a_name(minute=90), given_up), a_match(minute=200)[1])
    (supply,) = maps_played(db)
    assert (supply.map, supply.rounds, supply.matches) == ("supply", 5, 2)
    # round 1 falls to Allies after 8:00, round 2 is held by Axis; and one is given up after three minutes
    assert (supply.axis_wins, supply.allies_wins, supply.defended, supply.completed) == (3, 2, 3, 2)
    assert (supply.given_up, supply.shortest_s, supply.longest_s, supply.mean_s) == (1, 480, 480, 480)
    assert (supply.fastest_s, supply.fastest_at) == (480, EVENING)
    assert supply.last_at == EVENING + timedelta(minutes=90)


def test_a_map_that_always_held_has_no_fastest_time(db: Database) -> None:
    held = [a_line("AAAA0001", time_played_min=12.0)]
    _store(db, (a_name(), a_file(a_header(), held)))
    (supply,) = maps_played(db, map="supply")
    assert (supply.fastest_s, supply.fastest_at, supply.longest_s) == (None, None, 720)
    assert maps_played(db, map="nowhere") == []


def test_maps_of_simulated_evenings_are_what_happened(simulated: tuple[Database, list[SimulatedSession]]) -> None:
    db, told = simulated
    rounds: dict[str, list[RoundTruth]] = defaultdict(list)
    for session in told:
        for played in session.truth.rounds:
            rounds[played.map_name].append(played)
    found = maps_played(db)
    assert {one.map for one in found} == set(rounds)
    for one in found:
        there = rounds[one.map]
        outcomes = Counter(played.outcome for played in there)
        assert (one.rounds, one.completed, one.given_up) == (
            len(there), outcomes[Outcome.COMPLETED], outcomes[Outcome.GIVEN_UP],
        )  # fmt: skip
        times = [played.duration_ms / 1000 for played in there if played.outcome is Outcome.COMPLETED]
        assert one.fastest_s == (pytest.approx(min(times), abs=1) if times else None)
        assert one.kills == sum(player.kills for played in there for player in played.players)
        assert one.damage_given == sum(player.damage_given for played in there for player in played.players)


def test_what_maps_one_plays(db: Database) -> None:
    _store(db, *a_match(), *a_match(minute=90, map="adler"))
    lines = [a_line("AAAA0001", weapons={"MP40": (30, 90, 7, 1, 1)}), a_line("CCCC0001")]
    _store(db, (a_name(minute=300, map="adler"), a_file(a_header(map="adler"), lines)))
    adler, supply = maps_of(db, "AAAA0001")
    assert [(one.guid, one.map, one.rounds) for one in (adler, supply)] == [
        ("AAAA0001", "adler", 3), ("AAAA0001", "supply", 2),
    ]  # fmt: skip
    assert adler.kills == supply.kills + 7
    assert maps_of(db, "FFFFFFFF") == []


def test_weapons_of_simulated_evenings_are_what_happened(simulated: tuple[Database, list[SimulatedSession]]) -> None:
    db, told = simulated
    for period, since in ((Period.ALL, TODAY - timedelta(days=9)), (Period.WEEK, TODAY - timedelta(days=6))):
        sums: dict[str, Counter[str]] = defaultdict(Counter)
        kills: dict[str, Counter[str]] = defaultdict(Counter)
        for session in told:
            for played in session.truth.rounds:
                for player in played.players if played.ended_at.date() >= since else ():
                    for one in player.weapons:
                        sums[one.weapon].update(hits=one.hits, kills=one.kills, headshots=one.headshots)
                        kills[one.weapon][player.guid] += one.kills
        for found in weapons_used(db, period=period, today=TODAY):
            mine = sums[found.weapon]
            assert (found.hits, found.kills, found.headshots) == (mine["hits"], mine["kills"], mine["headshots"])
            best = sorted(kills[found.weapon].values(), reverse=True)[:5]
            assert [one.kills for one in found.top] == [number for number in best if number]
            assert all(kills[found.weapon][one.guid] == one.kills for one in found.top)


def test_a_player_is_set_against_the_median_of_those_who_use_a_weapon_enough(db: Database) -> None:
    tallies: list[Tally] = [(10, 100, 2, 1, 1), (20, 100, 4, 1, 4), (60, 100, 9, 1, 30)]
    lines = [a_line(f"AAAA000{number}", weapons={"MP40": tally}) for number, tally in enumerate(tallies)]
    _store(db, *((a_name(minute=90 * number), a_file(a_header(), lines)) for number in range(4)))
    # who picked it up in one round of the keenest's four is in; in one of his eight he would not be
    _store(db, (a_name(minute=500), a_file(a_header(), [a_line("CCCC0001", weapons={"MP40": (90, 100, 9, 9, 9)})])))
    (mp40,) = weapons_of(db, "AAAA0000")
    assert (mp40.rounds, mp40.hits, mp40.shots, mp40.kills, mp40.headshots) == (4, 40, 400, 8, 4)
    assert mp40.compared_with == 4
    assert mp40.median_accuracy == pytest.approx(median([10, 20, 60, 90]))
    assert mp40.median_headshots == pytest.approx(median([10, 20, 50, 10]))
    assert mp40.median_kills_per_round == pytest.approx(median([2, 4, 9, 9]))
    _store(db, *((a_name(minute=1000 + 90 * number), a_file(a_header(), lines)) for number in range(4)))
    (mp40,) = weapons_of(db, "AAAA0000")
    assert mp40.compared_with == 3
    assert mp40.median_accuracy == pytest.approx(20)


def test_hits_per_kill_tell_how_many_a_grenade_reaches(db: Database) -> None:
    line = a_line("AAAA0001", weapons={"GRENADE": (30, 12, 10, 0, 0), "KNIFE": (0, 3, 0, 0, 0)})
    _store(db, (a_name(), a_file(a_header(), [line])))
    told = {one.weapon: one for one in weapons_used(db)}
    assert (told["GRENADE"].hits_per_kill, told["KNIFE"].hits_per_kill) == (3.0, None)
    assert (told["GRENADE"].top[0].name, told["KNIFE"].top) == ("AAAA0001", ())


def test_names_come_with_when_and_how_often(db: Database) -> None:
    for day, name in enumerate(["Old", "New", "Old", "^1New"]):
        _store(db, (a_name(minute=(day - 9) * DAY), a_file(a_header(), [a_line("AAAA0001", name=name)])))
    assert [(one.name, one.rounds, (EVENING - one.first_at).days, (EVENING - one.last_at).days)
            for one in aliases(db, "AAAA0001")] == [("New", 2, 8, 6), ("Old", 2, 9, 7)]  # fmt: skip


def test_form_sets_the_latest_session_against_the_ten_before(db: Database) -> None:
    damages = [9_000, *[1_000] * 9, 2_000, 1_100]  # the oldest is the eleventh before the latest
    for day, damage in enumerate(damages):
        lines = [a_line("AAAA0001", damage_given=damage, time_played_min=10.0)]
        _store(db, (a_name(minute=(day - 11) * DAY), a_file(a_header(), lines)))
    found = find_form(db, "AAAA0001", today=TODAY)
    assert len(found.sessions) == 11
    assert (found.sessions[0].part, found.sessions[0].whole) == (1_100, 600)
    assert found.usual == Usual(now=110, usual=110, verdict=Verdict.AROUND)
    assert found.consistency is not None
    assert found.consistency.rounds == 12
    yesterday = find_form(db, "AAAA0001", today=TODAY - timedelta(days=1))
    assert (yesterday.usual.verdict, yesterday.usual.usual) == (Verdict.ABOVE, 180.0)
    nobody = find_form(db, "FFFFFFFF", today=TODAY)
    assert (nobody.sessions, nobody.usual.usual, nobody.usual.verdict, nobody.consistency) == ((), None, None, None)
    assert (nobody.course, nobody.tiring, nobody.leaning.lean, nobody.leaning.rounds) == (None, None, None, 0)


def test_form_calls_a_session_by_the_day_it_began_even_for_whoever_came_after_midnight(db: Database) -> None:
    """From 21:00 to 00:20; its own card calls it by the first."""
    for minute, guid in ((0, "AAAA0001"), (50, "AAAA0001"), (100, "AAAA0001"), (150, "AAAA0001"), (200, "BBBB0001")):
        _store(db, (a_name(minute=minute, map=f"map{minute}"), a_file(a_header(map=f"map{minute}"), [a_line(guid)])))
    for guid in ("AAAA0001", "BBBB0001"):
        (session,) = find_form(db, guid, today=TODAY + timedelta(days=1)).sessions
        assert session.first_at == EVENING


def test_form_is_told_of_every_figure_a_session_keeps(db: Database) -> None:
    told: dict[str, Any] = {
        "kill_assists": 3,
        "gibs": 2,
        "useful_kills": 4,
        "dynamites_planted": 1,
        "objectives_stolen": 2,
        "xp": 40,
    }
    weapons: dict[str, Tally] = {"MP40": (50, 200, 8, 5, 10)}
    line = a_line("AAAA0001", weapons=weapons, damage_given=1500, time_played_min=10.0, revives_given=6, **told)
    _store(db, *((a_name(map=map), a_file(a_header(map=map), [line])) for map in ("supply", "radar")))
    now = {measure: find_form(db, "AAAA0001", measure=measure, today=TODAY).usual.now for measure in FIGURES}
    assert now == pytest.approx(
        {
            Measure.DPM: 150, Measure.KD: 1.6, Measure.KILLS: 8, Measure.DEATHS: 5, Measure.ACCURACY: 25,
            Measure.HEADSHOTS: 20, Measure.USEFUL: 50, Measure.SURVIVAL: 80, Measure.REVIVES: 6, Measure.ASSISTS: 3,
            Measure.GIBS: 2, Measure.OBJECTIVES: 3, Measure.XP: 40,
        }
    )  # fmt: skip


def test_tiring_looks_at_the_latest_session_and_leaning_at_ninety_days_of_sides(db: Database) -> None:
    def rounds(day: int, *damages: int, team: int) -> list[tuple[str, bytes]]:
        """A map each, of which Axis defend."""
        return [
            (
                a_name(minute=day * DAY + 20 * at, map=f"map{at}"),
                a_file(a_header(map=f"map{at}"), [a_line(team=team, damage_given=damage, time_played_min=10.0)]),
            )
            for at, damage in enumerate(damages)
        ]

    _store(
        db, *rounds(-90, *[9_000] * 3, team=1), *rounds(-89, *[1_000] * 4, team=1), *rounds(-5, *[3_000] * 4, team=2)
    )
    _store(db, *rounds(-1, 1_000, 1_000, 2_000, 2_000, 3_000, 3_000, team=2))
    found = find_form(db, "AAAA0001", today=TODAY)
    assert found.tiring == Tiring(rounds=6, early_dpm=100, late_dpm=300, stamina=Stamina.WARMING_UP)
    assert found.leaning.defence == SideSums(rounds=4, damage_given=4_000, played_s=2_400)
    assert found.leaning.attack == SideSums(rounds=10, damage_given=24_000, played_s=6_000)
    assert found.leaning.lean is Lean.ATTACK
    assert (found.steady_rounds, found.latest_rounds) == (10, 6)


def test_consistency_looks_at_thirty_days_and_rounds_over_a_minute(db: Database) -> None:
    for number in range(10):
        minute = -29 * DAY - 5 if number == 9 else -90 * number
        lines = [a_line("AAAA0001", time_played_min=1.0 if number == 8 else 10.0)]
        _store(db, (a_name(minute=minute), a_file(a_header(), lines)))
    assert find_form(db, "AAAA0001", today=TODAY).consistency is None  # nine: one of them lasted a minute
    _store(db, (a_name(minute=-10 * DAY), a_file(a_header(), [a_line("AAAA0001")])))
    found = find_form(db, "AAAA0001", today=TODAY).consistency
    assert found is not None
    assert found.rounds == 10
    assert find_form(db, "AAAA0001", today=TODAY + timedelta(days=2)).consistency is None
