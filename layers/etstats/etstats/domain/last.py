"""A gaming session as it is told to people: the score, the maps, what did not count, who did what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedSession:
    """Times are the game server's local wall clock."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedMap:
    """Both rounds of a map. A time in seconds to the objective, None where it was held."""

    position: int
    map: str
    winner: str  # "r1_attackers", "r2_attackers" or "draw"
    winner_team: str  # "A", "B" or "draw"
    r1_time_s: int | None
    r2_time_s: int | None
    r1_gave_up: bool
    r2_gave_up: bool

    @property
    def why(self) -> str:
        """Round 2 plays against round 1's clock: who beats it was faster, who is kept from it was held."""
        return {"r1_attackers": "held", "r2_attackers": "faster", "draw": "draw"}[self.winner]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoneRound:
    """A round of the session that belongs to no complete map. *reason*: why it does not count, when it does not."""

    map: str
    number: int
    written_at: datetime
    counted: bool
    reason: str | None
    outcome: str | None  # "completed" or "defended"
    duration_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedLine:
    """A player's sums over the session's counted rounds. None: not known in any of them."""

    guid: str
    name: str
    team: str | None  # "A", "B"; None: on neither, or on both
    rounds: int
    played_s: int
    alive_ms: int | None
    kills: int
    deaths: int
    gun_hits: int
    gun_shots: int
    gun_headshot_hits: int
    damage_given: int | None
    damage_received: int | None
    team_damage_given: int | None
    gibs: int | None
    self_kills: int | None
    team_kills: int | None
    xp: int | None
    times_revived: int | None
    revives_given: int | None
    revives_known_rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """A session with all there is to tell about it."""

    session: PlayedSession
    maps: tuple[PlayedMap, ...]
    lone_rounds: tuple[LoneRound, ...]
    lines: tuple[PlayedLine, ...]
