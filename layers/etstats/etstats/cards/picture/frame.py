"""What pictures have in common: a title with a strong figure, a footer, and a plot with its scale."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.picture import face, theme
from etstats.cards.picture.canvas import Canvas
from etstats.cards.picture.figure import beside
from etstats.cards.picture.scale import Scale, round_scale
from etstats.words import Words

TOP = 152  # below the header
_TITLE_Y, _SUBTITLE_Y = 74, 120
_SCALE_GAP = 16


def header(
    canvas: Canvas,
    *,
    title: str,
    subtitle: str,
    figure: Sequence[tuple[str, str]] = (),
    beneath: str = "",
    colour: str = theme.TEXT,
) -> None:
    """*figure* is the strong one, at the right, in parts with their colours; *beneath* what is said of it."""
    right = canvas.width - theme.MARGIN
    room = right - theme.MARGIN - theme.GAP * 2
    wide = said = 0.0
    for text, part_colour in reversed(figure):
        wide += canvas.text(
            right - wide,
            _TITLE_Y,
            text,
            size=theme.HEADLINE,
            colour=part_colour,
            bold=True,
            anchor="end",
            room=room / 2,
        )
    if beneath:
        said = canvas.text(right, _SUBTITLE_Y, beneath, colour=colour, bold=True, anchor="end", room=room / 2)
    canvas.text(theme.MARGIN, _TITLE_Y, face.name(title), size=theme.TITLE, bold=True, room=room - wide)
    canvas.text(theme.MARGIN, _SUBTITLE_Y, subtitle, colour=theme.MUTED, room=room - said)


def footer(canvas: Canvas, text: str) -> None:
    room = canvas.width - 2 * theme.MARGIN
    canvas.text(theme.MARGIN, canvas.height - 28, text, size=theme.SMALL, colour=theme.MUTED, room=room)


def nothing(canvas: Canvas, text: str) -> None:
    """Said in the middle of a picture that has nothing to show."""
    room = canvas.width - 2 * theme.MARGIN
    canvas.text(canvas.width / 2, (canvas.height + TOP) / 2, text, colour=theme.MUTED, anchor="middle", room=room)


def value_axis(
    canvas: Canvas, words: Words, values: Sequence[float], *, top: float, bottom: float
) -> tuple[Scale, float]:
    """Grid lines with their numbers for *values*. Returns the scale and where the plot begins on the left."""
    scale, ticks = round_scale(values, start=bottom, end=top)
    texts = beside(words, ticks)
    left = theme.MARGIN + max(face.width(text, theme.SMALL) for text in texts) + _SCALE_GAP
    for tick, text in zip(ticks, texts, strict=True):
        y = scale(tick)
        canvas.line([(left, y), (canvas.width - theme.MARGIN, y)], colour=theme.GRID)
        canvas.text(left - _SCALE_GAP, y + theme.SMALL * 0.36, text, size=theme.SMALL, colour=theme.MUTED, anchor="end")
    return scale, left
