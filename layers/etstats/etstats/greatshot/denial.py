"""Whoever carried the objective is killed."""

from __future__ import annotations

from collections.abc import Iterator

from etstats.domain.highlight import RULES, Highlight, Kind
from etstats.greatshot.battle import Battle
from etstats.greatshot.making import of_kills


def find(battle: Battle) -> Iterator[Highlight]:
    (rule,) = RULES[Kind.DENIAL]
    for client, way in battle.carriers():
        last_ms = way[-1].at_ms
        for kill in battle.kills:
            if kill.victim == client and last_ms - 1 < kill.at_ms <= last_ms + battle.sampled_ms:
                yield of_kills(battle, Kind.DENIAL, [kill], rule)
