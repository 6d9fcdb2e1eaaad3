"""How likely a team is to win a map, from how the stronger ones did so far.

A team's strength is the sum of its players' (domain/balance.py). With the share *s* of team A its chance is
1 / (1 + ((1 - s) / s)^k): even teams have 50 % whatever *k* is. *k*, the steepness, is what was played: the one under
which the maps so far, each with the strengths from before its evening, came out as they did most likely (maximum
likelihood of a logistic regression on ln(s / (1 - s)), without a constant, for no team is A by nature). Draws are left
out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

FEWEST, FEW = 40, 150  # maps: with fewer no chance is told, with fewer it is told that they are few
_FLAT, _STEEPEST = 0.05, 64.0
_STEPS = 40  # halvings of that: beyond what anybody is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A map that was won. *share*: of the strength, of those who attacked first; *won*: they did."""

    share: float
    won: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Closeness:
    """*maps*: its n."""

    steepness: float
    maps: int

    @property
    def is_small(self) -> bool:
        return self.maps < FEW

    @property
    def tells(self) -> bool:
        """Whether the stronger won more often at all."""
        return self.steepness > _FLAT

    def chance(self, share: float) -> float:
        """Of the team with that share of the strength, 0 to 1."""
        return _chance(self.steepness, _edge(share))


def closeness(played: Sequence[Played]) -> Closeness | None:
    """None: too few maps were played."""
    if len(played) < FEWEST:
        return None
    edges = [(_edge(one.share), one.won) for one in played]
    low, high = 0.0, _STEEPEST
    for _ in range(_STEPS):
        middle = (low + high) / 2
        # the slope of the likelihood, which only falls: the stronger won more often than this steepness says, or less
        if sum(edge * (won - _chance(middle, edge)) for edge, won in edges) > 0:
            low = middle
        else:
            high = middle
    return Closeness(steepness=low, maps=len(played))


def _edge(share: float) -> float:
    return log(share / (1 - share))


def _chance(steepness: float, edge: float) -> float:
    """Of edges that strengths can have: exp does not overflow."""
    return 1 / (1 + exp(-max(-500.0, min(500.0, steepness * edge))))
