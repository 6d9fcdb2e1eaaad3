"""Where a demo's kills were made from and where people died, over where they go on the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from etstats.cards.picture import face, frame, theme
from etstats.cards.picture.canvas import Canvas
from etstats.greatshot.battle import Battle
from etstats.greatshot.scene import CELL, Box, Place, zones
from etstats.words import Words

_LOWEST, _HIGHEST = 560, 1_000
_TOP, _FOOT = frame.TOP + 52, 76
_WIDE = theme.WIDTH - 2 * theme.MARGIN
_SPREAD = 30  # px around a kill or a death that it warms
_WARMTH = 0.2
_LEAST = 1_500.0  # units
_ROOM = 200.0

Drawn = Callable[[Place], tuple[float, float]]


def draw(words: Words, battle: Battle, *, title: str) -> str:
    kills, deaths = _places(battle)
    seen = zones(step.position[:2] for _, track in battle.tracks() for step in track if step.alive)
    corners = [(column * CELL + at, row * CELL + at) for column, row in seen for at in (0.0, CELL)]
    box = _box([*corners, *kills, *deaths])
    canvas = Canvas(height=_height(box))
    frame.header(canvas, title=title, subtitle=words("picture.heat_map"))
    if box is None:
        frame.nothing(canvas, words("picture.no_figure"))
    else:
        at = _projection(box, canvas.height)
        for (column, row), share in sorted(seen.items()):
            west, north = map(round, at((column * CELL, (row + 1) * CELL)))  # whole px: no seams between neighbours
            east, south = map(round, at(((column + 1) * CELL, row * CELL)))
            opacity = round(0.1 + 0.3 * share, 2)
            canvas.box(west, north, east - west, south - north, fill=theme.USUAL, opacity=opacity)
        _warm(canvas, at, deaths, theme.BELOW)
        _warm(canvas, at, kills, theme.ABOVE)
        for place in deaths:
            _mark(canvas, *at(place), died=True)
        for place in kills:
            _mark(canvas, *at(place), died=False)
    _legend(canvas, words)
    frame.footer(canvas, told(words, battle))
    return canvas.svg()


def told(words: Words, battle: Battle) -> str:
    """How many kills and deaths, and who killed most."""
    said = [words.count("kill", len(battle.kills)), words.count("death", len(_deaths(battle)))]
    best = Counter(kill.attacker for kill in battle.kills).most_common(1)
    said += [f"{face.name(battle.name(client))} {words.whole(kills)}" for client, kills in best]
    return " · ".join(said)


def _deaths(battle: Battle) -> list[tuple[int, int]]:
    return [(one.victim, one.at_ms) for one in battle.deaths if battle.span_of(one.at_ms) is not None]


def _places(battle: Battle) -> tuple[list[Place], list[Place]]:
    """Where killers stood and where people fell, of those who were seen there."""
    killers = [(kill.attacker, kill.at_ms) for kill in battle.kills]
    return _seen(battle, killers), _seen(battle, _deaths(battle))


def _seen(battle: Battle, whom: Sequence[tuple[int, int]]) -> list[Place]:
    found = [battle.seen(client, at_ms) for client, at_ms in whom]
    return [one.position[:2] for one in found if one is not None]


def _box(places: Sequence[Place]) -> Box | None:
    """Around all of them."""
    if not places:
        return None
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return Box(west=min(xs) - _ROOM, south=min(ys) - _ROOM, east=max(xs) + _ROOM, north=max(ys) + _ROOM)


def _height(box: Box | None) -> int:
    """A battle from side to side needs no square: on a phone the empty part of it would be as high as the map."""
    drawn = 0.0 if box is None else _WIDE * box.height / max(box.width, _LEAST)
    return round(min(_HIGHEST, max(_LOWEST, _TOP + drawn + _FOOT)))


def _projection(box: Box, height: int) -> Drawn:
    """From places to px, north up."""
    bottom = height - _FOOT
    px = min(_WIDE / max(box.width, _LEAST), (bottom - _TOP) / max(box.height, _LEAST))
    x, y = (box.west + box.east) / 2, (box.south + box.north) / 2
    middle_x, middle_y = theme.WIDTH / 2, (_TOP + bottom) / 2

    def at(place: Place) -> tuple[float, float]:
        return middle_x + (place[0] - x) * px, middle_y - (place[1] - y) * px

    return at


def _warm(canvas: Canvas, at: Drawn, places: Sequence[Place], colour: str) -> None:
    for place in places:
        x, y = at(place)
        for share in (1.0, 0.6):
            reach = _SPREAD * share
            canvas.box(x - reach, y - reach, 2 * reach, 2 * reach, fill=colour, corner=reach, opacity=_WARMTH / 2)


def _mark(canvas: Canvas, x: float, y: float, *, died: bool) -> None:
    """A cross for who died, a dot for who killed: the shapes say it without the colours."""
    if not died:
        canvas.circle(x, y, fill=theme.ABOVE, radius=8)
        return
    for colour, stroke in ((theme.BACKGROUND, 9), (theme.BELOW, 4)):
        canvas.line([(x - 7, y - 7), (x + 7, y + 7)], colour=colour, stroke=stroke)
        canvas.line([(x - 7, y + 7), (x + 7, y - 7)], colour=colour, stroke=stroke)


def _legend(canvas: Canvas, words: Words) -> None:
    x, y = float(theme.MARGIN), frame.TOP + 24
    for key, colour, died in (("picture.killed_from", theme.ABOVE, False), ("picture.died_at", theme.BELOW, True)):
        _mark(canvas, x + 10, y - 10, died=died)
        x += canvas.text(x + 32, y, words(key), colour=colour, bold=True) + 80
