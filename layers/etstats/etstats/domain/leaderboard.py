"""Who is ahead. Each standing carries what it rests on, and what it took to be listed."""

from __future__ import annotations

from dataclasses import dataclass


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


def percentile(rank: int, listed: int) -> float:
    """Per cent of the *listed* who are behind, half of oneself included: 50 for whoever stands in the middle."""
    return 100 * (listed - rank + 0.5) / listed if 1 <= rank <= listed else 0.0
