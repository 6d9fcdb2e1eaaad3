"""Draws the frames of a film, one after another."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from PIL import Image, ImageDraw

from etstats.cards.film import look, sprite
from etstats.cards.film.ground import MapPicture, Title, ground
from etstats.cards.film.look import View, inside
from etstats.cards.film.sprite import Render, put
from etstats.cards.picture import face, theme
from etstats.demo.events import WORLD, Team
from etstats.domain.weapon import means_label
from etstats.greatshot.pace import Frame
from etstats.greatshot.scene import Fall, Fighter, Scene, Shot, Step
from etstats.words import Words

# how long things stay, in the scene's ms
_SHOT_MS = 140
_KILL_MS = 700
_CROSS_MS = 6_000
_FEED_MS = 6_000
_FADING_MS = 900
_REVIVED_MS = 400  # alive so long after his fall: he is back
_FEED_LINES = 5
_HEALTHY = 100
_NAME_ROOM = 150
# where a name may stand, from its arrow's middle, in halves of its width and of a line: below, above, right, left
_PLACES = ((0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0))
_STAYING = 5  # px of overlap that do not yet move a name
_ARROW_ROOM = 2 * look.ARROW

_Room = tuple[float, float, float, float]  # west, north, east, south


class Film:
    """Sprites are made once, at the start; `frame` puts them together. Raises BadPicture for a bad map picture."""

    def __init__(
        self, words: Words, render: Render, scene: Scene, title: Title, *, picture: MapPicture | None = None
    ) -> None:
        self._scene = scene
        self._view = View(scene.box)
        self._ground = ground(words, render, scene, title, picture=picture)
        self._fighters = sorted(
            (one for one in scene.fighters if one.team in look.COLOURS), key=lambda one: one.client == scene.hero
        )
        self._names = {one.client: _name(render, one, hero=one.client == scene.hero) for one in self._fighters}
        self._lines = [(fall, _feed_line(words, render, scene, fall)) for fall in scene.falls]
        self._digits = {
            sign: sprite.text(render, [(sign, theme.TEXT)], size=look.CLOCK, bold=True) for sign in "0123456789:"
        }
        self._fast = sprite.text(render, [(words("watch.fast"), theme.ABOVE)], size=look.LABEL, bold=True)
        self._stands: dict[int, int] = {}  # client → where his name stood last

    def frames(self, paced: Sequence[Frame], moments: Iterable[int]) -> Iterator[bytes]:
        """Each as RGB, row by row from the top."""
        ticks = [_share(paced, moment) for moment in moments]
        for number, one in enumerate(paced, start=1):
            image = self.frame(one)
            _progress(image, number / len(paced), ticks)
            yield image.tobytes()

    def still(self, at_ms: int) -> bytes:
        """The moment as a PNG."""
        out = io.BytesIO()
        self.frame(Frame(at_ms=at_ms, speed=1.0)).save(out, "PNG")
        return out.getvalue()

    def frame(self, shown: Frame) -> Image.Image:
        at_ms = shown.at_ms
        image = self._ground.copy()
        standing = [(one, step) for one in self._fighters if (step := one.at(at_ms)) is not None and step.alive]
        alive = {one.client for one, _ in standing}
        self._fallen(image, at_ms, alive)
        for shot in self._scene.shots:
            if shot.at_ms <= at_ms < shot.at_ms + _SHOT_MS:
                self._shot(image, shot, at_ms)
        for one, step in standing:
            self._arrow(image, one, step)
        self._labels(image, standing)
        self._clock(image, at_ms)
        self._feed(image, at_ms)
        if shown.speed > 1.05:
            image.paste(self._fast, (look.SIDE - look.MARGIN - self._fast.width, 54), self._fast)
        return image

    def _fallen(self, image: Image.Image, at_ms: int, alive: set[int]) -> None:
        for fall in self._scene.falls:
            gone = at_ms - fall.at_ms
            victim = self._scene.fighter(fall.victim)
            if not 0 <= gone < _CROSS_MS or fall.place is None or (fall.victim in alive and gone > _REVIVED_MS):
                continue
            x, y = self._view(fall.place)
            if not inside(x, y):
                continue
            team = victim.team if victim is not None and victim.team in look.COLOURS else Team.AXIS
            put(image, sprite.cross(team), x, y, opacity=(1 - gone / _CROSS_MS) ** 0.7)
            if gone < _KILL_MS:
                self._kill(image, fall, (x, y), gone / _KILL_MS)

    def _kill(self, image: Image.Image, fall: Fall, at: tuple[float, float], share: float) -> None:
        """A ring that grows, and from whom it came."""
        put(image, sprite.ring(12 + round(share * 8) * 3, theme.TEXT), *at, opacity=1 - share)
        attacker = self._scene.fighter(fall.attacker)
        step = attacker.at(fall.at_ms) if attacker is not None and fall.attacker != fall.victim else None
        if attacker is not None and step is not None and attacker.team in look.COLOURS:
            colour = look.COLOURS[attacker.team]
            _line(image, self._view(step.place), at, colour=colour, width=look.WIDE, opacity=1 - share)

    def _shot(self, image: Image.Image, shot: Shot, at_ms: int) -> None:
        fresh = 1 - (at_ms - shot.at_ms) / _SHOT_MS
        colour = theme.TEXT if shot.struck else theme.USUAL
        begin, end = self._view(shot.origin), self._view(shot.end)
        opacity = fresh * (0.95 if shot.struck else 0.6)
        _line(image, begin, end, colour=colour, width=look.THIN, opacity=opacity)
        if inside(*end):
            put(image, sprite.ring(5 if shot.struck else 3, colour), *end, opacity=fresh)

    def _arrow(self, image: Image.Image, one: Fighter, step: Step) -> None:
        x, y = self._view(step.place)
        if not inside(x, y, room=4):
            return
        hero = one.client == self._scene.hero
        if step.health is not None and step.health > 0:
            put(image, sprite.health(min(100, round(step.health * 20 / _HEALTHY) * 5), hero=hero), x, y)
        put(image, sprite.arrow(one.team, step.yaw, hero=hero), x, y)
        if step.carrying:
            put(image, sprite.carried(), x, y - (look.HERO if hero else look.ARROW) - 12)

    def _labels(self, image: Image.Image, standing: Sequence[tuple[Fighter, Step]]) -> None:
        """The hero's first; one that has no room is left out."""
        arrows = {one.client: self._view(step.place) for one, step in standing}
        taken: list[_Room] = []
        for one, _ in reversed(standing):
            if not inside(*arrows[one.client], room=4):
                continue
            others = [_room(at, _ARROW_ROOM, _ARROW_ROOM) for client, at in arrows.items() if client != one.client]
            where = self._label(one, arrows[one.client], [*taken, *others]) or self._label(
                one, arrows[one.client], taken
            )
            if where is not None:
                taken.append(where)
                name = self._names[one.client]
                image.paste(name, (round(where[0]), round(where[1])), name)

    def _label(self, one: Fighter, at: tuple[float, float], taken: Sequence[_Room]) -> _Room | None:
        """Where his name has room around his arrow: where it stood last, if it can."""
        name, hero = self._names[one.client], one.client == self._scene.hero
        reach = (look.HERO if hero else look.ARROW) + 13
        for stand in dict.fromkeys((self._stands.get(one.client, 0), *range(len(_PLACES)))):
            right, down = _PLACES[stand]
            middle = at[0] + right * (name.width / 2 + reach), at[1] + down * (reach + 4)
            where = _on_ground(middle, name)
            if not any(_overlap(where, other) for other in taken):
                self._stands[one.client] = stand
                return where
        return None

    def _clock(self, image: Image.Image, at_ms: int) -> None:
        left_ms = self._scene.clock_ms(at_ms)
        if left_ms is None:
            return
        x = look.SIDE - look.MARGIN + 5
        for sign in reversed(f"{left_ms // 60_000}:{left_ms // 1_000 % 60:02}"):
            digit = self._digits[sign]
            x -= digit.width - 21
            image.paste(digit, (x - 16, -2), digit)

    def _feed(self, image: Image.Image, at_ms: int) -> None:
        """The latest at the bottom, as in the game."""
        y = look.HEADER + 8
        shown = [(fall, line) for fall, line in self._lines if 0 <= at_ms - fall.at_ms < _FEED_MS]
        for fall, line in shown[-_FEED_LINES:]:
            left = _FEED_MS - (at_ms - fall.at_ms)
            put(image, line, look.SIDE - 10 - line.width / 2, y + line.height / 2, opacity=left / _FADING_MS)
            y += line.height - 8


