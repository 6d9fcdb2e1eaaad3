"""Who won the evening for his team, by hand-made rounds."""

from __future__ import annotations

import pytest

from etstats.domain.mvp import WEIGHTS, Mvp, Part, contributed, contributions, find_mvp
from tests.builders import a_round_line

WITHOUT_OBJECTIVES = {
    Part.KILLS: 0.30 + 0.27 * 6 / 14,
    Part.REVIVES: 0.16 + 0.27 * 3 / 14,
    Part.DAMAGE: 0.16 + 0.27 * 3 / 14,
    Part.SURVIVAL: 0.11 + 0.27 * 2 / 14,
}


def two_of_a_side(**of_first: object) -> list[object]:
    """The first has 15 of 20 kills, 3000 of 4000 damage, 1 of 4 revives and both live as long."""
    own = {"kills": 15, "damage_given": 3000, "revives_given": 1, **of_first}
    return [a_round_line("X", **own), a_round_line("Y", kills=5, damage_given=1000, revives_given=3)]


def value_of_x(*lines: object) -> float:
    found = contributions(lines, {1: 1})  # type: ignore[arg-type]
    return next(one.value for one in found if one.guid == "X")


def test_a_contribution_is_the_weighted_sum_of_shares_of_the_own_side() -> None:
    foe = a_round_line("Z", team=2, kills=99, objectives=1)
    expected = 0.30 * 0.75 + 0.27 * 1 + 0.16 * 0.25 + 0.16 * 0.75 + 0.11 * 1
    assert value_of_x(*two_of_a_side(objectives=2), foe) == pytest.approx(expected)
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_objectives_nobody_touched_leave_their_weight_to_the_rest() -> None:
    weights = WITHOUT_OBJECTIVES
    expected = weights[Part.KILLS] * 0.75 + weights[Part.REVIVES] * 0.25 + weights[Part.DAMAGE] * 0.75
    assert value_of_x(*two_of_a_side()) == pytest.approx(expected + weights[Part.SURVIVAL])


def test_what_is_unknown_of_anybody_counts_for_nobody() -> None:
    lines = [*two_of_a_side(), a_round_line("Z", team=2, revives_given=None)]
    left = 1 - WITHOUT_OBJECTIVES[Part.REVIVES]
    expected = 0.75 * (WITHOUT_OBJECTIVES[Part.KILLS] + WITHOUT_OBJECTIVES[Part.DAMAGE])
    assert value_of_x(*lines) == pytest.approx((expected + WITHOUT_OBJECTIVES[Part.SURVIVAL]) / left)


def test_survival_is_measured_against_the_side_and_bounded() -> None:
    mates = [a_round_line(f"M{at}", alive_ms=0, kills=0, damage_given=0, revives_given=0) for at in range(3)]
    alone = a_round_line("X", kills=0, damage_given=0, revives_given=0)
    assert value_of_x(alone, *mates) == pytest.approx(2 * WITHOUT_OBJECTIVES[Part.SURVIVAL])


def mvp_of(team: list[str], lines: list[object], winners: dict[int, int]) -> Mvp | None:
    return find_mvp(team, contributed(lines, winners), lines)  # type: ignore[arg-type]


def rounds(guid: str, kills: int, number: int, *, first: int = 1) -> list[object]:
    return [
        a_round_line(guid, round_id=at, kills=kills, damage_given=kills, revives_given=0)
        for at in range(first, first + number)
    ]


def test_the_most_valuable_won_with_his_work() -> None:
    lines = [*rounds("BIG", 30, 4), *rounds("SMALL", 10, 4)]
    mvp = mvp_of(["BIG", "SMALL"], lines, {1: 1, 2: 1, 3: 1, 4: 2})
    assert mvp is not None
    assert (mvp.guid, mvp.runner_up, mvp.wins, mvp.rounds, mvp.by_wins) == ("BIG", "SMALL", 3, 4, True)
    # kills and damage 3 of 4, no revive, alive as long: each round the same
    shared, alive = WITHOUT_OBJECTIVES[Part.KILLS] + WITHOUT_OBJECTIVES[Part.DAMAGE], WITHOUT_OBJECTIVES[Part.SURVIVAL]
    big, small = 0.75 * shared + alive, 0.25 * shared + alive
    mean = (3 * big / 4 + 3 * small / 4) / 2
    assert mvp.value == pytest.approx((3 * big + 2 * mean) / 6)
    assert mvp.runner_up_value == pytest.approx((3 * small + 2 * mean) / 6)


def test_it_says_what_he_did_most_of() -> None:
    lines = [*rounds("BIG", 30, 2), *rounds("SMALL", 10, 2)]
    mvp = mvp_of(["BIG", "SMALL"], lines, {1: 1, 2: 1})
    assert mvp is not None
    assert [(share.part, share.share) for share in mvp.stands_out] == [(Part.DAMAGE, 0.75), (Part.KILLS, 0.75)]


def test_few_rounds_are_not_enough_however_good() -> None:
    lines = [*rounds("GUEST", 90, 1), *rounds("BIG", 30, 6), *rounds("SMALL", 10, 6)]
    winners = dict.fromkeys(range(1, 7), 1)
    mvp = mvp_of(["GUEST", "BIG", "SMALL"], lines, winners)
    assert mvp is not None
    assert mvp.guid == "BIG"


def test_a_team_that_won_nothing_has_who_did_most() -> None:
    lines = [*rounds("BIG", 30, 2), *rounds("SMALL", 10, 2)]
    mvp = mvp_of(["BIG", "SMALL"], lines, {1: 2, 2: 2})
    assert mvp is not None
    assert (mvp.guid, mvp.by_wins, mvp.wins) == ("BIG", False, 0)


def test_without_rounds_there_is_nobody() -> None:
    assert mvp_of(["BIG"], [], {}) is None
    assert mvp_of([], rounds("BIG", 30, 2), {1: 1}) is None
