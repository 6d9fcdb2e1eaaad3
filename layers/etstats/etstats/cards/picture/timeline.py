"""A gaming session, round by round: both teams' damage per minute, the maps, the score."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from etstats.cards.picture import face, frame, theme
from etstats.cards.picture.canvas import Canvas, Point
from etstats.cards.picture.scale import Scale, known, unbroken
from etstats.domain.timeline import Timeline, TimelineMap, TimelineRound
from etstats.words import Words

_HEIGHT = 616  # and a line for each line of map names
_TOP, _BOTTOM = 216, 500
_CHIP = 40
_NAME_Y = _BOTTOM + _CHIP + 34
_NAME_LINE = 32
_MOST_MAPS = 16
_MANY_ROUNDS = 20  # from here on marks are smaller

Told = Callable[[TimelineRound], float | None]
_DPM: dict[str, Told] = {"A": lambda played: known(played.dpm_a), "B": lambda played: known(played.dpm_b)}


def draw(words: Words, timeline: Timeline) -> str:
    maps = timeline.maps[:_MOST_MAPS]
    canvas = Canvas(height=_HEIGHT + _NAME_LINE * _name_lines(maps))
    session = timeline.session
    score = [(f"{session.score_a}", theme.TEAM_A), (" : ", theme.MUTED), (f"{session.score_b}", theme.TEAM_B)]
    frame.header(canvas, title=words.day(session.first_at), subtitle=words("picture.timeline"), figure=score)
    _legend(canvas, words, timeline)
    values = [
        value for one in maps for played in one.rounds for told in _DPM.values() if (value := told(played)) is not None
    ]
    if values:
        scale, left = frame.value_axis(canvas, words, values, top=_TOP, bottom=_BOTTOM)
        places = _places(maps, left)
        _maps(canvas, maps, places)
        for team in theme.TEAMS:
            _line(canvas, team, maps, places, scale)
    else:
        frame.nothing(canvas, words("picture.no_figure"))
    frame.footer(canvas, _footer(words, timeline))
    return canvas.svg()


def told(words: Words, timeline: Timeline) -> str:
    """The score, and each map with its winner and both teams' damage per minute in both rounds."""
    session = timeline.session
    said = [f"{_name(timeline, 'A')} {session.score_a} : {session.score_b} {_name(timeline, 'B')}"]
    for one in timeline.maps:
        rounds = ", ".join(
            f"{words.whole(_DPM['A'](played))} : {words.whole(_DPM['B'](played))}" for played in one.rounds
        )
        said.append(f"{one.map} ({_winner(words, one)}) {rounds}")
    return " · ".join(said)


def _winner(words: Words, one: TimelineMap) -> str:
    return one.winner_team if one.winner_team in theme.TEAMS else words("picture.draw")


def _name(timeline: Timeline, team: str) -> str:
    given = timeline.session.team_a if team == "A" else timeline.session.team_b
    return face.drawable(given or "") or team


def _legend(canvas: Canvas, words: Words, timeline: Timeline) -> None:
    """Marks and names of both teams, above the plot."""
    room = (canvas.width - 2 * theme.MARGIN) / 2 - 60
    x, y = float(theme.MARGIN), frame.TOP + 24
    for team in theme.TEAMS:
        _mark(canvas, team, x + theme.MARK, y - 10)
        name = _name(timeline, team)
        name = words("picture.team", team=name) if name == team else name
        x += canvas.text(x + 34, y, name, colour=theme.TEAMS[team], bold=True, room=room) + 80


def _mark(canvas: Canvas, team: str, x: float, y: float, *, radius: float = theme.MARK) -> None:
    """Teams differ in shape as well as in colour."""
    (canvas.circle if team == "A" else canvas.square)(x, y, fill=theme.TEAMS[team], radius=radius)


def _places(maps: Sequence[TimelineMap], left: float) -> list[list[float]]:
    """Where the rounds of each map stand: every round has the same room."""
    right = theme.WIDTH - theme.MARGIN
    step = (right - left) / max(sum(len(one.rounds) for one in maps), 1)
    places, at = [], 0
    for one in maps:
        places.append([left + (at + number + 0.5) * step for number in range(len(one.rounds))])
        at += len(one.rounds)
    return places


def _edges(places: Sequence[float]) -> tuple[float, float]:
    half = (places[1] - places[0]) / 2 if len(places) > 1 else 0
    return places[0] - half, places[-1] + half


def _maps(canvas: Canvas, maps: Sequence[TimelineMap], places: Sequence[Sequence[float]]) -> None:
    """Each with its boundary, who won it, and its name."""
    played = [(one, _edges(at)) for one, at in zip(maps, places, strict=True) if at]
    ends = [0.0] * _name_lines(maps)
    for number, (one, (left, right)) in enumerate(played):
        if number:
            canvas.line([(left, _TOP), (left, _BOTTOM + _CHIP)], colour=theme.USUAL)
        _chip(canvas, one, left, right)
        line = number % len(ends)
        middle, y, room = (left + right) / 2, _NAME_Y + _NAME_LINE * line, (right - left) * len(ends) - theme.GAP
        ends[line] = _map_name(canvas, one.map, (middle, y), after=ends[line], room=room)


def _name_lines(maps: Sequence[TimelineMap]) -> int:
    return 1 if len(maps) <= 4 else 2 if len(maps) <= 8 else 3


def _map_name(canvas: Canvas, name: str, at: Point, *, after: float, room: float) -> float:
    """Around *at* as far as what ends *after* and the edge let it. Returns where it ends."""
    wide = min(face.width(face.drawable(name), theme.SMALL), room)
    edge = theme.WIDTH - theme.MARGIN
    x = max(min(at[0] - wide / 2, edge - wide), after + theme.GAP)
    return x + canvas.text(x, at[1], name, size=theme.SMALL, room=min(edge - x + 1, room))


def _chip(canvas: Canvas, one: TimelineMap, left: float, right: float) -> None:
    """Who won, in his colour and by his letter."""
    won = one.winner_team in theme.TEAMS
    fill = theme.TEAMS[one.winner_team] if won else theme.PANEL
    canvas.box(left + 4, _BOTTOM + 6, right - left - 8, _CHIP - 8, fill=fill, corner=theme.CORNER)
    canvas.text(
        (left + right) / 2, _BOTTOM + 32, one.winner_team if won else "=", size=theme.SMALL, bold=True,
        anchor="middle", colour=theme.BACKGROUND if won else theme.TEXT,
    )  # fmt: skip


def _line(
    canvas: Canvas, team: str, maps: Sequence[TimelineMap], places: Sequence[Sequence[float]], scale: Scale
) -> None:
    values = [
        (x, _DPM[team](played))
        for one, at in zip(maps, places, strict=True)
        for x, played in zip(at, one.rounds, strict=True)
    ]
    thin = 1 if len(values) <= _MANY_ROUNDS else 0.7
    for part in unbroken(values, scale):
        canvas.line(part, colour=theme.TEAMS[team], stroke=theme.STROKE * thin)
    for x, value in values:
        if value is not None:
            _mark(canvas, team, x, scale(value), radius=theme.MARK * thin)


def _footer(words: Words, timeline: Timeline) -> str:
    said = [words.count("map", len(timeline.maps)), words.count("round", len(timeline.rounds))]
    if len(timeline.maps) > _MOST_MAPS:
        said[0] = words("picture.first_maps", shown=_MOST_MAPS, maps=said[0])
    return " · ".join([*said, words("picture.dpm")])