def _name(render: Render, one: Fighter, *, hero: bool) -> Image.Image:
    colour = theme.TEXT if hero else look.COLOURS[one.team]
    return sprite.text(render, [(face.name(one.name), colour)], size=look.LABEL, bold=hero, room=_NAME_ROOM)


def _feed_line(words: Words, render: Render, scene: Scene, fall: Fall) -> Image.Image:
    parts = [_who(scene, fall.victim)]
    weapon = means_label(fall.weapon) + (f" · {words('watch.head')}" if fall.head else "")
    parts.insert(0, (weapon, theme.MUTED))
    if fall.attacker not in (WORLD, fall.victim):
        parts.insert(0, _who(scene, fall.attacker))
    short = [(face.fitted(face.drawable(told), _NAME_ROOM + 40, look.LABEL), colour) for told, colour in parts]
    return sprite.text(render, short, size=look.LABEL)


def _who(scene: Scene, client: int) -> tuple[str, str]:
    one = scene.fighter(client)
    return face.name(one.name if one else ""), look.COLOURS.get(one.team, theme.TEXT) if one else theme.TEXT


def _line(
    image: Image.Image,
    begin: tuple[float, float],
    end: tuple[float, float],
    *,
    colour: str,
    width: int,
    opacity: float,
) -> None:
    """As far as it is on the ground."""
    part = _within(begin, end)
    if part is not None:
        sprite.line(image, *part, colour=colour, width=width, opacity=opacity)


