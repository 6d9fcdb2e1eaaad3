"""A player's profile out of stored files, whole and in parts, in one statement."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from etstats.commands.stats import stats
from etstats.domain.measure import Measure
from etstats.domain.period import Period
from etstats.domain.player import Profile
from etstats.domain.stats_file import Tally
from etstats.domain.total import figure_of, sample_of
from etstats.errors import Refusal
from etstats.storage.database import Database
from etstats.storage.leaderboard import standings
from etstats.storage.map import maps_of, maps_played
from etstats.storage.player import find_profile
from etstats.usecases.store_round import store
from local.simulator import simulate_evenings
from tests.builders import question
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = EVENING.date()
DAY = 24 * 60
ALL_KINDS: dict[str, Tally] = {"MP40": (50, 200, 9, 5, 6), "GRENADE": (9, 6, 3, 1, 0), "KNIFE": (0, 2, 0, 0, 0)}


def _store(db: Database, *files: tuple[str, bytes]) -> None:
    for name, content in files:
        store(db, server="main", name=name, content=content, channel_id="", now=NOW)


def _played(minute: float, *, map: str = "supply", fields: int = 38, **line: Any) -> tuple[str, bytes]:
    return a_name(map=map, minute=minute), a_file(
        a_header(map=map), [a_line("AAAA0001", fields=fields, **line), a_line("BBBB0001", fields=fields)]
    )


def _profile(db: Database, *, period: Period = Period.ALL, map: str = "", today: date = TODAY) -> Profile:
    found = find_profile(db, "AAAA0001", period=period, map=map, today=today)
    assert found is not None
    return found


@pytest.fixture
def career(db: Database) -> Database:
    """Three sessions: 40 days ago as Old, 8 days ago and today as New; today on two maps."""
    _store(
        db,
        _played(-40 * DAY, name="Old", weapons=ALL_KINDS, damage_given=1000, fields=37),
        _played(-8 * DAY, name="New", weapons={"MP40": (20, 80, 4, 3, 2)}, damage_given=2000, revives_given=3),
        _played(0, name="New", weapons=ALL_KINDS, damage_given=3000, revives_given=1),
        _played(20, name="New", map="te_escape2", weapons={"THOMPSON": (1, 9, 1, 0, 0)}, damage_given=4000),
    )
    return db


def test_a_career_is_every_counted_round(career: Database) -> None:
    profile = _profile(career)
    player = profile.player
    assert (player.name, player.sessions, player.rounds) == ("New", 3, 4)
    assert (player.first_day, player.last_day) == (TODAY - timedelta(days=40), TODAY)
    assert (player.kills, player.deaths, player.damage_given, player.played_s) == (29, 15, 10_000, 2400)
    assert (player.revives_given, player.revives_known_rounds) == (4, 3)
    assert [(one.rounds, one.damage_given) for one in profile.recent] == [(2, 7000), (1, 2000), (1, 1000)]
    assert profile.recent[0].last_at == EVENING + timedelta(minutes=20)
    assert [(one.weapon, one.rounds, one.kills, one.hits) for one in profile.weapons] == [
        ("MP40", 3, 22, 120), ("GRENADE", 2, 6, 18), ("THOMPSON", 1, 1, 1),
    ]  # fmt: skip
    (old,) = profile.names
    assert (old.name, old.rounds, old.first_at, old.last_at) == ("Old", 1, EVENING - timedelta(days=40), old.first_at)


@pytest.mark.parametrize("period", [Period.ALL, Period.MONTH])
def test_what_a_file_does_not_tell_is_in_no_quotient_and_in_no_n(db: Database, period: Period) -> None:
    """The oldest kind tells damage and kills, but no time and nothing of how they came; 36 fields tell no repairs."""
    told: dict[str, Any] = {"useful_kills": 2, "kill_assists": 3, "time_played_min": 10.0, "alive_pct": 75.0}
    _store(
        db,
        _played(0, damage_given=9000, fields=10),
        _played(20, map="radar", damage_given=3000, fields=36, full_selfkills=1, **told),
        _played(40, map="beach", damage_given=1000, repairs_constructions=4, full_selfkills=1, **told),
    )
    player = _profile(db, period=period).player
    assert (player.rounds, player.kills, player.damage_given, player.repairs_constructions) == (3, 15, 13_000, 4)
    measures = (Measure.DPM, Measure.SURVIVAL, Measure.USEFUL, Measure.ASSISTS, Measure.KILLS, Measure.DAMAGE)
    figures = {one: (figure_of(player, one), sample_of(player, one)) for one in measures}
    assert figures == {
        Measure.DPM: (200.0, 2), Measure.SURVIVAL: (75.0, 2), Measure.USEFUL: (40.0, 10), Measure.ASSISTS: (6, 2),
        Measure.KILLS: (15, 3), Measure.DAMAGE: (13_000, 3),
    }  # fmt: skip
    assert player.repairs_known_rounds == 1
    samples = {Measure.FULL_SELF_KILLS: (2, 2), Measure.MULTIKILLS: (0, 2)} | figures
    for measure, figure in samples.items():
        first = standings(db, measure, period=period, today=TODAY, limit=9)
        assert figure in [(one.score, one.sample) for one in first if one.guid == "AAAA0001"], measure
    assert [one.damage_given for one in maps_of(db, "AAAA0001") if one.map == "supply"] == [None]
    assert [one.damage_given for one in maps_played(db) if one.map in ("supply", "beach")] == [3000, None]


def test_a_period_leaves_out_what_was_before(career: Database) -> None:
    profile = _profile(career, period=Period.MONTH)
    player = profile.player
    assert (player.sessions, player.rounds, player.first_day) == (2, 3, TODAY - timedelta(days=8))
    assert (player.kills, player.damage_given, player.revives_given) == (17, 9000, 4)
    assert [one.rounds for one in profile.recent] == [2, 1]
    assert [(one.weapon, one.kills) for one in profile.weapons] == [("MP40", 13), ("GRENADE", 3), ("THOMPSON", 1)]


def test_a_map_tells_what_is_kept_by_map(career: Database) -> None:
    profile = _profile(career, map="te_escape2", period=Period.WEEK)
    player = profile.player
    assert (player.sessions, player.rounds, player.damage_given) == (None, 1, 4000)
    assert (player.first_day, player.last_day) == (TODAY, TODAY)
    assert (profile.recent, profile.weapons) == ((), ())
    assert _profile(career, map="supply").player.damage_given == 6000


def test_a_player_who_was_not_there_has_no_rounds_and_who_is_unknown_no_profile(career: Database) -> None:
    away = _profile(career, period=Period.WEEK, today=TODAY + timedelta(days=30)).player
    assert (away.rounds, away.kills, away.damage_given, away.sessions) == (0, 0, None, 0)
    assert find_profile(career, "FFFFFFFF") is None


def test_the_card_says_what_part_it_tells(career: Database) -> None:
    title = stats(question(career, "stats", at=EVENING, player="new", period="season", map="SUPP")).embeds[0].title
    assert title == "New · Spring season 2026 · supply"
    with pytest.raises(Refusal) as away:
        stats(question(career, "stats", at=EVENING + timedelta(days=50), player="new", period="7d"))
    assert (away.value.key, away.value.values) == ("figures.not_there", {"name": "New", "part": "7 days"})
    with pytest.raises(Refusal, match=r"refusal\.unknown_map"):
        stats(question(career, "stats", player="new", map="goldrush"))


def test_profiles_of_simulated_evenings_are_what_happened(db: Database) -> None:
    told = list(simulate_evenings(seed=9, days=4, maps=1, players=6, regulars=10, last_ends_at=EVENING))
    for session in told:
        _store(db, *((file.name, file.content) for file in session.files))
    for since, period in ((TODAY - timedelta(days=9), Period.ALL), (TODAY - timedelta(days=6), Period.WEEK)):
        sums: dict[str, Counter[str]] = {}
        for session in told:
            for played in session.truth.rounds:
                for one in played.players if played.ended_at.date() >= since else ():
                    mine = sums.setdefault(one.guid, Counter())
                    mine.update(kills=one.kills, deaths=one.deaths, damage_given=one.damage_given, gibs=one.gibs)
                    mine.update(xp=one.xp, revives_given=one.revives_given, useful_kills=one.useful_kills, rounds=1)
        assert sums
        for guid, mine in sums.items():
            found = find_profile(db, guid, period=period, today=TODAY)
            assert found is not None
            assert {name: getattr(found.player, name) for name in mine} == dict(mine)


def test_first_and_last_day_on_a_map_are_of_that_map(db: Database) -> None:
    _store(db, *a_match(), *a_match(map="te_escape2", minute=-5 * DAY))
    player = _profile(db, map="te_escape2").player
    assert (player.first_day, player.last_day) == (TODAY - timedelta(days=5), TODAY - timedelta(days=5))
