"""Where kills were made from and where people fell, as a drawing within a page; its colours are the page's own."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from math import sqrt

from etstats.domain.place import Box, Place
from etstats.domain.report import Report
from etstats.words import Words

_WIDTH = 640
_ROOM = 200.0  # units around everything
_LEAST = 1_500.0  # units
_TALLEST = 1.1  # times as high as wide
_WARM = 22  # px around a kill or a death that it warms
_FEW, _SMALLEST = 60, 0.65  # of more kills and deaths each is drawn smaller, so that the places stand out

_Drawn = Callable[[Place], tuple[float, float]]


def heat_map(words: Words, report: Report) -> str:
    """'': nobody was seen anywhere."""
    stood = [(one.at_ms, one.stood) for one in report.deaths if one.counts and one.stood is not None]
    fell = [(one.at_ms, one.fell) for one in report.deaths if one.fell is not None]
    cell, box = report.cell, report.box(room=_ROOM)
    if box is None:
        return ""
    at, height = _projection(box)
    drawn = [_zone(at, column, row, share, cell) for column, row, share in report.zones]
    size = max(_SMALLEST, sqrt(_FEW / max(_FEW, len(stood) + len(fell))))
    drawn += [_warm(at(place), "fell", size) for _, place in fell]
    drawn += [_warm(at(place), "stood", size) for _, place in stood]
    drawn += [_cross(at_ms, at(place), size) for at_ms, place in fell]
    drawn += [_dot(at_ms, at(place), size) for at_ms, place in stood]
    legend = f'<p class="legend"><span class="stood">{escape(words("picture.killed_from"))}</span>'
    legend += f'<span class="fell">{escape(words("picture.died_at"))}</span></p>'
    told = escape(words("report.heat_told", kills=len(stood), deaths=len(fell)))
    return f'{legend}<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{told}">{"".join(drawn)}</svg>'


def _projection(box: Box) -> tuple[_Drawn, float]:
    """From places to px, north up; and how high it all is."""
    wide, high = max(box.width, _LEAST), max(box.height, _LEAST / 2)
    px = min(_WIDTH / wide, _WIDTH * _TALLEST / high)
    height, (x, y) = high * px, box.middle
    return (lambda place: (_WIDTH / 2 + (place[0] - x) * px, height / 2 - (place[1] - y) * px)), height


def _zone(at: _Drawn, column: int, row: int, share: float, cell: int) -> str:
    west, north = map(round, at((column * cell, (row + 1) * cell)))  # whole px: no seams between neighbours
    east, south = map(round, at(((column + 1) * cell, row * cell)))
    size = f'width="{max(1, east - west)}" height="{max(1, south - north)}"'
    return f'<rect class="zone" x="{west}" y="{north}" {size} opacity="{0.15 + 0.5 * share:.2f}"/>'


def _warm(place: tuple[float, float], kind: str, size: float) -> str:
    return f'<circle class="warm {kind}" cx="{place[0]:.0f}" cy="{place[1]:.0f}" r="{_WARM * size:.0f}"/>'


def _dot(at_ms: int, place: tuple[float, float], size: float) -> str:
    return f'<circle class="stood" data-at="{at_ms}" cx="{place[0]:.0f}" cy="{place[1]:.0f}" r="{5 * size:.1f}"/>'


def _cross(at_ms: int, place: tuple[float, float], size: float) -> str:
    x, y, arm = round(place[0]), round(place[1]), round(5 * size)
    across = f"M{x - arm} {y - arm}l{2 * arm} {2 * arm}m0 -{2 * arm}l-{2 * arm} {2 * arm}"
    return f'<path class="fell" data-at="{at_ms}" d="{across}"/>'
