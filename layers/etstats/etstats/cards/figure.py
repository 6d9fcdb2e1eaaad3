"""How a measure is written: its value, its names, a change against the usual, a line of bars."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.text import narrow
from etstats.domain.measure import MEANINGS, Measure, Shown
from etstats.words import UNKNOWN, Words

_BARS = "▁▂▃▄▅▆▇█"
_LEFT_AND_RIGHT = "▏▎▍▌▋▊▉█"
_NO_CHANGE = 0.005


def value(words: Words, measure: Measure, figure: float | None) -> str:
    """As its meaning says: 1,567 or 41.2% or 1.18."""
    if figure is None:
        return UNKNOWN
    match MEANINGS[measure].shown:
        case Shown.PERCENT:
            return words.percent(figure, decimals=1)
        case Shown.WHOLE:
            return words.whole(figure)
        case Shown.DECIMALS:
            return rate(words, figure)


def rate(words: Words, figure: float | None) -> str:
    """1.18, but 306.7: as many decimals as tell two players apart."""
    return UNKNOWN if figure is None else words.decimal(figure, _decimals(figure))


def cell(shown: str, figure: float | None, columns: int) -> str:
    """*shown* at the right of a table's column, a blank before it; what is too long in thousands or millions."""
    return shown.rjust(columns) if len(shown) < columns else narrow(figure, columns)


def sample(words: Words, n: int, columns: int) -> str:
    """An n in a table's column."""
    return cell(words.thousands(n), n, columns)


def gap(words: Words, measure: Measure, figure: float, to: float) -> str:
    """The distance between two values, with as many decimals as they have: +6.8 from 298.8."""
    sign = "−" if MEANINGS[measure].least_first else "+"
    if MEANINGS[measure].shown is Shown.DECIMALS:
        return sign + words.decimal(figure, _decimals(to))
    return sign + value(words, measure, figure)


def _decimals(figure: float) -> int:
    return 2 if abs(figure) < 100 else 1


def name(words: Words, measure: Measure) -> str:
    """Damage per minute."""
    return words(f"measure.{measure.value}")


def change(words: Words, figure: float | None) -> str:
    """0.12 → +12%; too little to tell → =."""
    if figure is None:
        return UNKNOWN
    if abs(figure) < _NO_CHANGE:
        return "="
    return f"{'+' if figure > 0 else '−'}{words.percent(100 * abs(figure))}"


def arrow(figure: float | None, usual: float | None) -> str:
    """▲ above the usual, ▼ below it; nothing where one of them is not known."""
    if figure is None or usual is None or figure == usual:
        return ""
    return "▲" if figure > usual else "▼"


def bars(figures: Sequence[float | None]) -> str:
    """One sign for each, lowest to highest between the least and the most of them; what is not known is a dot."""
    known = [one for one in figures if one is not None]
    if not known:
        return ""
    least, most = min(known), max(known)
    return "".join("·" if one is None else _bar(one, least, most) for one in figures)


def _bar(figure: float, least: float, most: float) -> str:
    if most == least:
        return _BARS[len(_BARS) // 2]
    return _BARS[round((figure - least) / (most - least) * (len(_BARS) - 1))]


def lying_bar(figure: float | None, most: float, columns: int) -> str:
    """A bar from the left, *columns* long for *most*, in eighths of a column."""
    if figure is None or most <= 0:
        return ""
    eighths = round(8 * columns * max(figure, 0) / most)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_LEFT_AND_RIGHT[rest - 1] if rest else "")
