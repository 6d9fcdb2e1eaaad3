"""Who is ahead. Each standing carries what it rests on, and what it took to be listed."""

from __future__ import annotations

from dataclasses import dataclass

from etstats.domain.measure import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """*rank*: equals share one. *sample* is the n of the measure. *listed*: how many there are in all;
    *enough_rounds*, *enough_of_it*: how many rounds, and how much of what the measure also asks for, it took to be
    among them."""

    rank: int
    guid: str
    name: str
    score: float
    sample: int
    rounds: int
    listed: int
    enough_rounds: int
    enough_of_it: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody stands. Not listed: no *rank*; he has *rounds* of the *enough_rounds* it takes, and *of_it* of
    *enough_of_it*. *gap*: how much he lacks to draw level with the next better; None: he leads, or is not listed."""

    rank: int | None
    score: float | None
    rounds: int
    enough_rounds: int
    of_it: int
    enough_of_it: int
    gap: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A page of a leaderboard, counted from 1, and the asker's own *place*; None: not known who asks, or not there."""

    page: int
    standings: tuple[Standing, ...]
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A player's *rank* among the *listed* by one measure. None: he has not played the *enough_rounds* it takes."""

    measure: Measure
    rank: int | None
    listed: int
    enough_rounds: int


def percentile(rank: int, listed: int) -> float:
    """Per cent of the *listed* who are behind, half of oneself included: 50 for whoever stands in the middle."""
    return 100 * (listed - rank + 0.5) / listed if 1 <= rank <= listed else 0.0
