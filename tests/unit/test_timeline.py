"""What each team did in each round, from who defended and who attacked first."""

from __future__ import annotations

from typing import Any

import pytest

from etstats.domain.evening import RoundLine
from etstats.domain.timeline import TimelineRound, timeline
from tests.builders import a_played_map, a_played_round, a_round_line, an_evening

AXIS, ALLIES = 1, 2


def lines() -> list[RoundLine]:
    """Allies do 300 a minute in the first round, Axis 120; in the second Allies do 60, Axis 240."""
    return [
        a_round_line("AAAA0001", round_id=1, team=ALLIES, damage_given=4000, played_s=600),
        a_round_line("AAAA0002", round_id=1, team=ALLIES, damage_given=2000, played_s=600),
        a_round_line("BBBB0001", round_id=1, team=AXIS, damage_given=1200, played_s=600),
        a_round_line("BBBB0001", round_id=2, team=ALLIES, damage_given=600, played_s=600),
        a_round_line("AAAA0001", round_id=2, team=AXIS, damage_given=2400, played_s=600),
    ]


def rounds_of(attackers: str = "A", defender: int | None = AXIS, told: list[RoundLine] | None = None) -> Any:
    rounds = tuple(
        a_played_round(round_id=number, number=number, position=1, defender_team=defender) for number in (1, 2)
    )
    evening = an_evening(maps=(a_played_map(r1_attackers_team=attackers),), rounds=rounds)
    return timeline(evening, lines() if told is None else told).rounds


def test_a_team_keeps_its_figures_when_it_changes_sides() -> None:
    assert rounds_of() == (
        TimelineRound(number=1, dpm_a=300, dpm_b=120),
        TimelineRound(number=2, dpm_a=240, dpm_b=60),
    )


def test_who_attacked_first_is_told_by_the_map() -> None:
    assert [(one.dpm_a, one.dpm_b) for one in rounds_of("B")] == [(120, 300), (60, 240)]


def test_allies_may_defend() -> None:
    assert [(one.dpm_a, one.dpm_b) for one in rounds_of(defender=ALLIES)] == [(120, 300), (60, 240)]


@pytest.mark.parametrize("defender", [None, 0, 3])
def test_without_a_defender_nobody_knows_who_stood_where(defender: int | None) -> None:
    assert [(one.dpm_a, one.dpm_b) for one in rounds_of(defender=defender)] == [(None, None), (None, None)]


def test_what_is_not_known_is_no_zero() -> None:
    unknown = [
        a_round_line(round_id=1, team=ALLIES, damage_given=None),
        a_round_line(round_id=1, team=AXIS, played_s=None),
    ]
    assert [(one.dpm_a, one.dpm_b) for one in rounds_of(told=unknown)] == [(None, None), (None, None)]


def test_whose_damage_is_unknown_does_not_count_with_his_time() -> None:
    more = [*lines(), a_round_line("AAAA0003", round_id=1, team=ALLIES, damage_given=None, played_s=600)]
    assert rounds_of(told=more)[0].dpm_a == 300


def test_lone_rounds_are_left_out() -> None:
    evening = an_evening(rounds=(a_played_round(round_id=1),))
    assert timeline(evening, lines()).maps == ()
