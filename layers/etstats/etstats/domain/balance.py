"""Teams that should be close: every way to split the players is looked at, and the closest come first.

A player's strength is his usual damage per minute over his latest sessions, drawn towards everybody's mean by ten
rounds' weight; who is not known is taken for the mean. A split's *share* is team A's part of the strength of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

FEWEST, MOST = 2, 12
PRIOR_ROUNDS = 10
BEST = 3
_ANY = 300.0  # when nothing is known of anybody all are alike, whatever that is


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """*key*: a guid, or who he is in Discord. *dpm* None: nothing is known of him. *rounds*: its n."""

    key: str
    name: str
    dpm: float | None
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Places in the list of players; *share* of team A, 0 to 1."""

    a: tuple[int, ...]
    b: tuple[int, ...]
    share: float

    @property
    def gap(self) -> float:
        """How far from even."""
        return abs(self.share - 0.5)


Pairs = Sequence[tuple[int, int]]


def strengths(players: Sequence[Candidate]) -> list[float]:
    """In the players' order."""
    known = [(one.dpm, one.rounds) for one in players if one.dpm is not None]
    mean = fmean(dpm for dpm, _ in known) if known else _ANY
    return [
        mean if one.dpm is None else (one.dpm * one.rounds + mean * PRIOR_ROUNDS) / (one.rounds + PRIOR_ROUNDS)
        for one in players
    ]


def closest(players: Sequence[Candidate], *, apart: Pairs = (), together: Pairs = (), best: int = BEST) -> list[Split]:
    """The closest splits, closest first; none when no split keeps to the wishes. With an odd number team B has one
    more. Equals: as the list has them."""
    strength = strengths(players)
    whole = sum(strength)
    found = [
        Split(
            a=a, b=tuple(at for at in range(len(players)) if at not in a), share=sum(strength[at] for at in a) / whole
        )
        for a in _teams(len(players))
        if _keeps(set(a), apart, together)
    ]
    return sorted(found, key=lambda split: (round(split.gap, 9), split.a))[:best]


def _teams(players: int) -> Iterable[tuple[int, ...]]:
    """Every team A once: with teams of a size the first player is always in it."""
    half = players // 2
    if players % 2:
        return combinations(range(players), half)
    return ((0, *others) for others in combinations(range(1, players), half - 1))


def _keeps(a: set[int], apart: Pairs, together: Pairs) -> bool:
    return all((one in a) != (other in a) for one, other in apart) and all(
        (one in a) == (other in a) for one, other in together
    )
