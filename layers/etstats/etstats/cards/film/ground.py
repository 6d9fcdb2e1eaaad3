"""What does not move: the map (its picture, or where people go on it), the scale, the teams, what it is about."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

from etstats.cards.film import look, sprite
from etstats.cards.film.look import View
from etstats.cards.film.sprite import Render
from etstats.cards.picture import face, theme
from etstats.demo.events import Team
from etstats.domain.place import Box
from etstats.errors import BadPicture
from etstats.greatshot.scene import CELL, Scene
from etstats.words import Words

_LARGEST = 4_096 * 4_096  # px of a map's picture
_DIMMED = 0.55  # how much of a map's picture is taken away, so that arrows stand out
_ROUND = (100, 200, 250, 500, 1_000, 2_000, 2_500, 5_000)
_QUIET, _BUSY = "#1d2229", "#4b5766"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPicture:
    """*png* shows the part *box* of the world, north up."""

    png: bytes
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """*who* it is about (team: whose colour he has), *what* he did and where."""

    who: str
    team: Team
    what: str


def ground(words: Words, render: Render, scene: Scene, title: Title, *, picture: MapPicture | None) -> Image.Image:
    """Raises BadPicture for a map's picture that is none."""
    view = View(scene.box)
    image = Image.new("RGB", (look.SIDE, look.SIDE), theme.BACKGROUND)
    below = _zones(scene.zones, view) if picture is None else _map(picture, view)
    image.paste(below, (0, look.HEADER))
    _header(image, render, title)
    _scale(image, words, render, view)
    _teams(image, words, render)
    return image


def _zones(zones: Mapping[tuple[int, int], float], view: View) -> Image.Image:
    """Lighter where more people go, without the edges of its squares."""
    box = view.box
    west, south = int(box.west // CELL), int(box.south // CELL)
    wide, high = int(box.width // CELL) + 3, int(box.height // CELL) + 3
    busy = Image.new("L", (wide, high))
    for (column, row), share in zones.items():
        if 0 <= column - west < wide and 0 <= row - south < high:
            busy.putpixel((column - west, high - 1 - (row - south)), round(55 + 200 * share))
    left, top = box.west / CELL - west, high - (box.north / CELL - south)
    part = (left, top, left + box.width / CELL, top + box.height / CELL)
    size = (look.SIDE, look.ARENA)
    mask = busy.resize(size, Image.Resampling.BICUBIC, box=part).filter(ImageFilter.GaussianBlur(4))
    image = Image.new("RGB", size, theme.BACKGROUND)
    image.paste(Image.merge("RGB", [mask.point(_ramp(channel)) for channel in range(3)]), (0, 0))
    return image


def _ramp(channel: int) -> list[int]:
    """From the background over the quiet squares to the busy ones."""
    dark, quiet, busy = (look.rgb(colour)[channel] for colour in (theme.BACKGROUND, _QUIET, _BUSY))
    return [
        round(dark + (quiet - dark) * level / 55 if level < 55 else quiet + (busy - quiet) * (level - 55) / 200)
        for level in range(256)
    ]


def _map(picture: MapPicture, view: View) -> Image.Image:
    try:
        read = Image.open(io.BytesIO(picture.png), formats=["PNG"])
        if read.width * read.height > _LARGEST:
            raise BadPicture(f"The map's picture has {read.width} × {read.height} px: more than fit into memory")
        image = read.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as fault:
        raise BadPicture(f"The map's picture is no PNG: {fault}") from fault
    across, down = image.width / picture.box.width, image.height / picture.box.height
    seen, whole = view.box, picture.box
    shown = image.transform(
        (look.SIDE, look.ARENA),
        Image.Transform.AFFINE,
        (
            *(across / view.px_per_unit, 0, (seen.west - whole.west) * across),
            *(0, down / view.px_per_unit, (whole.north - seen.north) * down),
        ),
        Image.Resampling.BICUBIC,
        fillcolor=theme.BACKGROUND,
    )
    return Image.blend(shown, Image.new("RGB", shown.size, theme.BACKGROUND), _DIMMED)


def _header(image: Image.Image, render: Render, title: Title) -> None:
    ImageDraw.Draw(image).rectangle((0, 0, look.SIDE, look.HEADER - 1), fill=theme.BACKGROUND)
    room = look.SIDE - 2 * look.MARGIN - 170  # the clock's
    colour = look.COLOURS.get(title.team, theme.TEXT)
    who = sprite.text(render, [(face.name(title.who), colour)], size=look.NAME, bold=True, room=room)
    what = sprite.text(render, [(title.what, theme.TEXT)], size=look.LINE, room=room + 60)
    _paste(image, who, look.MARGIN - 5, 2)
    _paste(image, what, look.MARGIN - 5, 45)


def _scale(image: Image.Image, words: Words, render: Render, view: View) -> None:
    units = max((length for length in _ROUND if length * view.px_per_unit <= 150), default=_ROUND[0])
    wide, y, draw = units * view.px_per_unit, look.SIDE - look.PROGRESS - 16, ImageDraw.Draw(image)
    for width, colour in ((7, theme.BACKGROUND), (3, theme.MUTED)):
        draw.line((look.MARGIN, y, look.MARGIN + wide, y), fill=colour, width=width)
    said = sprite.text(render, [(words("watch.units", n=words.whole(units)), theme.MUTED)], size=look.LABEL)
    _paste(image, said, look.MARGIN - 5, y - said.height)


def _teams(image: Image.Image, words: Words, render: Render) -> None:
    """Which shape and colour is whose."""
    x, y = float(look.SIDE - look.MARGIN), look.SIDE - look.PROGRESS - 24
    for team in reversed(look.COLOURS):
        said = sprite.text(render, [(words(f"watch.{team.value}"), look.COLOURS[team])], size=look.LABEL, bold=True)
        x -= said.width
        _paste(image, said, x, y - said.height / 2)
        x -= look.ARROW
        sprite.put(image, sprite.arrow(team, 90, hero=False), x, y)
        x -= look.ARROW + 14


def _paste(image: Image.Image, said: Image.Image, x: float, y: float) -> None:
    image.paste(said, (round(x), round(y)), said)
