"""The session card: the score, each map with its times and why it was won, who did what, what did not count."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.text import (
    GREY,
    TEAM_A,
    TEAM_B,
    UNKNOWN,
    clock,
    count,
    day,
    escaped,
    in_table,
    percent,
    table,
    whole,
)
from etstats.domain.evening import PlayedLine, PlayedMap, PlayedRound, PlayedSession
from etstats.domain.formula import damage_per_minute
from etstats.interactions.reply import Embed, Field, Message
from etstats.words import Words

_GAVE_UP = "†"
_LONE_LINES = 6
_TEAM_LINES = 16
_MAP_LINES = 24


def card(
    _: Words,
    session: PlayedSession,
    maps: Sequence[PlayedMap],
    lone: Sequence[PlayedRound],
    lines: Sequence[PlayedLine],
) -> Message:
    parts = [_score(session, maps), _maps(maps)]
    fields = [_team(team, lines, points) for team, points in (("A", session.score_a), ("B", session.score_b))]
    fields += [_others(lines), _lone("Also played", [one for one in lone if one.counted])]
    fields += [_lone("Not counted", [one for one in lone if not one.counted])]
    embed = Embed(
        title=f"Last session · {day(session.first_at)}",
        description="\n".join(part for part in parts if part),
        colour=_colour(session),
        fields=tuple(field for field in fields if field is not None),
        footer=_footer(session, lines),
    )
    return Message(embeds=(embed,))


def _colour(session: PlayedSession) -> int:
    if session.score_a == session.score_b:
        return GREY
    return TEAM_A if session.score_a > session.score_b else TEAM_B


def _score(session: PlayedSession, maps: Sequence[PlayedMap]) -> str:
    when = f"{session.first_at:%H:%M} to {session.last_at:%H:%M}"
    if not maps:
        return f"No map was played by both sides, so there is no score.\n{when}"
    return f"## A {session.score_a} : {session.score_b} B\n{count(len(maps), 'map')}, {when}"


def _maps(maps: Sequence[PlayedMap]) -> str:
    """40 columns: name, both times, who won and why."""
    if not maps:
        return ""
    lines = [f"{'map':15} {'R1':>6} {'R2':>6}  won"]
    for one in maps[:_MAP_LINES]:
        first, second = _time(one.r1_time_s, one.r1_gave_up), _time(one.r2_time_s, one.r2_gave_up)
        won = "draw" if one.winner == "draw" else f"{one.winner_team} {one.why.value.replace('_', ' ')}"
        lines.append(f"{in_table(one.map, 15)} {first:>6} {second:>6}  {won}")
    shown = table(lines)
    if len(maps) > _MAP_LINES:
        shown += f"\n… and {count(len(maps) - _MAP_LINES, 'map')} more"
    if any(one.r1_gave_up or one.r2_gave_up for one in maps):
        shown += f"\n{_GAVE_UP} the attackers gave up before the time was over"
    return shown


def _time(time_s: int | None, gave_up: bool) -> str:
    return ("held" if time_s is None else clock(time_s)) + (_GAVE_UP if gave_up else "")


def _team(team: str, lines: Sequence[PlayedLine], points: int) -> Field | None:
    mine = [line for line in lines if line.team == team]
    return Field(name=f"Team {team} · {count(points, 'point')}", value=_players(mine)) if mine else None


def _others(lines: Sequence[PlayedLine]) -> Field | None:
    others = [line for line in lines if line.team not in ("A", "B")]
    if not others:
        return None
    return Field(name="Players" if len(others) == len(lines) else "On neither team, or both", value=_players(others))


def _players(lines: Sequence[PlayedLine]) -> str:
    """40 columns: name, kills/deaths, damage per minute, gun accuracy, headshots, revives."""
    rows = [f"{'player':14}{'K/D':>8}{'DPM':>4}{'ACC':>5}{'HS':>5}{'REV':>4}"]
    for line in lines[:_TEAM_LINES]:
        dpm = damage_per_minute(line.damage_given, line.played_s)
        rows.append(
            in_table(line.name, 14)
            + f"{line.kills}/{line.deaths}".rjust(8)
            + whole(dpm).rjust(4)
            + percent(line.gun_hits, line.gun_shots).rjust(5)
            + percent(line.gun_headshot_hits, line.gun_hits).rjust(5)
            + _revives(line).rjust(4)
        )
    more = len(lines) - _TEAM_LINES
    return table(rows) + (f"\n… and {count(more, 'player')} more" if more > 0 else "")


def _revives(line: PlayedLine) -> str:
    return whole(line.revives_given) if line.revives_known_rounds else UNKNOWN


def _lone(name: str, rounds: Sequence[PlayedRound]) -> Field | None:
    if not rounds:
        return None
    lines = [_lone_line(one) for one in rounds[:_LONE_LINES]]
    if len(rounds) > _LONE_LINES:
        lines.append(f"… and {count(len(rounds) - _LONE_LINES, 'round')} more")
    return Field(name=name, value="\n".join(lines))


def _lone_line(one: PlayedRound) -> str:
    what = f"{escaped(one.map)} R{one.number}"
    if not one.counted:
        return f"{what} · {escaped(one.reason or 'no reason noted')}"
    result = {"completed": f"done in {clock(one.duration_s)}", "defended": "held"}.get(one.outcome or "", "no result")
    return f"{what} · {result}, the other round is missing"


def _footer(session: PlayedSession, lines: Sequence[PlayedLine]) -> str:
    parts = [f"{session.counted_rounds} of {count(session.rounds, 'round')} counted", count(len(lines), "player")]
    known = max((line.revives_known_rounds for line in lines), default=0)
    if known < session.counted_rounds:
        parts.append(f"revives known in {known} of them" if known else "revives not recorded")
    return " · ".join(parts) + "\nHS: head hits of hits · DPM: damage per minute"