def _within(
    begin: tuple[float, float], end: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The part of a line that is on the ground (Liang and Barsky, 1984)."""
    (x, y), (to_x, to_y) = begin, end
    first, last = 0.0, 1.0
    for step, low, high, start in (
        (to_x - x, 0, look.SIDE, x),
        (to_y - y, look.HEADER + 4, look.SIDE, y),
    ):
        if step == 0:
            if not low <= start <= high:
                return None
            continue
        enters, leaves = sorted(((low - start) / step, (high - start) / step))
        first, last = max(first, enters), min(last, leaves)
    if first >= last:
        return None
    return (x + (to_x - x) * first, y + (to_y - y) * first), (x + (to_x - x) * last, y + (to_y - y) * last)


def _on_ground(middle: tuple[float, float], name: Image.Image) -> _Room:
    """Its room, moved to where it is wholly on the ground."""
    x = min(max(middle[0], name.width / 2 + 2), look.SIDE - name.width / 2 - 2)
    y = min(max(middle[1], look.HEADER + name.height / 2), look.SIDE - name.height / 2 - look.PROGRESS)
    return _room((x, y), name.width, name.height)


def _room(middle: tuple[float, float], width: float, height: float) -> _Room:
    x, y = middle
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _overlap(one: _Room, other: _Room) -> bool:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > _STAYING and high > _STAYING + 8  # half of a line's height is its edge and its room


def _share(paced: Sequence[Frame], moment: int) -> float:
    """How far the film is when it shows *moment*."""
    return sum(frame.at_ms < moment for frame in paced) / len(paced)


def _progress(image: Image.Image, share: float, ticks: Iterable[float]) -> None:
    draw, top = ImageDraw.Draw(image), look.SIDE - look.PROGRESS
    draw.rectangle((0, top, look.SIDE, look.SIDE), fill=theme.PANEL)
    draw.rectangle((0, top, round(look.SIDE * share), look.SIDE), fill=theme.MUTED)
    for tick in ticks:
        x = round(look.SIDE * tick)
        draw.rectangle((x - 2, top - 4, x + 2, look.SIDE), fill=theme.TEXT)
