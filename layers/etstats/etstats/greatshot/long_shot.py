"""A rifle grenade, a panzerfaust or a bazooka that kills from very far."""

from __future__ import annotations

from collections.abc import Iterator
from math import dist

from etstats.demo.events import Kill
from etstats.domain.highlight import RULES, Highlight, Kind
from etstats.greatshot.battle import Battle
from etstats.greatshot.making import of_kills

_MEANS = frozenset({"GPG40", "M7", "PANZERFAUST", "BAZOOKA"})


def find(battle: Battle) -> Iterator[Highlight]:
    """Where both stood is known of those who are seen."""
    (rule,) = RULES[Kind.LONG_SHOT]
    for kill in battle.kills:
        if kill.means_name not in _MEANS:
            continue
        units = _distance(battle, kill)
        if units is not None and units >= rule.units:
            yield of_kills(battle, Kind.LONG_SHOT, [kill], rule, units=round(units))


def _distance(battle: Battle, kill: Kill) -> float | None:
    shooter, victim = battle.seen(kill.attacker, kill.at_ms), battle.seen(kill.victim, kill.at_ms)
    return dist(shooter.position, victim.position) if shooter is not None and victim is not None else None
