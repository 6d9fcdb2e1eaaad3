"""Why a map was won, by how much, and how good an evening was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from etstats.domain.evening import PlayedMap, Why
from etstats.domain.evening_index import Aspect, evening_index
from tests.builders import a_played_map, a_played_round, a_played_session, an_evening


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"winner": "r1_attackers", "r1_time_s": 525}, Why.HELD),
        ({"winner": "r1_attackers", "r1_time_s": 525, "r2_gave_up": True}, Why.GAVE_UP),
        ({"winner": "r2_attackers", "r1_time_s": 525, "r2_time_s": 400}, Why.FASTER),
        ({"winner": "r2_attackers", "r1_time_s": None, "r2_time_s": 400}, Why.HELD),
        ({"winner": "r2_attackers", "r1_time_s": None, "r1_gave_up": True, "r2_time_s": 400}, Why.GAVE_UP),
        ({"winner": "draw", "r1_time_s": None}, Why.DRAW),
    ],
)
def test_the_losers_attack_tells_why(changes: dict[str, Any], why: Why) -> None:
    assert a_played_map(**changes).why is why


def test_a_map_is_told_by_team() -> None:
    one = a_played_map(r1_attackers_team="B", r1_time_s=525, r2_time_s=None, r2_gave_up=True)
    assert (one.time_s("B"), one.time_s("A"), one.gave_up("B"), one.gave_up("A")) == (525, None, False, True)


def won(team: str, margin_s: int = 100, map: str = "supply") -> PlayedMap:
    return a_played_map(
        map=map, winner="r2_attackers", winner_team=team, r1_time_s=None, limit_s=720, r2_time_s=720 - margin_s
    )


def aspects(*maps: PlayedMap, **parts: Any) -> dict[Aspect, int]:
    told = evening_index(an_evening(maps=maps, **parts))
    assert told is not None
    return dict(told.aspects)


def test_an_even_evening_is_balanced() -> None:
    assert aspects(won("A"), won("B"))[Aspect.BALANCE] == 100
    assert aspects(won("A"), won("A"), won("B"))[Aspect.BALANCE] == 75
    assert aspects(*[won("A")] * 6)[Aspect.BALANCE] == 0


def test_close_finishes_draws_and_a_last_map_that_decides_are_tense() -> None:
    draw = a_played_map(winner="draw", winner_team="draw", r1_time_s=None)
    assert aspects(won("A"), won("A"))[Aspect.TENSION] == 0
    assert aspects(won("A"), won("B", 30), won("A", 240))[Aspect.TENSION] == 18 + 15 - 12
    assert aspects(won("A"), draw, draw)[Aspect.TENSION] == 44


def test_rounds_that_do_not_count_and_long_breaks_disturb_the_flow() -> None:
    first = a_played_round()
    later = a_played_round(written_at=first.written_at + timedelta(seconds=25 * 60 + 525 + 1))
    assert aspects(won("A"), won("B"), rounds=(first, later))[Aspect.FLOW] == 90
    assert aspects(won("A"), won("B"), rounds=(first, a_played_round(counted=False)))[Aspect.FLOW] == 80


def test_a_map_played_twice_adds_no_variety() -> None:
    assert aspects(won("A"), won("A"))[Aspect.VARIETY] == 18
    assert aspects(won("A"), won("B", map="radar"))[Aspect.VARIETY] == 46


def test_the_index_weighs_its_aspects() -> None:
    told = evening_index(an_evening(session=a_played_session(players=8), maps=(won("A"), won("A"))))
    assert told is not None
    # balance 50, tension 0, attendance 85, flow 100, variety 18
    assert told.value == round((0.25 * 50 + 0.15 * 85 + 0.10 * 100 + 0.10 * 18) / 0.80)


def test_one_map_is_no_evening_to_rate() -> None:
    assert evening_index(an_evening(maps=(won("A"),))) is None
