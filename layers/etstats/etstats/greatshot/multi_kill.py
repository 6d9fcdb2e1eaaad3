"""Several enemies in a few seconds: three in four, or three in eight."""

from __future__ import annotations

from collections.abc import Iterator

from etstats.domain.highlight import RULES, Highlight, Kind
from etstats.greatshot.battle import Battle
from etstats.greatshot.making import of_kills, windows


def find(battle: Battle) -> Iterator[Highlight]:
    """Each run once, by the best rule any part of it fulfils."""
    quick, slow = RULES[Kind.MULTI_KILL]
    for kills in battle.by_attacker().values():
        for run in windows(kills, slow):
            yield of_kills(battle, Kind.MULTI_KILL, run, quick if any(windows(run, quick)) else slow)
