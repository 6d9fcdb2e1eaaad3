"""A round as its demo shows it: who killed how much when, and what became of the objectives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from etstats.cards.picture import face, frame, theme
from etstats.cards.picture.canvas import Canvas
from etstats.cards.picture.scale import Scale
from etstats.domain.report import Death, Feat, Report
from etstats.words import Words

_TOP, _BOTTOM = 220, 470
_TIMES_Y = 512
_NOTES_Y, _NOTE, _FOOT = 562, 38, 70
_MOST_NOTES = 16  # in two columns
_BARS = 40
_AXIS, _ALLIES = "axis", "allies"
_COLOURS = {_AXIS: theme.TEAM_A, _ALLIES: theme.TEAM_B}
_Span = tuple[int, int]  # from when to when
_TICKS_MS = (5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000)


def draw(words: Words, report: Report, *, title: str) -> str:
    span = report.shown
    counts = _counts(report, span)
    notes = _objectives(report, span)
    canvas = Canvas(height=_NOTES_Y + -(-min(len(notes), _MOST_NOTES) // 2) * _NOTE + _FOOT)
    figure = [
        (str(counts[_AXIS]), theme.TEAM_A), (" : ", theme.MUTED), (str(counts[_ALLIES]), theme.TEAM_B),
    ]  # fmt: skip
    frame.header(canvas, title=title, subtitle=words("picture.round_timeline"), figure=figure)
    if span is None or not (counts or notes):
        frame.nothing(canvas, words("picture.no_figure"))
    else:
        across = Scale(low=span[0], high=span[1], start=theme.MARGIN, end=theme.WIDTH - theme.MARGIN)
        _legend(canvas, words)
        _bars(canvas, report, span, across)
        _times(canvas, span, across)
        _notes(canvas, words, notes, span, across)
    frame.footer(canvas, _sums(words, counts))
    return canvas.svg()


def told(words: Words, report: Report) -> str:
    """Both sides' kills, and each objective with its time in the round."""
    span = report.shown
    said = [_sums(words, _counts(report, span))]
    if span is not None:
        said += [f"{_clock(one.at_ms - span[0])} {one.what}" for one in _objectives(report, span)]
    return " · ".join(said)


def _sums(words: Words, counts: Counter[str]) -> str:
    return " · ".join(f"{words(f'watch.{team}')} {words.count('kill', counts[team])}" for team in _COLOURS)


def _counts(report: Report, span: _Span | None) -> Counter[str]:
    return Counter(kill.attacker_team for kill in _kills(report, span))


def _kills(report: Report, span: _Span | None) -> list[Death]:
    return [one for one in report.deaths if one.counts and span is not None and span[0] <= one.at_ms <= span[1]]


def _objectives(report: Report, span: _Span | None) -> list[Feat]:
    return [one for one in report.feats if span is not None and span[0] <= one.at_ms <= span[1]]


def _bars(canvas: Canvas, report: Report, span: _Span, across: Scale) -> None:
    """Axis upwards, Allies downwards: told apart without their colours."""
    each_ms = max(1, (span[1] - span[0]) / _BARS)
    kills = Counter(
        (kill.attacker_team, min(_BARS - 1, int((kill.at_ms - span[0]) / each_ms))) for kill in _kills(report, span)
    )
    middle, most = (_TOP + _BOTTOM) / 2, max(kills.values(), default=1)
    high = (_BOTTOM - _TOP) / 2 / max(most, 3)
    wide = (across.end - across.start) / _BARS
    canvas.line([(across.start, middle), (across.end, middle)], colour=theme.USUAL)
    for (team, place), count in sorted(kills.items(), key=str):
        x, tall = across.start + place * wide + 2, count * high
        top = middle - tall - 2 if team is _AXIS else middle + 2
        canvas.box(x, top, wide - 4, tall, fill=_COLOURS.get(team, theme.MUTED), corner=3)


def _times(canvas: Canvas, span: _Span, across: Scale) -> None:
    lasts = span[1] - span[0]
    step = next((one for one in _TICKS_MS if lasts / one <= 8), _TICKS_MS[-1])
    for at_ms in range(0, lasts + 1, step):
        x = across(span[0] + at_ms)
        canvas.line([(x, _BOTTOM + 6), (x, _BOTTOM + 16)], colour=theme.USUAL)
        anchor = "start" if at_ms == 0 else "end" if x > across.end - 40 else "middle"
        canvas.text(x, _TIMES_Y, _clock(at_ms), size=theme.SMALL, colour=theme.MUTED, anchor=anchor)


def _notes(canvas: Canvas, words: Words, notes: Sequence[Feat], span: _Span, across: Scale) -> None:
    """A line through the bars for whatever happened to an objective; below, what it was, down one column and then the
    other."""
    shown = notes[: _MOST_NOTES - 1] if len(notes) > _MOST_NOTES else notes
    said = [(f"{_clock(one.at_ms - span[0])} {one.what}", _COLOURS.get(one.team, theme.TEXT)) for one in shown]
    if len(shown) < len(notes):
        said.append((words("picture.more", n=len(notes) - len(shown)), theme.MUTED))
    for one in notes:
        x, colour = across(one.at_ms), _COLOURS.get(one.team, theme.TEXT)
        canvas.line([(x, _TOP), (x, _BOTTOM + 4)], colour=colour, dashed=True, opacity=0.7)
    rows, wide = -(-len(said) // 2), (across.end - across.start - 2 * theme.GAP) / 2
    for place, (text, colour) in enumerate(said):
        column, row = divmod(place, rows)
        x, y = theme.MARGIN + column * (wide + 2 * theme.GAP), _NOTES_Y + row * _NOTE
        canvas.text(x, y, face.drawable(text), size=theme.SMALL, colour=colour, room=wide)


def _legend(canvas: Canvas, words: Words) -> None:
    x, y = float(theme.MARGIN), frame.TOP + 24
    for team, colour in _COLOURS.items():
        canvas.triangle(x + 12, y - 10, fill=colour, up=team is _AXIS)
        x += canvas.text(x + 34, y, words(f"watch.{team}"), colour=colour, bold=True) + 60


def _clock(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1_000 % 60:02}"
