"""The maps of a session as a table: what each team needed when it attacked, and who won."""

from __future__ import annotations

from etstats.cards.picture import face, frame, theme
from etstats.cards.picture.canvas import Canvas, Point
from etstats.domain.evening import Evening, PlayedMap
from etstats.words import Words

_ROW = 64
_MOST_ROWS = 14
_HEADING_Y = frame.TOP + 28
_COLUMNS = {"A": 530.0, "B": 725.0}  # the middles
_COLUMN_ROOM = 180
_WON_LEFT, _WON_WIDE = 840.0, 120.0
_FIRST_MARK = 7


def draw(words: Words, evening: Evening) -> str:
    rows = evening.maps[:_MOST_ROWS]
    canvas = Canvas(height=_HEADING_Y + 20 + max(len(rows), 3) * _ROW + 80)
    session = evening.session
    score = [(f"{session.score_a}", theme.TEAM_A), (":", theme.MUTED), (f"{session.score_b}", theme.TEAM_B)]
    frame.header(canvas, title=words.day(session.first_at), subtitle=words("picture.map_table"), figure=score)
    if rows:
        _headings(canvas, words, evening)
    else:
        frame.nothing(canvas, words("picture.no_map"))
    for place, one in enumerate(rows):
        _row(canvas, words, one, _HEADING_Y + 20 + place * _ROW, shaded=place % 2 == 0)
    _footer(canvas, words, evening)
    return canvas.svg()


def told(words: Words, evening: Evening) -> str:
    """The score, and for each map both times and the winner."""
    session = evening.session
    said = [f"{team_name(evening, 'A')} {session.score_a} : {session.score_b} {team_name(evening, 'B')}"]
    for one in evening.maps:
        won = one.winner_team if one.winner_team in theme.TEAMS else words("picture.draw")
        said.append(f"{one.map}: A {_time(words, one, 'A')}, B {_time(words, one, 'B')}, {won}")
    return " · ".join(said)


def team_name(evening: Evening, team: str) -> str:
    given = evening.session.team_a if team == "A" else evening.session.team_b
    return face.drawable(given or "") or team


def _headings(canvas: Canvas, words: Words, evening: Evening) -> None:
    canvas.text(theme.MARGIN + theme.GAP, _HEADING_Y, words("picture.map"), size=theme.SMALL, colour=theme.MUTED)
    for team, x in _COLUMNS.items():
        name = team_name(evening, team)
        canvas.text(
            x, _HEADING_Y, words("picture.team", team=name) if name == team else name, size=theme.SMALL,
            colour=theme.TEAMS[team], bold=True, anchor="middle", room=_COLUMN_ROOM,
        )  # fmt: skip
    canvas.text(
        _WON_LEFT + _WON_WIDE / 2, _HEADING_Y, words("picture.won"), size=theme.SMALL, colour=theme.MUTED,
        anchor="middle", room=_WON_WIDE + theme.GAP,
    )  # fmt: skip


def _row(canvas: Canvas, words: Words, one: PlayedMap, top: float, *, shaded: bool) -> None:
    if shaded:
        wide = canvas.width - 2 * theme.MARGIN
        canvas.box(theme.MARGIN, top, wide, _ROW, fill=theme.PANEL, corner=theme.CORNER, opacity=0.6)
    y = top + _ROW / 2 + theme.LABEL * 0.36
    room = _COLUMNS["A"] - _COLUMN_ROOM / 2 - theme.MARGIN - theme.GAP
    canvas.text(theme.MARGIN + theme.GAP, y, one.map, bold=True, room=room)
    for team, x in _COLUMNS.items():
        _attack(canvas, words, one, team, at=(x, y))
    _winner(canvas, one, top)


def _attack(canvas: Canvas, words: Words, one: PlayedMap, team: str, *, at: Point) -> None:
    """The winner's time in his colour, and a dot at whoever attacked first."""
    x, y = at
    won = one.winner_team == team
    text = _time(words, one, team)
    colour = theme.TEAMS[team] if won else theme.TEXT
    wide = canvas.text(x, y, text, colour=colour, bold=won, anchor="middle", room=_COLUMN_ROOM)
    if team == one.r1_attackers_team:
        canvas.circle(x - wide / 2 - 18, y - theme.LABEL * 0.36, fill=theme.MUTED, radius=_FIRST_MARK)


def _time(words: Words, one: PlayedMap, team: str) -> str:
    time_s = one.time_s(team)
    if time_s is not None:
        return words.clock(time_s)
    return words("picture.gave_up") if one.gave_up(team) else words("picture.held")


def _winner(canvas: Canvas, one: PlayedMap, top: float) -> None:
    won = one.winner_team in theme.TEAMS
    fill = theme.TEAMS[one.winner_team] if won else theme.GRID
    canvas.box(_WON_LEFT + 20, top + 10, _WON_WIDE - 40, _ROW - 20, fill=fill, corner=theme.CORNER)
    canvas.text(
        _WON_LEFT + _WON_WIDE / 2, top + _ROW / 2 + 10, one.winner_team if won else "=", bold=True, anchor="middle",
        colour=theme.BACKGROUND if won else theme.TEXT,
    )  # fmt: skip


def _footer(canvas: Canvas, words: Words, evening: Evening) -> None:
    maps = words.count("map", len(evening.maps))
    if len(evening.maps) > _MOST_ROWS:
        maps = words("picture.first_maps", shown=_MOST_ROWS, maps=maps)
    said = f"{maps} · {words.count('round', evening.session.counted_rounds)}"
    frame.footer(canvas, said)
    if evening.maps:
        right = canvas.width - theme.MARGIN
        wide = canvas.text(
            right,
            canvas.height - 28,
            words("picture.attacked_first"),
            size=theme.SMALL,
            colour=theme.MUTED,
            anchor="end",
        )
        canvas.circle(right - wide - 18, canvas.height - 37, fill=theme.MUTED, radius=_FIRST_MARK)
