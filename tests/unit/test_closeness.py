"""Chances to win, from what was played: on a league whose truth is known."""

from __future__ import annotations

from random import Random

import pytest

from etstats.domain.closeness import FEW, FEWEST, Played, closeness


def _league(steepness: float, games: int, seed: int) -> list[Played]:
    """Ten players drawn for each map; the stronger side wins as often as *steepness* says."""
    dice = Random(seed)
    strength = [dice.uniform(150, 450) for _ in range(30)]
    found = []
    for _ in range(games):
        drawn = dice.sample(strength, 10)
        share = sum(drawn[:5]) / sum(drawn)
        chance = share**steepness / (share**steepness + (1 - share) ** steepness)
        found.append(Played(share=share, won=dice.random() < chance))
    return found


@pytest.mark.parametrize("truth", [0.0, 2.0, 6.0])
def test_what_is_said_to_win_in_sixty_of_a_hundred_does(truth: float) -> None:
    close = closeness(_league(truth, 4_000, seed=1))
    assert close is not None and close.steepness == pytest.approx(truth, abs=0.5)
    later = [(close.chance(one.share), one.won) for one in _league(truth, 20_000, seed=2)]
    for low in (0.35, 0.45, 0.55, 0.65):
        said = [(chance, won) for chance, won in later if low <= chance < low + 0.1]
        if len(said) > 1_000:
            predicted, came = (sum(column) / len(said) for column in zip(*said, strict=True))
            assert came == pytest.approx(predicted, abs=0.04)


def test_even_teams_are_even_and_both_chances_are_a_whole() -> None:
    close = closeness(_league(6.0, 500, seed=3))
    assert close is not None and close.chance(0.5) == 0.5
    assert close.chance(0.53) + close.chance(0.47) == pytest.approx(1)
    assert close.chance(0.53) > 0.5


def test_where_the_weaker_win_strength_tells_nothing() -> None:
    close = closeness([Played(share=0.55, won=False)] * FEWEST)
    assert close is not None and close.chance(0.9) == pytest.approx(0.5) and not close.tells


def test_where_the_stronger_always_win_nothing_overflows() -> None:
    close = closeness([Played(share=0.999, won=True)] * FEW)
    assert close is not None and close.chance(1e-9) == pytest.approx(0) and not close.is_small


def test_of_too_few_maps_nothing_is_told() -> None:
    assert closeness(_league(6.0, FEWEST - 1, seed=4)) is None
    some = closeness(_league(6.0, FEWEST, seed=4))
    assert some is not None and some.is_small
