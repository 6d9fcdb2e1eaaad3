"""An objective carried a good way by somebody who was not killed on it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from math import dist

from etstats.demo.positions import Position
from etstats.domain.highlight import RULES, Highlight, Kind, Moment, Part
from etstats.greatshot.battle import Battle

_FAR_UNITS = 1_000


def find(battle: Battle) -> Iterator[Highlight]:
    (rule,) = RULES[Kind.CARRY]
    for client, way in battle.carriers():
        first, last = way[0], way[-1]
        if battle.span_of(first.at_ms) is None or killed_on_it(battle, client, last) or _length(way) < _FAR_UNITS:
            continue
        yield Highlight(
            kind=Kind.CARRY,
            client=client,
            name=battle.name(client),
            team=battle.team(client, first.at_ms).value,
            moments=(Moment(at_ms=first.at_ms), Moment(at_ms=last.at_ms)),
            parts=(Part(name=Kind.CARRY.value, count=1, points=rule.points),),
            units=round(_length(way)),
        )


def killed_on_it(battle: Battle, client: int, last: Position) -> bool:
    return battle.died_between(client, last.at_ms - 1, last.at_ms + battle.sampled_ms)


def _length(way: Sequence[Position]) -> float:
    return sum(dist(one.position, other.position) for one, other in itertools.pairwise(way))
