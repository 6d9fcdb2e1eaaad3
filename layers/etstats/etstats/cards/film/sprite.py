"""Small transparent pictures that frames are put together from, each made once."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import cos, radians, sin
from xml.sax.saxutils import escape, quoteattr

from PIL import Image, ImageDraw

from etstats.cards.film import look
from etstats.cards.picture import face, theme
from etstats.demo.events import Team

Render = Callable[[str], bytes]  # SVG to PNG
Part = tuple[str, str]  # a text and its colour

_FINE = 4  # shapes are drawn so many times as large and made smaller: smooth edges
_HALO = 5
_TURNS = 72  # an arrow's directions
_LEVELS = 16  # of opacity
# from the middle, in tips, looking east: a dart and a drop, told apart without their colours
_DART = ((1.0, 0.0), (-0.85, 0.78), (-0.4, 0.0), (-0.85, -0.78))
_NOSE = ((1.12, 0.0), (0.3, 0.62), (0.3, -0.62))
_DISC = 0.68


def text(
    render: Render, parts: Sequence[Part], *, size: float, bold: bool = False, room: float | None = None
) -> Image.Image:
    """One line with a dark edge, so that it can be read on anything. *room*: what does not fit is cut off."""
    left = look.SIDE if room is None else room
    drawn, x = [], float(_HALO)
    for told, colour in parts:
        shown = face.fitted(face.drawable(told), max(left, 0), size, bold=bold)
        for family, letters in face.by_family(shown):
            drawn.append(_letters(letters, x, family, size=size, colour=colour, bold=bold))
            x += face.width(letters, size, bold=bold)
            left -= face.width(letters, size, bold=bold)
        x += size * 0.28
    width, height = max(1, round(x + _HALO)), round(size * 1.3) + 2 * _HALO
    root = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
    return Image.open(io.BytesIO(render(f"{root}{''.join(drawn)}</svg>"))).convert("RGBA")


def _letters(letters: str, x: float, family: str, *, size: float, colour: str, bold: bool) -> str:
    edge = f'stroke="{theme.BACKGROUND}" stroke-width="{_HALO}" stroke-linejoin="round" paint-order="stroke"'
    weight = ' font-weight="700"' if bold else ""
    place = f'x="{x:.1f}" y="{_HALO + size:.1f}" font-size="{size:g}" font-family={quoteattr(family)}'
    return f'<text {place} fill="{colour}" {edge}{weight} xml:space="preserve">{escape(letters)}</text>'


def arrow(team: Team, yaw: float, *, hero: bool) -> Image.Image:
    """Points where *yaw* says: 0 east, 90 north."""
    return _arrow(team, round(yaw / (360 / _TURNS)) % _TURNS, hero)


@lru_cache(maxsize=_TURNS * 6)
def _arrow(team: Team, turn: int, hero: bool) -> Image.Image:
    tip = look.HERO if hero else look.ARROW
    image, draw = _blank(2 * tip + 10)
    colour, angle = look.rgb(look.COLOURS[team]), radians(turn * 360 / _TURNS)
    shapes = [_DART] if team is Team.AXIS else [_NOSE]
    # first everything a little larger in the edge's colour: light around the hero, dark around the others
    for grown, fill in ((4, look.rgb(theme.TEXT if hero else theme.BACKGROUND)), (0, colour)):
        for shape in shapes:
            points = [_turned(x, y, angle, tip, image.width) for x, y in shape]
            draw.polygon(points, fill=fill)
            if grown:
                draw.line([*points, *points[:2]], fill=fill, width=grown * _FINE, joint="curve")
        if team is not Team.AXIS:
            _disc(draw, image.width / 2, (_DISC * tip + grown / 2) * _FINE, fill)
    return image.reduce(_FINE)


def _turned(x: float, y: float, angle: float, tip: float, side: int) -> tuple[float, float]:
    """On the screen y grows downwards."""
    east, north = x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)
    return side / 2 + east * tip * _FINE, side / 2 - north * tip * _FINE


def _disc(draw: ImageDraw.ImageDraw, middle: float, radius: float, fill: tuple[int, int, int]) -> None:
    draw.ellipse((middle - radius, middle - radius, middle + radius, middle + radius), fill=fill)


@lru_cache(maxsize=64)
def health(percent: int, *, hero: bool) -> Image.Image:
    """An arc from the top clockwise, all around at 100."""
    radius = (look.HERO if hero else look.ARROW) + look.HEALTH
    image, draw = _blank(2 * radius + 6)
    edge, inner = 1 * _FINE, (image.width - 2 * radius * _FINE) / 2
    around = (inner, inner, image.width - inner, image.width - inner)
    draw.arc(around, 0, 360, fill=(*look.rgb(theme.BACKGROUND), 150), width=4 * _FINE)
    colour = look.rgb(theme.TEXT if percent > 35 else theme.BELOW)
    draw.arc(
        tuple(side + sign * edge / 2 for side, sign in zip(around, (1, 1, -1, -1), strict=True)),
        -90, -90 + percent * 3.6, fill=(*colour, 235), width=3 * _FINE,
    )  # fmt: skip
    return image.reduce(_FINE)


@lru_cache(maxsize=4)
def cross(team: Team) -> Image.Image:
    reach = look.CROSS
    image, draw = _blank(2 * reach + 8)
    near, far = 4 * _FINE, image.width - 4 * _FINE
    for width, fill in ((8, look.rgb(theme.BACKGROUND)), (4, look.rgb(look.COLOURS[team]))):
        draw.line((near, near, far, far), fill=fill, width=width * _FINE)
        draw.line((near, far, far, near), fill=fill, width=width * _FINE)
    return image.reduce(_FINE)


@lru_cache(maxsize=64)
def ring(radius: int, colour: str) -> Image.Image:
    image, draw = _blank(2 * radius + 4)
    edge = 2 * _FINE
    draw.ellipse((edge, edge, image.width - edge, image.width - edge), outline=look.rgb(colour), width=3 * _FINE)
    return image.reduce(_FINE)


@lru_cache(maxsize=1)
def carried() -> Image.Image:
    """An objective on somebody's back."""
    image, draw = _blank(22)
    middle, reach = image.width / 2, 9 * _FINE
    around = [(middle, middle - reach), (middle + reach, middle), (middle, middle + reach), (middle - reach, middle)]
    draw.polygon(around, fill=look.rgb(theme.BACKGROUND))
    inner = [(middle + (x - middle) * 0.65, middle + (y - middle) * 0.65) for x, y in around]
    draw.polygon(inner, fill=look.rgb(theme.TEXT))
    return image.reduce(_FINE)


