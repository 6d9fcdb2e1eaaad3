"""A player's latest sessions against his own usual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from etstats.cards.picture import face, frame, theme
from etstats.cards.picture.canvas import Canvas
from etstats.cards.picture.scale import Scale, known, unbroken
from etstats.words import UNKNOWN, Words

_TOP, _BOTTOM = 200, 480
_DATES_Y = 522


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPoint:
    """One session. *value* None: not known."""

    day: date
    value: float | None
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLine:
    """*points* oldest first. *usual* is what the latest is compared with, between *low* and *high* nothing is unusual.
    *written*: how this figure is written; *measure*: what it is called."""

    name: str
    measure: str
    points: tuple[FormPoint, ...]
    usual: float | None
    low: float | None
    high: float | None
    written: Callable[[float | None], str]

    @property
    def now(self) -> float | None:
        return known(self.points[-1].value) if self.points else None

    @property
    def change(self) -> float | None:
        """In per cent of the usual."""
        usual = known(self.usual)
        return None if self.now is None or not usual else 100 * (self.now / usual - 1)


def draw(words: Words, line: FormLine) -> str:
    canvas = Canvas()
    _header(canvas, words, line)
    values = [value for value in (known(point.value) for point in line.points) if value is not None]
    if values:
        edges = [edge for edge in map(known, (line.usual, line.low, line.high)) if edge is not None]
        scale, left = frame.value_axis(canvas, words, [*values, *edges], top=_TOP, bottom=_BOTTOM)
        _usual(canvas, words, line, scale, left)
        _points(canvas, words, line, scale, left)
    else:
        frame.nothing(canvas, words("picture.no_figure"))
    frame.footer(canvas, _footer(words, line))
    return canvas.svg()


def told(words: Words, line: FormLine) -> str:
    """The latest figure, the usual, and every session's, latest first."""
    said = [words("picture.form_now", measure=line.measure, value=_written(line, line.now))]
    said.append(words("picture.form_usual", value=_written(line, line.usual)))
    said += [f"{words.short_day(point.day)}: {_written(line, point.value)}" for point in reversed(line.points)]
    return " · ".join(said)


def _written(line: FormLine, value: float | None) -> str:
    value = known(value)
    return UNKNOWN if value is None else line.written(value)


def _header(canvas: Canvas, words: Words, line: FormLine) -> None:
    change, beneath, colour = line.change, "", theme.MUTED
    if change is not None:
        direction = _direction(line, line.now)
        key = {1: "above", -1: "below", 0: "around"}[direction]
        beneath = words(f"picture.form_{key}", change=words.percent(abs(change)))
        colour = {1: theme.ABOVE, -1: theme.BELOW, 0: theme.TEXT}[direction]
    frame.header(
        canvas,
        title=line.name,
        subtitle=line.measure,
        figure=[(_written(line, line.now), theme.TEXT)],
        beneath=beneath,
        colour=colour,
    )


def _direction(line: FormLine, value: float | None) -> int:
    """1 above the usual band, -1 below, 0 inside, or nothing to compare with."""
    low, high, value = known(line.low), known(line.high), known(value)
    if value is None or low is None or high is None:
        return 0
    return (value > high) - (value < low)


def _usual(canvas: Canvas, words: Words, line: FormLine, scale: Scale, left: float) -> None:
    right = canvas.width - theme.MARGIN
    low, high, usual = known(line.low), known(line.high), known(line.usual)
    if low is not None and high is not None:
        canvas.box(left, scale(high), right - left, scale(low) - scale(high), fill=theme.USUAL, opacity=0.32)
    if usual is not None:
        canvas.line([(left, scale(usual)), (right, scale(usual))], colour=theme.MUTED, stroke=3, dashed=True)


def _places(line: FormLine, left: float) -> list[float]:
    """Where each session stands, the latest at the right; a few do not spread over all of it."""
    first, last = left + 44, theme.WIDTH - theme.MARGIN - 44
    if len(line.points) == 1:
        return [(first + last) / 2]
    step = (last - first) / (len(line.points) - 1)
    return [first + place * step for place in range(len(line.points))]


def _points(canvas: Canvas, words: Words, line: FormLine, scale: Scale, left: float) -> None:
    places = _places(line, left)
    values = [known(point.value) for point in line.points]
    for part in unbroken(zip(places, values, strict=True), scale):
        canvas.line(part, colour=theme.TEXT, stroke=theme.STROKE - 1, opacity=0.85)
    for place, (x, value) in enumerate(zip(places, values, strict=True)):
        if value is None:
            canvas.text(x, _BOTTOM - 10, UNKNOWN, colour=theme.MUTED, anchor="middle")
        else:
            _mark(canvas, x, scale(value), _direction(line, value), latest=place == len(values) - 1)
    _extremes(canvas, line, places, scale)
    _days(canvas, words, line, places)


def _mark(canvas: Canvas, x: float, y: float, direction: int, *, latest: bool) -> None:
    """Above, inside and below the usual differ in shape as well as in colour."""
    radius = theme.MARK * (1.5 if latest else 1.1)
    if direction:
        canvas.triangle(x, y, fill=theme.ABOVE if direction > 0 else theme.BELOW, up=direction > 0, radius=radius)
    else:
        canvas.circle(x, y, fill=theme.TEXT, radius=radius)


def _extremes(canvas: Canvas, line: FormLine, places: list[float], scale: Scale) -> None:
    """The highest, the lowest and the latest are told in figures."""
    values = {place: value for place, point in enumerate(line.points) if (value := known(point.value)) is not None}
    highest, lowest, latest = (
        max(values, key=lambda at: values[at]),
        min(values, key=lambda at: values[at]),
        max(values),
    )
    for place in sorted({highest, lowest, latest}):
        y = scale(values[place])
        under = place == lowest and place != highest and y < _BOTTOM - 48
        text = line.written(values[place])
        half = face.width(face.drawable(text), theme.LABEL, bold=True) / 2
        x = min(places[place], theme.WIDTH - theme.MARGIN - half)
        canvas.text(x, y + (48 if under else -26), text, bold=True, anchor="middle")


def _days(canvas: Canvas, words: Words, line: FormLine, places: list[float]) -> None:
    """As many days as can be read, counted from the latest."""
    each = max(face.width(face.drawable(_day(words, point.day)), theme.SMALL) for point in line.points) + theme.GAP
    step = (places[-1] - places[0]) / max(len(places) - 1, 1)
    every = 1 if not step else -int(-each // step)
    for place in range(len(places) - 1, -1, -every):
        day = _day(words, line.points[place].day)
        canvas.text(places[place], _DATES_Y, day, size=theme.SMALL, colour=theme.MUTED, anchor="middle")


def _day(words: Words, day: date) -> str:
    return words("picture.day", day=day.day, month=words("calendar.months").split()[day.month - 1])


def _footer(words: Words, line: FormLine) -> str:
    rounds = sum(point.rounds for point in line.points)
    said = [words.count("session", len(line.points)), words.count("round", rounds)]
    if known(line.usual) is not None:
        said.append(words("picture.form_usual", value=_written(line, line.usual)))
    return " · ".join(said)
