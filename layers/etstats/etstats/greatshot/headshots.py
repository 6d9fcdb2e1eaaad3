"""Two enemies or more killed by the head in a row, seconds apart; from three on it is a moment of aim."""

from __future__ import annotations

from collections.abc import Iterator

from etstats.domain.highlight import RULES, Highlight, Kind
from etstats.greatshot.battle import Battle
from etstats.greatshot.making import of_kills, windows


def find(battle: Battle) -> Iterator[Highlight]:
    chain, aim = RULES[Kind.HEADSHOTS]
    for kills in battle.by_attacker().values():
        heads = [kill for kill in kills if battle.is_headshot(kill)]
        for run in windows(heads, chain):
            yield of_kills(battle, Kind.HEADSHOTS, run, aim if len(run) >= aim.count else chain)
