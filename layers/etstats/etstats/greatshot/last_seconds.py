"""An objective taken, brought back or saved when the clock had almost run out. It is the team's: no demo says whose."""

from __future__ import annotations

from collections.abc import Iterator

from etstats.domain.highlight import NOBODY, RULES, Highlight, Kind, Moment, Part
from etstats.greatshot.battle import Battle

_DECIDING = frozenset({"destroyed", "defused", "returned", "stolen"})


def find(battle: Battle) -> Iterator[Highlight]:
    (rule,) = RULES[Kind.LAST_SECONDS]
    for event in battle.objectives:
        span = battle.span_of(event.at_ms)
        if span is None or span.limit_ms is None or event.action not in _DECIDING:
            continue
        left_ms = span.begin_ms + span.limit_ms - event.at_ms
        if 0 <= left_ms <= rule.within_ms:
            yield Highlight(
                kind=Kind.LAST_SECONDS,
                client=NOBODY,
                name="",
                team=event.team.value if event.team is not None else "",
                moments=(Moment(at_ms=event.at_ms),),
                parts=(Part(name=f"action_{event.action}", count=1, points=rule.points),),
            )
