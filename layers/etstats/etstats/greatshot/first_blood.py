"""A round's first enemy, where the demo holds the round's beginning."""

from __future__ import annotations

from collections.abc import Iterator

from etstats.domain.highlight import RULES, Highlight, Kind
from etstats.greatshot.battle import Battle
from etstats.greatshot.making import of_kills

_AT_THE_BEGINNING_MS = 3_000


def find(battle: Battle) -> Iterator[Highlight]:
    (rule,) = RULES[Kind.FIRST_BLOOD]
    for span in battle.spans:
        first = next((kill for kill in battle.kills if span.holds(kill.at_ms)), None)
        if first is not None and battle.begin_ms <= span.begin_ms + _AT_THE_BEGINNING_MS and span.limit_ms is not None:
            yield of_kills(battle, Kind.FIRST_BLOOD, [first], rule)
