"""The card a channel gets when a round ends: what happened, both sides by damage, and what became of the map."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.cards.text import ALLIES, AXIS, GREY, clock, count, escaped, in_table, plain, table, thousands
from etstats.domain.announcement import AnnouncedLine, AnnouncedRound
from etstats.domain.stats_file import ALLIES as ALLIES_SIDE
from etstats.domain.stats_file import AXIS as AXIS_SIDE
from etstats.interactions.reply import Embed, Field, Message
from etstats.words import Words

_SIDES = {AXIS_SIDE: "Axis", ALLIES_SIDE: "Allies"}
_SIDE_LINES = 12
_FIRST_ROUNDS = ("r1", "r1_without_r2", "aborted_r1")


def card(_: Words, announced: AnnouncedRound, lines: Sequence[AnnouncedLine]) -> Message:
    sides = (_attackers(announced), announced.defender_team)
    fields = [_side(announced, side, lines) for side in sides if side in _SIDES and lines]
    left = [line for line in lines if line.team not in _SIDES]
    if left:
        fields.append(Field(name="Left before the end", value=" · ".join(escaped(line.name) for line in left[:12])))
    embed = Embed(
        title=_title(announced),
        description="\n".join(_description(announced)),
        colour=_colour(announced),
        fields=tuple(fields),
        footer=f"{announced.written_at:%Y-%m-%d %H:%M} · {count(len(lines), 'player')} · /last shows the whole session",
    )
    return Message(embeds=(embed,))


def _number(announced: AnnouncedRound) -> int:
    """An aborted first round is named round 2 by the game."""
    return 1 if announced.role in _FIRST_ROUNDS else announced.number


def _attackers(announced: AnnouncedRound) -> int | None:
    return {AXIS_SIDE: ALLIES_SIDE, ALLIES_SIDE: AXIS_SIDE}.get(announced.defender_team or 0)


def _title(announced: AnnouncedRound) -> str:
    """SUPPLY R2 · Allies hold 11:58 / 12:00"""
    what = f"{escaped(announced.map.upper())} R{_number(announced)}"
    winner = _SIDES.get(announced.winner_team or 0)
    if announced.outcome is None or winner is None:
        return f"{what} · no result"
    held = announced.outcome == "defended"
    return (
        f"{what} · {winner} {'hold' if held else 'complete'} {clock(_lasted_s(announced))} / {clock(announced.limit_s)}"
    )


def _lasted_s(announced: AnnouncedRound) -> int | None:
    """Measured by players' clocks, which tick every six seconds: nothing lasts longer than its limit."""
    if announced.duration_s is None or announced.limit_s is None:
        return announced.duration_s
    return min(announced.duration_s, announced.limit_s)


def _colour(announced: AnnouncedRound) -> int:
    if not announced.counted or announced.outcome is None:
        return GREY
    return {AXIS_SIDE: AXIS, ALLIES_SIDE: ALLIES}.get(announced.winner_team or 0, GREY)


def _description(announced: AnnouncedRound) -> list[str]:
    lines = []
    if not announced.counted:
        lines.append(f"Not counted: {escaped(announced.uncounted_reason or 'no reason noted')}")
    elif announced.gave_up:
        attackers = _SIDES.get(_attackers(announced) or 0, "The attackers")
        lines.append(f"{attackers} gave up before the time was over.")
    if announced.map_winner is not None:
        lines += _map_result(announced)
    return lines


def _map_result(announced: AnnouncedRound) -> list[str]:
    first, second = announced.r1_time_s, announced.r2_time_s
    won = {
        "r1_attackers": f"**Map to team {announced.map_winner_team}** · held after their own {clock(first)}",
        "r2_attackers": f"**Map to team {announced.map_winner_team}** · {_faster(first, second)}",
        "draw": "**Map drawn** · both sides held",
    }[announced.map_winner or "draw"]
    return [won, f"Score so far: **A {announced.score_a} : {announced.score_b} B**"]


def _faster(first: int | None, second: int | None) -> str:
    if first is None:
        return f"{clock(second)} against a full hold"
    return f"faster, {clock(second)} against {clock(first)}"


def _side(announced: AnnouncedRound, side: int | None, lines: Sequence[AnnouncedLine]) -> Field:
    """26 columns, so that two fields stand beside each other on a wide screen."""
    mine = [line for line in lines if line.team == side]
    task = "defend" if side == announced.defender_team else "attack"
    rows = [f"{'player':14}{'K/D':>6}{'DMG':>6}"]
    for line in mine[:_SIDE_LINES]:
        name = in_table(f"{plain(line.name)} (bot)" if line.is_bot else line.name, 14)
        rows.append(f"{name}{_kills(line):>6}{thousands(line.damage_given):>6}")
    more = len(mine) - _SIDE_LINES
    value = table(rows) if mine else "nobody"
    return Field(
        name=f"{_SIDES[side or 0]} · {task}{_team(announced, side)}",
        value=value + (f"\n… and {more} more" if more > 0 else ""),
        inline=True,
    )


def _team(announced: AnnouncedRound, side: int | None) -> str:
    """In round 2 those attack who defended in round 1."""
    if announced.r1_attackers_team is None:
        return ""
    attacked_first = side == announced.defender_team
    other = {"A": "B", "B": "A"}[announced.r1_attackers_team]
    return f" · team {announced.r1_attackers_team if attacked_first else other}"


def _kills(line: AnnouncedLine) -> str:
    return "–" if line.kills is None or line.deaths is None else f"{line.kills}/{line.deaths}"
