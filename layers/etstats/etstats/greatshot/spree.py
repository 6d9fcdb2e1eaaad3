"""Four enemies or more without dying, told once, when it is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from etstats.demo.events import Kill
from etstats.domain.highlight import RULES, Highlight, Kind
from etstats.greatshot.battle import Battle
from etstats.greatshot.making import of_kills


def find(battle: Battle) -> Iterator[Highlight]:
    (rule,) = RULES[Kind.SPREE]
    for kills in battle.by_attacker().values():
        for life in _lives(battle, kills):
            if len(life) >= rule.count:
                yield of_kills(battle, Kind.SPREE, life, rule)


def _lives(battle: Battle, kills: Sequence[Kill]) -> Iterator[list[Kill]]:
    """One player's kills, parted where he died or the round ended."""
    life: list[Kill] = []
    for kill in kills:
        if life and _ended(battle, life[-1], kill):
            yield life
            life = []
        life.append(kill)
    if life:
        yield life


def _ended(battle: Battle, last: Kill, kill: Kill) -> bool:
    died = battle.died_between(kill.attacker, last.at_ms, kill.at_ms - 1)
    return died or battle.span_of(last.at_ms) != battle.span_of(kill.at_ms)
