"""A round as its demo shows it: who killed how much when, and what became of the objectives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from etstats.cards.picture import face, frame, theme
from etstats.cards.picture.canvas import Canvas
from etstats.cards.picture.scale import Scale
from etstats.demo.events import Objective, Team
from etstats.greatshot.battle import Battle, Span
from etstats.greatshot.testimony import shown
from etstats.words import Words

_HEIGHT = 720
_TOP, _BOTTOM = 220, 470
_TIMES_Y = 512
_NOTES_Y, _NOTE = 556, 34
_NOTES = 3  # rows of them
_BARS = 40
_COLOURS = {Team.AXIS: theme.TEAM_A, Team.ALLIES: theme.TEAM_B}
_TICKS_MS = (5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000)


def draw(words: Words, battle: Battle, *, title: str) -> str:
    canvas = Canvas(height=_HEIGHT)
    span = shown(battle)
    counts = _counts(battle, span)
    figure = [
        (str(counts[Team.AXIS]), theme.TEAM_A), (" : ", theme.MUTED), (str(counts[Team.ALLIES]), theme.TEAM_B),
    ]  # fmt: skip
    frame.header(canvas, title=title, subtitle=words("picture.round_timeline"), figure=figure)
    if span is None or not (counts or _objectives(battle, span)):
        frame.nothing(canvas, words("picture.no_figure"))
    else:
        across = Scale(low=span.begin_ms, high=span.end_ms, start=theme.MARGIN, end=theme.WIDTH - theme.MARGIN)
        _legend(canvas, words)
        _bars(canvas, battle, span, across)
        _times(canvas, span, across)
        _notes(canvas, _objectives(battle, span), across)
    frame.footer(canvas, told(words, battle))
    return canvas.svg()


def told(words: Words, battle: Battle) -> str:
    """Both sides' kills, and each objective with its time in the round."""
    span = shown(battle)
    counts = _counts(battle, span)
    said = [f"{words(f'watch.{team.value}')} {words.count('kill', counts[team])}" for team in (Team.AXIS, Team.ALLIES)]
    if span is not None:
        said += [f"{_clock(one.at_ms - span.begin_ms)} {_what(one)}" for one in _objectives(battle, span)]
    return " · ".join(said)


def _counts(battle: Battle, span: Span | None) -> Counter[Team]:
    return Counter(
        kill.attacker_team
        for kill in battle.kills
        if span is not None and span.holds(kill.at_ms) and kill.attacker_team is not None
    )


def _objectives(battle: Battle, span: Span) -> list[Objective]:
    return [one for one in battle.objectives if span.holds(one.at_ms)]


def _bars(canvas: Canvas, battle: Battle, span: Span, across: Scale) -> None:
    """Axis upwards, Allies downwards: told apart without their colours."""
    each_ms = max(1, (span.end_ms - span.begin_ms) / _BARS)
    kills = Counter(
        (kill.attacker_team, min(_BARS - 1, int((kill.at_ms - span.begin_ms) / each_ms)))
        for kill in battle.kills
        if span.holds(kill.at_ms) and kill.attacker_team is not None
    )
    middle, most = (_TOP + _BOTTOM) / 2, max(kills.values(), default=1)
    high = (_BOTTOM - _TOP) / 2 / max(most, 3)
    wide = (across.end - across.start) / _BARS
    canvas.line([(across.start, middle), (across.end, middle)], colour=theme.USUAL)
    for (team, place), count in sorted(kills.items(), key=str):
        x, tall = across.start + place * wide + 2, count * high
        top = middle - tall - 2 if team is Team.AXIS else middle + 2
        canvas.box(x, top, wide - 4, tall, fill=_COLOURS.get(team, theme.MUTED), corner=3)


def _times(canvas: Canvas, span: Span, across: Scale) -> None:
    lasts = span.end_ms - span.begin_ms
    step = next((one for one in _TICKS_MS if lasts / one <= 8), _TICKS_MS[-1])
    for at_ms in range(0, lasts + 1, step):
        x = across(span.begin_ms + at_ms)
        canvas.line([(x, _BOTTOM + 6), (x, _BOTTOM + 16)], colour=theme.USUAL)
        anchor = "start" if at_ms == 0 else "end" if x > across.end - 40 else "middle"
        canvas.text(x, _TIMES_Y, _clock(at_ms), size=theme.SMALL, colour=theme.MUTED, anchor=anchor)


def _notes(canvas: Canvas, objectives: Sequence[Objective], across: Scale) -> None:
    """What happened to which objective, each below its time, in the first row that has room."""
    ends = [0.0] * _NOTES
    for one in objectives:
        x, said = across(one.at_ms), face.drawable(_what(one))
        colour = _COLOURS.get(one.team, theme.TEXT) if one.team else theme.TEXT
        canvas.line([(x, _TOP), (x, _BOTTOM + 4)], colour=colour, dashed=True, opacity=0.7)
        wide = min(face.width(said, theme.SMALL), 460)
        begin = max(theme.MARGIN, min(x - wide / 2, theme.WIDTH - theme.MARGIN - wide))
        row = next((row for row, end in enumerate(ends) if begin > end + theme.GAP), None)
        if row is not None:
            canvas.text(begin, _NOTES_Y + row * _NOTE, said, size=theme.SMALL, colour=colour, room=wide + 1)
            ends[row] = begin + wide


def _what(one: Objective) -> str:
    return f"{one.what} {one.action.replace('_', ' ')}".strip()


def _legend(canvas: Canvas, words: Words) -> None:
    x, y = float(theme.MARGIN), frame.TOP + 24
    for team, colour in _COLOURS.items():
        canvas.triangle(x + 12, y - 10, fill=colour, up=team is Team.AXIS)
        x += canvas.text(x + 34, y, words(f"watch.{team.value}"), colour=colour, bold=True) + 60


def _clock(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1_000 % 60:02}"
