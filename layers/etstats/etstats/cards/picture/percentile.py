"""Where a player stands among all who are ranked: for each figure a bar, the figure, its n and the rank."""

from __future__ import annotations

from dataclasses import dataclass

from etstats.cards.picture import frame, theme
from etstats.cards.picture.canvas import Canvas
from etstats.domain.leaderboard import percentile
from etstats.words import UNKNOWN, Words

_ROW = 80
_MOST_ROWS = 10
_BAR_LEFT, _BAR_WIDE, _BAR = 352.0, 310.0, 26
_FIGURE_RIGHT = 805.0
_RIGHT = theme.WIDTH - theme.MARGIN
_HIGH, _LOW = 66.0, 33.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedFigure:
    """*text*: how the figure is written, *sample* what it rests on ("n 412"). *rank* None: not ranked, for *sample*
    says why."""

    label: str
    text: str
    sample: str
    rank: int | None
    ranked: int

    @property
    def percentile(self) -> float | None:
        return None if self.rank is None else percentile(self.rank, self.ranked)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPlayer:
    """*subtitle*: the period, and the map where it is about one; *footer*: what counts."""

    name: str
    subtitle: str
    footer: str
    figures: tuple[RankedFigure, ...]


def draw(words: Words, player: RankedPlayer) -> str:
    rows = player.figures[:_MOST_ROWS]
    canvas = Canvas(height=frame.TOP + max(len(rows), 3) * _ROW + 66)
    frame.header(canvas, title=player.name, subtitle=player.subtitle)
    for place, row in enumerate(rows):
        _row(canvas, words, row, frame.TOP + place * _ROW)
    if not rows:
        frame.nothing(canvas, words("picture.no_figure"))
    frame.footer(canvas, player.footer)
    return canvas.svg()


def told(words: Words, player: RankedPlayer) -> str:
    """Each figure with its n and rank."""
    said = [f"{row.label} {row.text} ({row.sample}, {_rank(words, row)})" for row in player.figures]
    return " · ".join([player.name, *said])


def _rank(words: Words, row: RankedFigure) -> str:
    if row.rank is None:
        return UNKNOWN
    return words("picture.rank", rank=words.whole(row.rank), ranked=words.whole(row.ranked))


def _row(canvas: Canvas, words: Words, row: RankedFigure, top: float) -> None:
    """Label and n at the left, the bar, the figure, the rank."""
    room = _BAR_LEFT - theme.MARGIN - theme.GAP
    canvas.text(theme.MARGIN, top + 30, row.label, room=room)
    canvas.text(theme.MARGIN, top + 62, row.sample, size=theme.SMALL, colour=theme.MUTED, room=room)
    _bar(canvas, row, top + 24)
    y = top + 48
    canvas.text(
        _FIGURE_RIGHT, y, row.text, size=34, bold=True, anchor="end", room=_FIGURE_RIGHT - _BAR_LEFT - _BAR_WIDE - 8
    )
    canvas.text(_RIGHT, y, _rank(words, row), colour=theme.MUTED, anchor="end", room=_RIGHT - _FIGURE_RIGHT - theme.GAP)


def _bar(canvas: Canvas, row: RankedFigure, top: float) -> None:
    """As long as the share of the others behind him; the line in the middle is half of them."""
    canvas.box(_BAR_LEFT, top, _BAR_WIDE, _BAR, fill=theme.PANEL, corner=theme.CORNER)
    share = row.percentile
    if share is not None:
        colour = theme.ABOVE if share >= _HIGH else theme.BELOW if share <= _LOW else theme.TEXT
        canvas.box(
            _BAR_LEFT, top, max(_BAR_WIDE * share / 100, 2 * theme.CORNER), _BAR, fill=colour, corner=theme.CORNER
        )
    middle = _BAR_LEFT + _BAR_WIDE / 2
    canvas.line([(middle, top - 6), (middle, top + _BAR + 6)], colour=theme.USUAL, stroke=3)
