"""A stats file as read: what the game server wrote, before anybody asks what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from etstats.domain.figure import PLACE

AXIS, ALLIES, SPECTATOR = 1, 2, 3

# hits, shots, kills, deaths, headshots; deaths are those suffered *from* the weapon
Tally = tuple[int, int, int, int, int]
Number = int | float | None


class Kind(Enum):
    """Which of the files that a round leaves behind."""

    STATS = "stats"
    ENDSTATS = "endstats"
    WEAPONS = "ws"
    GAMETIME = "gametime"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileName:
    """What a file's name says. *written_at*: the server's local wall clock at the round's end; a gametime's is UTC."""

    text: str
    written_at: datetime
    map: str
    round: int
    kind: Kind


class Status(Enum):
    """What a stats file turned out to be. Only an OK one has players."""

    OK = "ok"
    HEADER_ONLY = "header_only"
    NO_PLAYER_LINES = "no_player_lines"
    NOT_A_STATS_FILE = "not_a_stats_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line. Teams: 1 Axis, 2 Allies. *next_limit_s* is what the game set as the next round's limit:
    the time taken when the attackers won, the full limit when they did not; None where it cannot be read."""

    server_raw: str
    server: str
    map: str
    config: str
    round: int
    defender_team: int
    winner_team: int
    limit_text: str
    limit_s: int | None
    next_limit_text: str
    next_limit_s: int | None
    playtime_raw: str | None
    field_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerLine:
    """One player's line as written; round-2 files still count since round 1.

    *figures* stand in the order of `domain.figure.FIGURES`, None where the layout lacks one or the line is damaged.
    *damage* names what is wrong with the line; then only guid, name, counter and team can be trusted.
    """

    guid: str
    name_raw: str
    name: str
    is_bot: bool
    rounds_counter: int
    team: int
    weapon_mask: int
    weapons: dict[int, Tally]
    figures: tuple[Number, ...]
    extended_count: int
    damage: str | None = None

    def figure(self, name: str) -> Number:
        return self.figures[PLACE[name]] if self.figures else None

    @property
    def played_tenths(self) -> int | None:
        """Minutes in a team, in tenths: whole numbers, because going through binary fractions loses a second."""
        minutes = self.figure("time_played_min")
        return None if minutes is None else round(10 * minutes)

    @property
    def alive_tenths(self) -> int | None:
        """Per cent of that time alive, in tenths."""
        percent = self.figure("alive_pct")
        return None if percent is None else round(10 * percent)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StatsFile:
    """One reading of a file, equal to itself alone: what is made of it can be remembered without comparing it.

    *fault* says in words why a file that is not OK was refused; *oddities* mark what is unusual."""

    name: FileName
    status: Status
    header: Header | None
    players: tuple[PlayerLine, ...]
    oddities: tuple[str, ...]
    line_ending: str
    fault: str | None = None
