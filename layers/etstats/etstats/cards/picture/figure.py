"""Numbers beside an axis: as exact as neighbours need to differ, and short."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from etstats.words import Words

_SUFFIXES = ("", "k", "M", "G", "T")
_LONG = 100_000  # from here on in thousands


def beside(words: Words, ticks: Sequence[float]) -> list[str]:
    """What stands at each of *ticks*, which are equally far apart."""
    step = min((high - low for low, high in pairwise(ticks)), default=1)
    decimals = next((places for places in (0, 1, 2, 3) if abs(step * 10**places - round(step * 10**places)) < 1e-6), 3)
    return [short(words, tick, decimals=decimals) for tick in ticks]


def short(words: Words, value: float, *, decimals: int = 0) -> str:
    """1,234,567 → 1.2M."""
    if abs(value) < _LONG:
        return words.decimal(value, decimals)
    for suffix in _SUFFIXES:
        if abs(value) < 999.95:
            return words.decimal(value, 1) + suffix
        value /= 1_000
    return ("−" if value < 0 else "") + "> 999T"
