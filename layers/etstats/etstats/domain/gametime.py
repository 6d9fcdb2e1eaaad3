"""What the game server's own clock told about a round: when it began and ended, pauses, why it was over, who played."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from etstats.domain.stats_file import FileName

# An objective taken in the last tenth of the limit is reported as time expired.
RELIABLE_SHARE_OF_LIMIT = 0.9


class EndReason(Enum):
    OBJECTIVE = "objective"
    SURRENDER = "surrender"
    TIME_EXPIRED = "time_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPlayer:
    """*guid* as everywhere: 8 characters, upper case."""

    guid: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    start_unix: int | None
    end_unix: int | None
    long_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpawnTally:
    """How often a player came back into the game, and how long he waited for it."""

    guid: str
    name: str
    spawns: int | None
    deaths: int | None
    dead_s: float | None
    average_respawn_s: float | None
    longest_respawn_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gametime:
    """A round by the webhook's account. None: not told, or told in a way nobody can read; *oddities* say which.

    *played_s* leaves pauses out. Teams: 1 Axis, 2 Allies.
    """

    name: FileName
    map: str | None
    number: int | None
    winner_team: int | None
    defender_team: int | None
    played_s: int | None
    limit_s: int | None
    pause_count: int | None
    pause_s: int | None
    end_reason: EndReason | None
    warmup_s: int | None
    warmup_start_unix: int | None
    round_start_unix: int | None
    round_end_unix: int
    surrender_team: int | None
    surrender_guid: str | None
    surrender_name: str | None
    axis_score: int | None
    allies_score: int | None
    axis: tuple[RosterPlayer, ...]
    allies: tuple[RosterPlayer, ...]
    pauses: tuple[Pause, ...]
    spawns: tuple[SpawnTally, ...]
    spawn_summary: str | None
    server_address: str | None
    oddities: tuple[str, ...]

    @property
    def end_reason_reliable(self) -> bool:
        """False in the last tenth of the limit, and where nothing tells how far the round went."""
        if self.end_reason is None or self.played_s is None or not self.limit_s:
            return False
        return self.played_s < RELIABLE_SHARE_OF_LIMIT * self.limit_s
