"""From values to places: a straight scale, and round numbers to write beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_STEPS = (1, 2, 2.5, 5, 10)
_LARGEST = 1e12  # what is larger is drawn at the edge: nothing of the game's is


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """*low* is drawn at *start* px, *high* at *end*; what lies outside at the nearer end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low
        share = (min(max(value, self.low), self.high) - self.low) / span if span else 0.5
        return self.start + share * (self.end - self.start)


def known(value: float | None) -> float | None:
    """What can be drawn: not a gap, nor what is no number at all."""
    return None if value is None or not math.isfinite(value) else float(value)


def round_scale(values: Iterable[float], *, start: float, end: float) -> tuple[Scale, list[float]]:
    """A scale around *values* between round numbers, and those numbers: three to six."""
    inside = [min(max(value, -_LARGEST), _LARGEST) for value in values] or [0.0]
    low, high = min(inside), max(inside)
    if high - low < max(abs(high), 1) * 1e-6:
        room = abs(high) * 0.1 or 1
        low, high = low - room, high + room
        low = max(low, 0) if min(inside) >= 0 else low
    step = _step((high - low) / 3)
    first, last = math.floor(low / step), math.ceil(high / step)
    ticks = [place * step for place in range(first, last + 1)]
    return Scale(low=ticks[0], high=ticks[-1], start=start, end=end), ticks


def _step(least: float) -> float:
    """The round number next above *least*."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in _STEPS if step * power >= least * (1 - 1e-9))


def unbroken(values: Iterable[tuple[float, float | None]], scale: Scale) -> Iterator[list[tuple[float, float]]]:
    """(x, value) as lines of neighbours that are known: a gap is no zero, and nothing leads across it."""
    line: list[tuple[float, float]] = []
    for x, value in values:
        if value is not None:
            line.append((x, scale(value)))
        elif line:
            yield line
            line = []
    if line:
        yield line
