"""A gaming session as it is told to people: the score, the maps, every round with what became of it, who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from etstats.domain.formula import damage_per_minute
from etstats.domain.name import short_names


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedSession:
    """Times are the game server's local wall clock. *team_a*, *team_b*: what the teams are called, if anything."""

    session_id: int
    server: str
    first_at: datetime
    last_at: datetime
    score_a: int
    score_b: int
    counted_rounds: int
    rounds: int
    maps: int
    players: int
    team_a: str | None = None
    team_b: str | None = None


class Why(Enum):
    """Why a map was won: both sides got through and one was faster; or the loser was held, or gave up."""

    FASTER = "faster"
    HELD = "held"
    GAVE_UP = "gave_up"
    DRAW = "draw"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedMap:
    """Both rounds of a map. A time in seconds to the objective, None where it was held."""

    position: int
    map: str
    winner: str  # "r1_attackers", "r2_attackers" or "draw"
    winner_team: str  # "A", "B" or "draw"
    r1_attackers_team: str  # "A" or "B"
    r1_time_s: int | None
    r2_time_s: int | None
    r1_gave_up: bool
    r2_gave_up: bool
    limit_s: int | None = None  # of the first round
    round1_id: int = 0
    round2_id: int = 0

    @property
    def why(self) -> Why:
        """It is the loser's attack that tells."""
        if self.winner == "draw":
            return Why.DRAW
        first_lost = self.winner == "r2_attackers"
        if (self.r1_time_s if first_lost else self.r2_time_s) is not None:
            return Why.FASTER
        return Why.GAVE_UP if (self.r1_gave_up if first_lost else self.r2_gave_up) else Why.HELD

    @property
    def margin_s(self) -> int | None:
        """By how much the second attack was faster than what it had to beat; None: it was not, or nobody knows."""
        to_beat_s = self.r1_time_s if self.r1_time_s is not None else self.limit_s
        if self.winner != "r2_attackers" or self.r2_time_s is None or to_beat_s is None:
            return None
        return to_beat_s - self.r2_time_s

    def time_s(self, team: str) -> int | None:
        """What *team* needed when it attacked."""
        return self.r1_time_s if team == self.r1_attackers_team else self.r2_time_s

    def gave_up(self, team: str) -> bool:
        return self.r1_gave_up if team == self.r1_attackers_team else self.r2_gave_up


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedRound:
    """A round of the session. *number* is what was played, whatever the file calls it. *reason*: why it does not count,
    when it does not; *position*: of the complete map it is part of. *grade*: how far it can be relied on."""

    round_id: int
    written_at: datetime
    map: str
    number: int
    role: str
    counted: bool
    reason: str | None
    outcome: str | None  # "completed" or "defended"
    defender_team: int | None
    winner_team: int | None
    limit_s: int | None
    time_s: int | None
    duration_s: int | None
    gave_up: bool
    players: int
    position: int | None
    grade: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedLine:
    """A player's sums over the session's counted rounds. None: not known in any of them."""

    guid: str
    name: str
    team: str | None  # "A", "B"; None: on neither, or on both
    rounds: int
    played_s: int | None
    alive_ms: int | None
    kills: int
    deaths: int
    gun_hits: int
    gun_shots: int
    gun_headshot_hits: int
    shots: int
    damage_given: int | None
    damage_received: int | None
    team_damage_given: int | None
    gibs: int | None
    self_kills: int | None
    team_kills: int | None
    xp: int | None
    max_killing_spree: int | None
    max_death_spree: int | None
    kill_assists: int | None
    kill_steals: int | None
    headshot_kills: int | None
    objectives_stolen: int | None
    objectives_returned: int | None
    dynamites_planted: int | None
    dynamites_defused: int | None
    times_revived: int | None
    useful_kills: int | None
    useless_kills: int | None
    denied_playtime_s: int | None
    multikill_2: int | None
    multikill_3: int | None
    multikill_4: int | None
    multikill_5: int | None
    multikill_6: int | None
    full_selfkills: int | None
    repairs_constructions: int | None
    revives_given: int | None
    revives_known_rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """A session with all there is to tell about it: complete maps and rounds in time order, most damage per minute
    first."""

    session: PlayedSession
    maps: tuple[PlayedMap, ...]
    rounds: tuple[PlayedRound, ...]
    lines: tuple[PlayedLine, ...]

    @property
    def short_names(self) -> dict[str, str]:
        """The players' names for where there is little room."""
        return short_names(line.name for line in self.lines)

    @property
    def lone_rounds(self) -> tuple[PlayedRound, ...]:
        """Those that are part of no complete map."""
        return tuple(one for one in self.rounds if one.position is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLine:
    """What one person did in one counted round. *team*: 1 Axis, 2 Allies. None: unknown, as of a damaged line."""

    round_id: int
    guid: str
    name: str
    team: int
    played_s: int | None
    alive_ms: int | None
    kills: int | None
    deaths: int | None
    damage_given: int | None
    objectives: int | None  # stolen, returned, planted and defused
    revives_given: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaponLine:
    """What one person did with one weapon in the counted rounds. *deaths*: suffered from it."""

    weapon: str
    guid: str
    name: str
    rounds: int
    hits: int
    shots: int
    kills: int
    deaths: int
    headshots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MapBest:
    """Who did most damage per minute in a map's two rounds."""

    map: str
    name: str
    dpm: float
    kills: int
    deaths: int


_LONG_ENOUGH_S = 120  # before that one kill makes anybody the best


def best_of_maps(evening: Evening, lines: Sequence[RoundLine]) -> list[MapBest]:
    """In the order of the maps; a map nobody's damage is known of is left out."""
    names = {line.guid: line.name for line in evening.lines}
    return [best for one in evening.maps if (best := _best(one, lines, names)) is not None]


def _best(played: PlayedMap, lines: Sequence[RoundLine], names: Mapping[str, str]) -> MapBest | None:
    of_player: dict[str, list[RoundLine]] = {}
    for line in lines:
        if line.round_id in (played.round1_id, played.round2_id) and line.damage_given is not None:
            of_player.setdefault(line.guid, []).append(line)
    rated = [
        (dpm, guid)
        for guid, own in of_player.items()
        if _added(own, "played_s") >= _LONG_ENOUGH_S
        and (dpm := damage_per_minute(_added(own, "damage_given"), _added(own, "played_s"))) is not None
    ]
    if not rated:
        return None
    dpm, guid = min(rated, key=lambda pair: (-pair[0], pair[1]))
    own = of_player[guid]
    return MapBest(
        map=played.map,
        name=names.get(guid, own[-1].name),
        dpm=dpm,
        kills=_added(own, "kills"),
        deaths=_added(own, "deaths"),
    )


def _added(lines: Sequence[RoundLine], figure: str) -> int:
    return sum(getattr(line, figure) or 0 for line in lines)
