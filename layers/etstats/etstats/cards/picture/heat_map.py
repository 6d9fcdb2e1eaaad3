"""Where a demo's kills were made from and where people died, over where they go on the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import sqrt

from etstats.cards.picture import face, frame, theme
from etstats.cards.picture.canvas import Canvas
from etstats.domain.place import Box, Place
from etstats.domain.report import Death, Report
from etstats.words import Words

_LOWEST, _HIGHEST = 560, 1_000
_TOP, _FOOT = frame.TOP + 52, 76
_WIDE = theme.WIDTH - 2 * theme.MARGIN
_SPREAD = 30  # px around a kill or a death that it warms
_WARMTH = 0.2
_FEW = 60  # kills and deaths; of more, each is drawn smaller and paler, so that the places stand out and not the marks
_SMALLEST = 0.65
_LEAST = 1_500.0  # units
_ROOM = 200.0

Drawn = Callable[[Place], tuple[float, float]]


def draw(words: Words, report: Report, *, title: str) -> str:
    kills, deaths = _places(report)
    cell, box = report.cell, report.box(room=_ROOM)
    canvas = Canvas(height=_height(box))
    frame.header(canvas, title=title, subtitle=words("picture.heat_map"))
    if box is None:
        frame.nothing(canvas, words("picture.no_figure"))
    else:
        at = _projection(box, canvas.height)
        for column, row, share in report.zones:
            west, north = map(round, at((column * cell, (row + 1) * cell)))  # whole px: no seams between neighbours
            east, south = map(round, at(((column + 1) * cell, row * cell)))
            opacity = round(0.1 + 0.3 * share, 2)
            canvas.box(west, north, east - west, south - north, fill=theme.USUAL, opacity=opacity)
        size = max(_SMALLEST, sqrt(_FEW / max(_FEW, len(kills) + len(deaths))))
        _warm(canvas, at, deaths, theme.BELOW, size)
        _warm(canvas, at, kills, theme.ABOVE, size)
        for place in deaths:
            _mark(canvas, *at(place), died=True, size=size)
        for place in kills:
            _mark(canvas, *at(place), died=False, size=size)
    _legend(canvas, words)
    frame.footer(canvas, told(words, report))
    return canvas.svg()


def told(words: Words, report: Report) -> str:
    """How many kills and deaths, and who killed most."""
    kills = [one for one in report.deaths if one.counts]
    said = [words.count("kill", len(kills)), words.count("death", len(report.deaths))]
    names = {one.attacker: one.attacker_name for one in kills}
    best = Counter(one.attacker for one in kills).most_common(1)
    said += [f"{face.name(names[client])} {words.whole(count)}" for client, count in best]
    return " · ".join(said)


def _places(report: Report) -> tuple[list[Place], list[Place]]:
    """Where killers stood and where people fell, of those who were seen there."""

    def known(deaths: Iterable[Death], where: Callable[[Death], Place | None]) -> list[Place]:
        return [place for one in deaths if (place := where(one)) is not None]

    kills = [one for one in report.deaths if one.counts]
    return known(kills, lambda one: one.stood), known(report.deaths, lambda one: one.fell)


def _height(box: Box | None) -> int:
    """A battle from side to side needs no square: on a phone the empty part of it would be as high as the map."""
    drawn = 0.0 if box is None else _WIDE * box.height / max(box.width, _LEAST)
    return round(min(_HIGHEST, max(_LOWEST, _TOP + drawn + _FOOT)))


def _projection(box: Box, height: int) -> Drawn:
    """From places to px, north up."""
    bottom = height - _FOOT
    px = min(_WIDE / max(box.width, _LEAST), (bottom - _TOP) / max(box.height, _LEAST))
    x, y = box.middle
    middle_x, middle_y = theme.WIDTH / 2, (_TOP + bottom) / 2

    def at(place: Place) -> tuple[float, float]:
        return middle_x + (place[0] - x) * px, middle_y - (place[1] - y) * px

    return at


def _warm(canvas: Canvas, at: Drawn, places: Sequence[Place], colour: str, size: float) -> None:
    for place in places:
        x, y = at(place)
        for share in (1.0, 0.6):
            reach, opacity = _SPREAD * share * size, _WARMTH / 2 * size
            canvas.box(x - reach, y - reach, 2 * reach, 2 * reach, fill=colour, corner=reach, opacity=opacity)


def _mark(canvas: Canvas, x: float, y: float, *, died: bool, size: float = 1.0) -> None:
    """A cross for who died, a dot for who killed: the shapes say it without the colours."""
    if not died:
        canvas.circle(x, y, fill=theme.ABOVE, radius=8 * size)
        return
    arm = 7 * size
    for colour, stroke in ((theme.BACKGROUND, 9 * size), (theme.BELOW, 4 * size)):
        canvas.line([(x - arm, y - arm), (x + arm, y + arm)], colour=colour, stroke=stroke)
        canvas.line([(x - arm, y + arm), (x + arm, y - arm)], colour=colour, stroke=stroke)


def _legend(canvas: Canvas, words: Words) -> None:
    x, y = float(theme.MARGIN), frame.TOP + 24
    for key, colour, died in (("picture.killed_from", theme.ABOVE, False), ("picture.died_at", theme.BELOW, True)):
        _mark(canvas, x + 10, y - 10, died=died)
        x += canvas.text(x + 32, y, words(key), colour=colour, bold=True) + 80
