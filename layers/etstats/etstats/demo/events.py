"""What happens in a demo, as values. Times: server milliseconds. Clients: numbers from 0 to 63; -1 is the world."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

WORLD = -1


class Team(StrEnum):
    NONE = "free"
    AXIS = "axis"
    ALLIES = "allies"
    SPECTATOR = "spectator"


class Region(StrEnum):
    """Where a bullet hit. TEAM: a team mate; NONE: nobody who could be hurt."""

    NONE = "none"
    TEAM = "team"
    HEAD = "head"
    BODY = "body"


class Completeness(StrEnum):
    """How many of a kind of event a demo has."""

    COMPLETE = "complete"
    CULLED = "culled"  # those the server let the recorder see
    GUESSED = "guessed"  # read by the numbers of another version
    ABSENT = "absent"  # this version does not tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something at a server time; *kind* is its name in JSON."""

    kind: ClassVar[str] = ""
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill(Event):
    """An obituary. Names carry colour codes; names and teams are those of this moment, None for the world.

    *weapon* is a number of the mod's weapon table, None where the version does not tell. *headshot* is None likewise.
    """

    kind: ClassVar[str] = "kill"
    attacker: int
    victim: int
    means: int
    means_name: str
    weapon: int | None
    weapon_name: str | None
    self_kill: bool
    team_kill: bool
    headshot: bool | None
    attacker_name: str | None
    attacker_team: Team | None
    victim_name: str | None
    victim_team: Team | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit(Event):
    """A bullet's impact, on a player or (victim -1) anything else. *region* is None where the version does not tell."""

    kind: ClassVar[str] = "hit"
    attacker: int
    victim: int
    weapon: int
    weapon_name: str
    region: Region | None
    position: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitSound(Event):
    """The attacker hears that he hit, by other means than a bullet (in 2.77 to 2.79: by any). Whom is not told."""

    kind: ClassVar[str] = "hit_sound"
    attacker: int
    region: Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Revive(Event):
    """*reviver* is None where the version does not tell."""

    kind: ClassVar[str] = "revive"
    client: int
    reviver: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gib(Event):
    """A body is past reviving."""

    kind: ClassVar[str] = "gib"
    client: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective(Event):
    """*action*: planted, defused, constructed, damaged, destroyed, stolen, returned, mines_spotted. *what* names it.

    *team* acted; *client* is known for spotted mines only.
    """

    kind: ClassVar[str] = "objective"
    action: str
    what: str
    team: Team | None
    client: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Event):
    """A server command as it came; what follows from it comes as an event of its own as well."""

    kind: ClassVar[str] = "command"
    sequence: int
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat(Event):
    """*channel*: all, team or fireteam. *client* -1: the console. A *voice* line's *text* is the name of its sound."""

    kind: ClassVar[str] = "chat"
    channel: str
    voice: bool
    client: int
    name: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Print(Event):
    """A line of text for everybody who sees the recorder's screen. *place*: console, popup or centre."""

    kind: ClassVar[str] = "print"
    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Event):
    kind: ClassVar[str] = "joined"
    client: int
    name: str
    team: Team


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Event):
    kind: ClassVar[str] = "left"
    client: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameChange(Event):
    kind: ClassVar[str] = "name"
    client: int
    name: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChange(Event):
    kind: ClassVar[str] = "team"
    client: int
    team: Team
    before: Team


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChange(Event):
    """*player_class*: soldier, medic, engineer, fieldops or covertops."""

    kind: ClassVar[str] = "class"
    client: int
    player_class: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Event):
    """The scoreboard the recorder was sent; of each player client number, XP, ping in ms and minutes played."""

    kind: ClassVar[str] = "score"
    axis: int
    allies: int
    players: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics(Event):
    """A player's weapon statistics as the recorder was sent them: of each weapon its name in stats files, hits, shots,
    kills, deaths and headshots. *damage*: given, received, to and from team mates; None where it is not sent."""

    kind: ClassVar[str] = "statistics"
    client: int
    rounds: int
    weapons: tuple[tuple[str, int, int, int, int, int], ...]
    damage: tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Event):
    """The match stands still, or (*paused* False) goes on."""

    kind: ClassVar[str] = "pause"
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundState(Event):
    """A round's state, whenever something of it changes, and once where a gamestate begins.

    *state*: initialise, playing, warmup_countdown, warmup, intermission, waiting or reset. *round*: 0 first, 1 second.
    *started_ms*: server time of the start of play. *limit_min*, *next_limit_min* (the time to beat) in minutes.
    *winner* is known once the map is won.
    """

    kind: ClassVar[str] = "round"
    state: str
    round: int
    started_ms: int | None
    limit_min: float | None
    next_limit_min: float | None
    winner: Team | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart(Event):
    """The map was restarted; server time goes on, scores begin anew."""

    kind: ClassVar[str] = "restart"