def _blank(side: float) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGBA", (round(side) * _FINE, round(side) * _FINE), (*look.rgb(theme.BACKGROUND), 0))
    return image, ImageDraw.Draw(image)


def put(onto: Image.Image, sprite: Image.Image, x: float, y: float, *, opacity: float = 1) -> None:
    """Its middle at *x*, *y*."""
    at = round(x - sprite.width / 2), round(y - sprite.height / 2)
    level = round(min(max(opacity, 0), 1) * _LEVELS)
    if level == _LEVELS:
        onto.paste(sprite, at, sprite)
    elif level:
        faint = sprite.getchannel("A").point([alpha * level // _LEVELS for alpha in range(256)])
        onto.paste(sprite, at, faint)


def line(
    onto: Image.Image,
    begin: tuple[float, float],
    end: tuple[float, float],
    *,
    colour: str,
    width: int,
    opacity: float,
) -> None:
    """A smooth one: drawn twice as large on a patch of its own."""
    pad = width + 2
    west, north = round(min(begin[0], end[0])) - pad, round(min(begin[1], end[1])) - pad
    wide, high = round(abs(end[0] - begin[0])) + 2 * pad, round(abs(end[1] - begin[1])) + 2 * pad
    mask = Image.new("L", (wide * 2, high * 2))
    points = [((x - west) * 2, (y - north) * 2) for x, y in (begin, end)]
    ImageDraw.Draw(mask).line(points, fill=round(255 * min(max(opacity, 0), 1)), width=width * 2)
    onto.paste(look.rgb(colour), (west, north), mask.reduce(2))
