"""A round as the bytes the game server's stats writer leaves in a file.

Facts that look wrong here are wrong there too: dead time is overcounted before version 8, a ratio without deaths is
one too high, and bullets were added up again at every store until the layout with 38 fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from local.simulator.fighter import STORE_EVERY_MS
from local.simulator.tally import DEATHS, HITS, SHOTS, Tally

LAYOUTS = (33, 36, 37, 38)
_OLD_LAYOUT = 36
_DENIED_PLAYTIME = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Which writer it is: the number of extended fields, 8 or 9 header fields, and the line ends of the copy."""

    layout: int = 38
    header_fields: int = 8
    line_ending: str = "lf"

    def __post_init__(self) -> None:
        if self.layout not in LAYOUTS:
            raise ValueError(f"layout is {self.layout}; it must be one of {', '.join(map(str, LAYOUTS))}.")
        if self.header_fields not in (8, 9):
            raise ValueError(f"header_fields is {self.header_fields}; it must be 8 or 9.")
        if self.line_ending not in ("lf", "crlf"):
            raise ValueError(f"line_ending is {self.line_ending!r}; it must be 'lf' or 'crlf'.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerLine:
    """*total*: since the first round of the map; *own*: this round alone."""

    guid: str
    name: str
    rounds: int
    team: int
    total: Tally
    own: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that goes into one file. *reached_intermission* is False when the map was changed under the players."""

    server: str
    map_name: str
    config: str
    number: int
    defender: int
    winner: int
    limit_s: int
    duration_ms: int
    reached_intermission: bool
    lines: Sequence[PlayerLine]


def write(sheet: Sheet, style: Style) -> bytes:
    """The file's content."""
    rows = [_header(sheet, style)]
    rows += [_line(line, style) for line in sheet.lines if _mask(line.total)]
    end = "\r\n" if style.line_ending == "crlf" else "\n"
    return (end.join(rows) + end).encode("ascii")


def minutes(seconds: int) -> str:
    """`M:SS`, as the game shows a time limit."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def _header(sheet: Sheet, style: Style) -> str:
    fields = [
        sheet.server, sheet.map_name, sheet.config, str(sheet.number), str(sheet.defender), str(sheet.winner),
        minutes(sheet.limit_s), _next_limit(sheet, style),
    ]  # fmt: skip
    if style.header_fields == 9:
        fields.append(str(sheet.duration_ms if sheet.reached_intermission else -sheet.duration_ms))
    return "\\".join(fields)


def _next_limit(sheet: Sheet, style: Style) -> str:
    if sheet.winner != sheet.defender:
        return minutes(sheet.duration_ms // 1000)
    cleared = sheet.number == 2 and style.layout <= _OLD_LAYOUT
    if sheet.reached_intermission:
        return "0:00" if cleared else minutes(sheet.limit_s)
    return "0:00" if cleared else _made_up_limit(sheet)


def _made_up_limit(sheet: Sheet) -> str:
    """The writer finds the limit gone and guesses it from a percentage that it takes for seconds."""
    guesses = [round(_alive_pct(line.total) * 60 / 5) * 5 for line in sheet.lines]
    usual = max(guesses, key=guesses.count, default=sheet.limit_s)
    return minutes(max(0, usual - sheet.limit_s))


def _mask(total: Tally) -> int:
    mask = 0
    for number, counters in total.weapons.items():
        if counters[SHOTS] or counters[HITS] or counters[DEATHS]:
            mask |= 1 << number
    return mask


def _line(line: PlayerLine, style: Style) -> str:
    mask, held = _mask(line.total), line.total.weapons
    tokens = [str(mask)]
    tokens += [" ".join(map(str, held[number])) for number in sorted(held) if mask >> number & 1]
    fields = "\t".join(map(str, _extended(line, style)))
    return f"{line.guid}\\{line.name}\\{line.rounds}\\{line.team}\\{' '.join(tokens)} \t{fields}"


def _alive_pct(total: Tally) -> float:
    return 100 * total.alive_ms / total.played_ms if total.played_ms else 0.0


def _extended(line: PlayerLine, style: Style) -> list[int | str]:
    total, own = line.total, line.own
    with_version_8 = style.header_fields == 9
    dead_ms = own.played_ms - own.alive_ms if with_version_8 else own.stored_dead_ms
    fields: list[int | str] = [
        total.damage_given, total.damage_received, total.team_damage_given, total.team_damage_received,
        total.gibs, total.self_kills, total.team_kills, total.team_gibs, f"{_alive_pct(total):.1f}",
        own.xp, own.killing_spree, own.death_spree, own.kill_assists, own.kill_steals, own.headshot_kills,
        own.objectives_stolen, own.objectives_returned, own.dynamites_planted, own.dynamites_defused,
        own.times_revived, _bullets(total, style), f"{_damage_per_minute(total) if with_version_8 else 0.0:.1f}",
        f"{total.played_ms / 60_000:.1f}", f"{_meatshield(total):.1f}",
        f"{100 * dead_ms / total.played_ms if total.played_ms else 0.0:.1f}", f"{dead_ms / 60_000:.1f}",
        f"{total.kills / total.deaths if total.deaths else total.kills + 1.0:.1f}", own.useful_kills,
        own.denied_playtime_ms // 1000,
        own.multikill_2, own.multikill_3, own.multikill_4, own.multikill_5, own.multikill_6,
        own.useless_kills, own.full_selfkills, own.repairs_constructions, own.revives_given,
    ]  # fmt: skip
    if style.layout < _OLD_LAYOUT:
        del fields[_DENIED_PLAYTIME]
    return fields[: style.layout]


def _bullets(total: Tally, style: Style) -> int:
    shots = sum(counters[SHOTS] for counters in total.weapons.values())
    if style.layout == 38:
        return shots
    # a sum that was added again at each store grows with half the number of stores
    return shots * (total.played_ms // STORE_EVERY_MS + 1) // 2


def _damage_per_minute(total: Tally) -> float:
    return total.damage_given * 60_000 / total.played_ms if total.played_ms else 0.0


def _meatshield(total: Tally) -> float:
    if total.damage_received <= 1000 or not total.deaths:
        return 0.0
    shield = total.damage_received / total.deaths / 130
    return shield if shield > 3 else 0.0
