"""Standings out of stored files: against facts worked out by hand, and against what happened in simulated evenings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

import pytest

from etstats.cards.text import part
from etstats.commands.leaderboard import leaderboard
from etstats.domain.measure import MEANINGS, Measure
from etstats.domain.period import Period, first_day
from etstats.domain.stats_file import Tally
from etstats.errors import Refusal
from etstats.storage.database import Database
from etstats.storage.leaderboard import board, rankings, standings
from etstats.usecases.store_round import store
from etstats.words import words_for
from local.simulator import PlayerRound, RoundTruth, SimulatedSession, simulate_evenings
from tests.builders import buttons, question
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = EVENING.date()  # Friday, 6 March 2026
DAY = 24 * 60


def _store(db: Database, *files: tuple[str, bytes]) -> None:
    for name, content in files:
        store(db, server="main", name=name, content=content, channel_id="", now=NOW)


def _scores(
    db: Database, measure: Measure, *, period: Period = Period.ALL, map: str = "", today: date = TODAY
) -> dict[str, float]:
    listed = standings(db, measure, period=period, map=map, today=today, limit=100)
    return {one.guid: one.score for one in listed}


@pytest.mark.parametrize(
    ("period", "since"),
    [
        (Period.WEEK, date(2026, 2, 28)),
        (Period.MONTH, date(2026, 2, 5)),
        (Period.QUARTER, date(2025, 12, 7)),
        (Period.SEASON, date(2026, 1, 1)),
        (Period.ALL, None),
    ],
)
def test_a_period_ends_today(period: Period, since: date | None) -> None:
    assert first_day(period, TODAY) == since


@pytest.mark.parametrize(
    ("today", "first", "called"),
    [
        (date(2025, 12, 31), date(2025, 10, 1), "Winter season 2025"),
        (date(2026, 4, 1), date(2026, 4, 1), "Summer season 2026"),
        (date(2026, 9, 30), date(2026, 7, 1), "Autumn season 2026"),
    ],
)
def test_a_season_is_a_quarter_of_the_calendar(today: date, first: date, called: str) -> None:
    assert first_day(Period.SEASON, today) == first
    assert part(words_for("en"), Period.SEASON, "", today) == [called]


def _evening_with(minute: float, **figures: Any) -> tuple[str, bytes]:
    """One round of two players, of whom AAAA0001 has *figures*."""
    lines = [a_line("AAAA0001", team=1, **figures), a_line("BBBB0001", team=2)]
    return a_name(minute=minute), a_file(a_header(), lines)


def test_a_period_counts_the_days_in_it_and_no_other(db: Database) -> None:
    for days, damage in ((0, 1), (6, 10), (7, 100), (29, 1_000), (30, 10_000), (64, 100_000), (65, 1_000_000)):
        _store(db, _evening_with(-days * DAY, damage_given=damage))
    damage_in = {period: _scores(db, Measure.DAMAGE, period=period)["AAAA0001"] for period in Period}
    assert damage_in == {
        Period.WEEK: 11, Period.MONTH: 1_111, Period.QUARTER: 1_111_111, Period.SEASON: 111_111, Period.ALL: 1_111_111,
    }  # fmt: skip


def test_a_season_starts_at_midnight_of_its_first_day(db: Database) -> None:
    first = (EVENING - datetime(2026, 1, 1)) / timedelta(minutes=1)
    _store(db, _evening_with(-first, damage_given=5), _evening_with(-first - 1 / 60, damage_given=70))
    assert _scores(db, Measure.DAMAGE, period=Period.SEASON)["AAAA0001"] == 5


def test_a_map_alone_in_all_time_and_in_a_period(db: Database) -> None:
    _store(db, *a_match(map="supply"), *a_match(map="te_escape2", minute=30), *a_match(map="supply", minute=-8 * DAY))
    assert _scores(db, Measure.DAMAGE, map="supply")["AAAA0001"] == 2 * 2200
    assert _scores(db, Measure.DAMAGE, map="supply", period=Period.WEEK)["AAAA0001"] == 2200
    assert _scores(db, Measure.DAMAGE, map="te_escape2", period=Period.WEEK)["AAAA0001"] == 2200
    assert _scores(db, Measure.DAMAGE, map="te_escape2", period=Period.WEEK, today=TODAY + timedelta(days=7)) == {}
    assert _scores(db, Measure.DAMAGE, map="nowhere") == {}


def test_dpm_weighs_rounds_by_their_time(db: Database) -> None:
    _store(db, _evening_with(0, damage_given=100, time_played_min=1.0), _evening_with(60, damage_given=5000))
    assert _scores(db, Measure.DPM)["AAAA0001"] == pytest.approx(5100 / 11)  # not the mean of 100 and 500


def test_wins_are_rounds_on_the_side_that_won(db: Database) -> None:
    _store(db, *a_match())  # Allies take it, then hold out as Axis: their rosters swap sides in between
    assert _scores(db, Measure.WINS) == {"BBBB0001": 2, "BBBB0002": 2, "AAAA0001": 0, "AAAA0002": 0}


def test_grenades_are_counted_apart(db: Database) -> None:
    weapons: dict[str, Tally] = {"GRENADE": (30, 12, 4, 0, 0), "MP40": (10, 90, 7, 2, 1)}
    line = a_line("AAAA0001", weapons=weapons)
    _store(db, (a_name(), a_file(a_header(), [line])))
    for period in (Period.ALL, Period.WEEK):
        assert _scores(db, Measure.GRENADES, period=period) == {"AAAA0001": 4}
    assert _scores(db, Measure.KILLS) == {"AAAA0001": 11}


def test_rates_of_shots_ask_for_shots_too(db: Database) -> None:
    weapons: dict[str, dict[str, Tally]] = {
        "AAAA0001": {"MP40": (900, 3000, 9, 9, 90)},
        "BBBB0001": {"MP40": (400, 750, 9, 9, 90)},
        "CCCC0001": {"MP40": (700, 749, 9, 9, 90)},
    }
    lines = [a_line(guid, weapons=used) for guid, used in weapons.items()]
    _store(db, (a_name(), a_file(a_header(), lines)))
    listed = standings(db, Measure.ACCURACY, limit=10)
    assert [(one.guid[0], one.sample, one.enough_of_it) for one in listed] == [("B", 750, 750), ("A", 3000, 750)]


def test_unknown_stays_out_of_the_list(db: Database) -> None:
    old = [a_line("AAAA0001", fields=37), a_line("BBBB0001", fields=37)]
    new = [a_line("BBBB0001", fields=38, revives_given=0)]
    _store(db, (a_name(), a_file(a_header(), old)), (a_name(minute=60), a_file(a_header(), new)))
    for period in (Period.ALL, Period.WEEK):
        (only,) = standings(db, Measure.REVIVES, period=period, today=TODAY, limit=10)
        assert (only.guid, only.score, only.sample, only.rounds) == ("BBBB0001", 0, 1, 2)


def test_attendance_is_the_longest_run_of_sessions_without_missing_one(db: Database) -> None:
    there = ["AB", "AB", "B", "AB", "ABC", "A"]  # six evenings: A misses one, B the last, C comes once
    for day, guids in enumerate(there):
        lines = [a_line(f"{guid}0000001") for guid in guids]
        _store(db, (a_name(minute=(day - 10) * DAY), a_file(a_header(), lines)))
    assert _scores(db, Measure.ATTENDANCE) == {"B0000001": 5, "A0000001": 3, "C0000001": 1}
    assert _scores(db, Measure.ATTENDANCE, period=Period.WEEK, today=TODAY - timedelta(days=2)) == {
        "B0000001": 3, "A0000001": 3, "C0000001": 1,
    }  # fmt: skip
    assert _scores(db, Measure.SESSIONS) == {"A0000001": 5, "B0000001": 5, "C0000001": 1}


def test_everybody_finds_his_own_place_and_what_he_lacks_to_the_next(
    simulated: tuple[Database, list[SimulatedSession]],
) -> None:
    db, _ = simulated
    for measure in (Measure.DPM, Measure.DISCIPLINE, Measure.SPREE, Measure.ATTENDANCE):
        listed = standings(db, measure, limit=100)
        for one in listed:
            found = board(db, measure, lines=3, guid=one.guid, find=True)
            assert one in found.standings
            assert found.standings == tuple(listed[(found.page - 1) * 3 : found.page * 3])
            better = [other.score for other in listed if other.rank < one.rank]
            assert found.place is not None
            assert (found.place.rank, found.place.score, found.place.rounds) == (one.rank, one.score, one.rounds)
            lacks = min(abs(score - one.score) for score in better) if better else None
            assert found.place.gap == (lacks if lacks is None else pytest.approx(lacks))
    assert board(db, Measure.KILLS, lines=3, guid="FFFFFFFF", find=True).place is None


def test_who_is_not_listed_is_told_what_it_takes(db: Database) -> None:
    keen, seldom = [a_line("AAAA0001")], [a_line("AAAA0001"), a_line("BBBB0001")]
    _store(db, *((a_name(minute=90 * number), a_file(a_header(), keen)) for number in range(11)))
    _store(db, (a_name(minute=2000), a_file(a_header(), seldom)))
    found = board(db, Measure.KILLS, lines=10, guid="BBBB0001")
    assert [one.guid for one in found.standings] == ["AAAA0001"]
    assert found.place is not None
    assert (found.place.rank, found.place.rounds, found.place.enough_rounds) == (None, 1, 3)


def test_a_page_beyond_the_last_is_the_last(simulated: tuple[Database, list[SimulatedSession]]) -> None:
    db, _ = simulated
    listed = standings(db, Measure.GAMES, limit=100)
    found = board(db, Measure.GAMES, lines=3, page=40)
    assert found.page == -(-len(listed) // 3)
    assert found.standings[-1] == listed[-1]


def test_a_players_rankings_are_those_of_the_leaderboards(
    simulated: tuple[Database, list[SimulatedSession]],
) -> None:
    db, _ = simulated
    measures: list[Measure] = [
        one for one in Measure if one not in (Measure.SESSIONS, Measure.ATTENDANCE, Measure.GRENADES)
    ]
    parts: list[dict[str, Any]] = [{}, {"period": Period.WEEK, "today": TODAY}, {"map": "supply"}]
    for some in parts:
        listed = {measure: standings(db, measure, limit=100, **some) for measure in measures}
        for guid in {one.guid for among in listed.values() for one in among}:
            for found in rankings(db, guid, measures, **some):
                others = listed[found.measure]
                ranks = {one.guid: one.rank for one in others}
                assert (found.rank, found.listed) == (ranks.get(guid), len(others))
                assert found.enough_rounds == others[0].enough_rounds
    nobody = rankings(db, "FFFFFFFF", [Measure.DPM, Measure.KD])
    assert [one.rank for one in nobody] == [None, None]


@pytest.fixture
def simulated(db: Database) -> tuple[Database, list[SimulatedSession]]:
    """Five evenings of two maps, the last on TODAY."""
    told = list(simulate_evenings(seed=3, days=5, maps=2, players=6, regulars=10, last_ends_at=EVENING))
    for session in told:
        _store(db, *((file.name, file.content) for file in session.files))
    return db, told


def _shares(told: Iterable[SimulatedSession], since: date, map: str) -> Iterator[tuple[RoundTruth, PlayerRound]]:
    for session in told:
        for played in session.truth.rounds:
            if played.ended_at.date() >= since and map in ("", played.map_name):
                yield from ((played, player) for player in played.players)


def _won(played: RoundTruth, player: PlayerRound) -> bool:
    attacked = player.team == played.attackers
    return attacked == (played.outcome.value == "completed")


def _expected(shares: Iterable[tuple[RoundTruth, PlayerRound]]) -> dict[Measure, dict[str, float]]:
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for played, one in shares:
        mine = sums[one.guid]
        for name in ("kills", "deaths", "damage_given", "kill_assists", "gibs", "xp", "self_kills", "revives_given",
                     "full_selfkills", "useful_kills", "team_damage_given"):  # fmt: skip
            mine[name] += getattr(one, name)
        mine["objectives"] += (
            one.objectives_stolen + one.objectives_returned + one.dynamites_planted + one.dynamites_defused
        )
        mine["multikills"] += one.multikill_2 + one.multikill_3 + one.multikill_4 + one.multikill_5 + one.multikill_6
        mine["spree"] = max(mine["spree"], one.killing_spree)
        mine["rounds"] += 1
        mine["wins"] += _won(played, one)
    plain: dict[Measure, dict[str, float]] = {
        measure: {guid: mine[name] for guid, mine in sums.items()} for measure, name in _PLAIN.items()
    }
    return plain | {
        Measure.EFFICIENCY: {g: 100 * m["kills"] / (m["kills"] + m["deaths"]) for g, m in sums.items()},
        Measure.USEFUL: {g: 100 * m["useful_kills"] / m["kills"] for g, m in sums.items()},
        Measure.DISCIPLINE: {
            g: 100 * m["team_damage_given"] / (m["team_damage_given"] + m["damage_given"]) for g, m in sums.items()
        },
    }  # fmt: skip


_PLAIN = {
    Measure.KILLS: "kills", Measure.DEATHS: "deaths", Measure.DAMAGE: "damage_given", Measure.ASSISTS: "kill_assists",
    Measure.GIBS: "gibs", Measure.XP: "xp", Measure.SELF_KILLS: "self_kills", Measure.REVIVES: "revives_given",
    Measure.FULL_SELF_KILLS: "full_selfkills", Measure.OBJECTIVES: "objectives", Measure.MULTIKILLS: "multikills",
    Measure.SPREE: "spree", Measure.GAMES: "rounds", Measure.WINS: "wins",
}  # fmt: skip


def test_standings_of_simulated_evenings_are_what_happened(simulated: tuple[Database, list[SimulatedSession]]) -> None:
    db, told = simulated
    maps = {played.map_name for session in told for played in session.truth.rounds}
    for period, days in ((Period.ALL, 10), (Period.WEEK, 6)):
        for map in ("", min(maps)):
            for measure, expected in _expected(_shares(told, TODAY - timedelta(days=days), map)).items():
                listed = standings(db, measure, period=period, map=map, today=TODAY, limit=100)
                assert listed, measure
                for one in listed:
                    assert one.score == pytest.approx(expected[one.guid]), (measure, period, map, one)
                    assert one.rounds >= one.enough_rounds
                assert _ranks([one.score for one in listed]) == [one.rank for one in listed]
                assert (listed[0].score <= listed[-1].score) is MEANINGS[measure].least_first or (
                    listed[0].score == listed[-1].score
                )


def _ranks(scores: list[float]) -> list[int]:
    """1, 2, 2, 4 …"""
    ranks: list[int] = []
    for _, equals in groupby(scores):
        ranks += [len(ranks) + 1] * len(list(equals))
    return ranks


def test_every_measure_can_be_asked_for(simulated: tuple[Database, list[SimulatedSession]]) -> None:
    db, _ = simulated
    for period in Period:
        empty = [
            one
            for one in Measure
            if not leaderboard(question(db, "leaderboard", at=EVENING, stat=one.value, period=period.value)).embeds
        ]
        assert empty == []


def test_a_map_is_asked_for_by_any_part_of_its_name(db: Database) -> None:
    _store(db, *a_match(map="supply_final_of_finals"))
    for typed in ("supply_final_of_finals", "SUPPLY", "finals"):
        title = leaderboard(question(db, "leaderboard", stat="kills", map=typed)).embeds[0].title
        assert title == "Leaderboard · Kills · supply\\_final\\_of\\_finals"
    with pytest.raises(Refusal) as refused:
        leaderboard(question(db, "leaderboard", map="goldrush"))
    assert (refused.value.key, refused.value.values) == ("refusal.unknown_map", {"typed": "goldrush"})


def test_the_pages_of_a_map_with_a_long_name_are_of_that_map(db: Database) -> None:
    crowd = [a_line(f"AAAA00{number:02}") for number in range(11)]
    header = a_header(map="supply_final_of_finals")
    _store(db, (a_name(map="supply_final_of_finals"), a_file(header, crowd)))
    _store(db, (a_name(map="supply_final_of_fun", minute=30), a_file(a_header(map="supply_final_of_fun"), crowd)))
    first = leaderboard(question(db, "leaderboard", stat="games", map="supply_final_of_finals"))
    pressed: dict[str, Any] = dict(buttons(first)[1].press.options)
    second = leaderboard(question(db, "leaderboard", **pressed))
    assert second.embeds[0].title == first.embeds[0].title
    assert "page 2 of 2" in second.embeds[0].footer


def test_what_is_not_kept_by_map_is_not_told_by_map(db: Database) -> None:
    with pytest.raises(Refusal) as refused:
        leaderboard(question(db, "leaderboard", stat="sessions", map="supply"))
    assert (refused.value.key, refused.value.values) == ("leaderboard.not_by_map", {"measure": "Sessions"})
