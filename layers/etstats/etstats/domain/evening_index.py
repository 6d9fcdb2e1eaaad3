"""How good an evening it was, 0 to 100: the evening is rated, not its players.

From what stats files tell alone: how even it was, how tense, how many came, how it flowed and how varied it was. What
a well-known system adds (the story of the evening, who took part in the talk) is not in the files, so it is left out
and the other weights keep their proportions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from itertools import pairwise

from etstats.domain.evening import Evening, PlayedMap, PlayedRound, Why


class Aspect(Enum):
    BALANCE = "balance"
    TENSION = "tension"
    ATTENDANCE = "attendance"
    FLOW = "flow"
    VARIETY = "variety"


_WEIGHTS: Mapping[Aspect, float] = {
    Aspect.BALANCE: 0.25,
    Aspect.TENSION: 0.20,
    Aspect.ATTENDANCE: 0.15,
    Aspect.FLOW: 0.10,
    Aspect.VARIETY: 0.10,
}
_FEWEST_MAPS = 2
_CLOSE_S, _STOMP_S = 30, 240
_LONG_BREAK = timedelta(minutes=25)


@dataclass(frozen=True, slots=True, kw_only=True)
class EveningIndex:
    """*aspects*: 0 to 100 each, what the *value* is made of."""

    value: int
    aspects: tuple[tuple[Aspect, int], ...]


def evening_index(evening: Evening) -> EveningIndex | None:
    """None: fewer than two maps are no evening to rate."""
    if len(evening.maps) < _FEWEST_MAPS:
        return None
    aspects = {
        Aspect.BALANCE: _balance(evening.maps),
        Aspect.TENSION: _tension(evening.maps),
        Aspect.ATTENDANCE: _attendance(evening.session.players),
        Aspect.FLOW: _flow(evening.rounds),
        Aspect.VARIETY: _variety(evening.maps),
    }
    value = sum(weight * aspects[aspect] for aspect, weight in _WEIGHTS.items()) / sum(_WEIGHTS.values())
    return EveningIndex(value=round(value), aspects=tuple(aspects.items()))


def _wins(maps: Sequence[PlayedMap], team: str) -> int:
    return sum(one.winner_team == team for one in maps)


def _balance(maps: Sequence[PlayedMap]) -> int:
    """25 off for each map by which one side won more."""
    return _bounded(100 - 25 * abs(_wins(maps, "A") - _wins(maps, "B")))


def _tension(maps: Sequence[PlayedMap]) -> int:
    """18 for a finish within 30 s of what was to be beaten, 22 for a draw, 15 when the last map decided; 12 off for a
    map won by four minutes."""
    margins = [one.margin_s for one in maps if one.margin_s is not None]
    close, stomps = sum(one <= _CLOSE_S for one in margins), sum(one >= _STOMP_S for one in margins)
    draws = sum(one.why is Why.DRAW for one in maps)
    decided = _wins(maps[:-1], "A") == _wins(maps[:-1], "B") and maps[-1].why is not Why.DRAW
    return _bounded(18 * close + 22 * draws + 15 * decided - 12 * stomps)


def _attendance(players: int) -> int:
    return 100 if players >= 10 else 85 if players >= 8 else 70 if players >= 6 else 45


def _flow(rounds: Sequence[PlayedRound]) -> int:
    """20 off for a round that does not count, 10 for a break of more than 25 minutes between two."""
    uncounted = sum(not one.counted for one in rounds)
    breaks = sum(
        later.written_at - timedelta(seconds=later.duration_s or 0) - earlier.written_at > _LONG_BREAK
        for earlier, later in pairwise(rounds)
    )
    return _bounded(100 - 20 * uncounted - 10 * breaks)


def _variety(maps: Sequence[PlayedMap]) -> int:
    """18 for each map, however often played, and 10 when both sides won one."""
    both = _wins(maps, "A") > 0 and _wins(maps, "B") > 0
    return _bounded(18 * len({one.map for one in maps}) + 10 * both)


def _bounded(value: int) -> int:
    return max(0, min(100, value))
