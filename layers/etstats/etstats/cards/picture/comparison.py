"""Two players side by side: a row for each figure, bars away from the middle, who is ahead in full colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etstats.cards.picture import face, frame, theme
from etstats.cards.picture.canvas import Canvas
from etstats.cards.picture.scale import known
from etstats.domain.compare import Ahead
from etstats.words import Words

_ROW = 72
_MOST_ROWS = 12
_BAR = 24
_BAR_BELOW_LABEL = 12
_MIDDLE = theme.WIDTH / 2
_FIGURE_ROOM = 150
_LONGEST = _MIDDLE - theme.MARGIN - _FIGURE_ROOM
_APART = 2  # the bars, from the middle
_BEHIND = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFigure:
    """*first* and *second* give the bars their lengths, None: not known; the texts say how the figures are written."""

    label: str
    first: float | None
    second: float | None
    first_text: str
    second_text: str
    ahead: Ahead = Ahead.NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """*first_rounds*, *second_rounds*: what their figures rest on."""

    first: str
    second: str
    first_rounds: int
    second_rounds: int
    figures: tuple[ComparedFigure, ...]


def draw(words: Words, compared: Compared) -> str:
    rows = compared.figures[:_MOST_ROWS]
    canvas = Canvas(height=frame.TOP + max(len(rows), 2) * _ROW + 92)
    _names(canvas, words, compared)
    for place, row in enumerate(rows):
        _row(canvas, row, frame.TOP + 40 + place * _ROW)
    if not rows:
        frame.nothing(canvas, words("picture.no_figure"))
    frame.footer(canvas, words("picture.ahead", first=_won(rows, Ahead.FIRST), second=_won(rows, Ahead.SECOND)))
    return canvas.svg()


def told(words: Words, compared: Compared) -> str:
    """Each figure of both."""
    said = [
        f"{compared.first} ({words.count('round', compared.first_rounds)}) : "
        f"{compared.second} ({words.count('round', compared.second_rounds)})"
    ]
    said += [f"{row.label} {row.first_text} : {row.second_text}" for row in compared.figures]
    return " · ".join(said)


def _won(rows: Sequence[ComparedFigure], ahead: Ahead) -> int:
    return sum(row.ahead is ahead for row in rows)


def _names(canvas: Canvas, words: Words, compared: Compared) -> None:
    """Each on his side, with what his figures rest on; a mark of his own beside the colour."""
    left, right = theme.MARGIN, theme.WIDTH - theme.MARGIN
    room = _MIDDLE - theme.MARGIN - theme.GAP - 44
    canvas.circle(left + theme.MARK, 58, fill=theme.TEAM_A, radius=theme.MARK * 1.3)
    canvas.square(right - theme.MARK, 58, fill=theme.TEAM_B, radius=theme.MARK * 1.2)
    canvas.text(left + 40, 74, face.name(compared.first), size=theme.TITLE, colour=theme.TEAM_A, bold=True, room=room)
    canvas.text(
        right - 40,
        74,
        face.name(compared.second),
        size=theme.TITLE,
        colour=theme.TEAM_B,
        bold=True,
        anchor="end",
        room=room,
    )
    canvas.text(left, 120, words.count("round", compared.first_rounds), colour=theme.MUTED)
    canvas.text(right, 120, words.count("round", compared.second_rounds), colour=theme.MUTED, anchor="end")


def _row(canvas: Canvas, row: ComparedFigure, y: float) -> None:
    """The label above, the bars below it, the figures at the edges."""
    middle_room = 2 * _LONGEST
    canvas.text(_MIDDLE, y, row.label, size=theme.SMALL, colour=theme.MUTED, anchor="middle", room=middle_room)
    first, second = _lengths(row)
    top = y + _BAR_BELOW_LABEL
    canvas.box(_MIDDLE - _LONGEST, top, 2 * _LONGEST, _BAR, fill=theme.PANEL, corner=theme.CORNER)
    for length, side, colour, ahead in (
        (first, -1, theme.TEAM_A, row.ahead is not Ahead.SECOND),
        (second, 1, theme.TEAM_B, row.ahead is not Ahead.FIRST),
    ):
        x = _MIDDLE - length - _APART if side < 0 else _MIDDLE + _APART
        canvas.box(x, top, length, _BAR, fill=colour, corner=theme.CORNER, opacity=1 if ahead else _BEHIND)
    _figure(canvas, row.first_text, theme.MARGIN, top, ahead=row.ahead is Ahead.FIRST, anchor="start")
    _figure(canvas, row.second_text, theme.WIDTH - theme.MARGIN, top, ahead=row.ahead is Ahead.SECOND, anchor="end")


def _lengths(row: ComparedFigure) -> tuple[float, float]:
    """The larger figure has all the room."""
    values = [max(known(value) or 0.0, 0.0) for value in (row.first, row.second)]
    most, room = max(values), _LONGEST - _APART
    return (room * values[0] / most, room * values[1] / most) if most else (0.0, 0.0)


def _figure(canvas: Canvas, text: str, x: float, top: float, *, ahead: bool, anchor: str) -> None:
    """Who is ahead is written bold, with a mark: not by colour alone."""
    size = theme.LABEL + 2
    colour = theme.TEXT if ahead else theme.MUTED
    room = _FIGURE_ROOM - 40
    canvas.text(x, top + 22, text, size=size, colour=colour, bold=ahead, anchor=anchor, room=room)
    if ahead:
        wide = min(face.width(face.drawable(text), size, bold=True), room)
        canvas.triangle(
            x + (wide + 18) * (1 if anchor == "start" else -1), top + 11, fill=theme.TEXT, up=True, radius=8
        )
