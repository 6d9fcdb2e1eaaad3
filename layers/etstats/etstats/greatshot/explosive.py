"""Two enemies or more with one explosive: they die in the same blink of an eye, by the same thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from etstats.demo.events import Kill
from etstats.domain.highlight import RULES, Highlight, Kind
from etstats.greatshot.battle import Battle
from etstats.greatshot.making import of_kills, windows

_MEANS = frozenset({
    *("GRENADE", "GRENADE_LAUNCHER", "GRENADE_PINEAPPLE", "PANZERFAUST", "BAZOOKA", "DYNAMITE", "AIRSTRIKE", "ARTY"),
    *("GPG40", "M7", "LANDMINE", "SATCHEL", "MORTAR", "MORTAR2", "MAPMORTAR", "MAPMORTAR_SPLASH", "EXPLOSIVE"),
})  # fmt: skip


def find(battle: Battle) -> Iterator[Highlight]:
    (rule,) = RULES[Kind.EXPLOSIVE]
    for kills in battle.by_attacker().values():
        by_means: defaultdict[str, list[Kill]] = defaultdict(list)
        for kill in kills:
            if kill.means_name in _MEANS:
                by_means[kill.means_name].append(kill)
        for same in by_means.values():
            for run in windows(same, rule):
                yield of_kills(battle, Kind.EXPLOSIVE, run, rule)
