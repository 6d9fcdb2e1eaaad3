"""Close teams: every split is looked at, the closest come first, and wishes are kept."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from etstats.domain.balance import Candidate, closest, strengths


def player(name: str, dpm: float | None, rounds: int = 1_000_000) -> Candidate:
    """So many rounds that his strength is his DPM."""
    return Candidate(key=name, name=name, dpm=dpm, rounds=0 if dpm is None else rounds)


def test_the_closest_split_of_six_is_found() -> None:
    # 600 + 100 + 100 against 300 + 300 + 200: 800 each
    players = [player(name, dpm) for name, dpm in zip("abcdef", (600, 300, 300, 200, 100, 100), strict=True)]
    best = closest(players)[0]
    assert {players[at].name for at in best.a} in ({"a", "e", "f"}, {"b", "c", "d"})
    assert best.share == pytest.approx(0.5, abs=1e-4)


def test_all_462_ways_to_split_twelve_are_looked_at_once() -> None:
    players = [player(str(n), 300.0 + n) for n in range(12)]
    found = closest(players, best=1_000)
    assert len(found) == 462
    assert {frozenset((frozenset(one.a), frozenset(one.b))) for one in found} == {
        frozenset((frozenset(a), frozenset(range(12)) - frozenset(a))) for a in combinations(range(12), 6)
    }


@pytest.mark.parametrize("number", [2, 3, 5, 7, 10])
def test_nothing_is_closer_than_what_comes_first(number: int) -> None:
    dice = Random(number)
    players = [player(str(n), dice.uniform(100, 600)) for n in range(number)]
    strength = strengths(players)
    gaps = [abs(sum(strength[at] for at in a) / sum(strength) - 0.5) for a in combinations(range(number), number // 2)]
    best = closest(players)[0]
    assert best.gap == pytest.approx(min(gaps))
    assert sorted(best.a + best.b) == list(range(number))
    assert len(best.b) - len(best.a) == number % 2


def test_wishes_are_kept_and_what_cannot_be_kept_has_no_split() -> None:
    players = [player(str(n), 300.0) for n in range(6)]
    for one in closest(players, apart=[(0, 1)], together=[(2, 3)], best=100):
        assert (0 in one.a) != (1 in one.a)
        assert (2 in one.a) == (3 in one.a)
    assert closest(players, apart=[(0, 1), (1, 2), (0, 2)]) == []


def test_who_is_not_known_is_taken_for_the_mean_and_few_rounds_say_little() -> None:
    known, unknown, new = player("a", 400), player("b", None), player("c", 600, rounds=10)
    mean = 500.0
    assert strengths([known, unknown, new]) == pytest.approx([400, mean, (600 * 10 + mean * 10) / 20], abs=0.01)
    assert len(set(strengths([unknown, unknown]))) == 1
