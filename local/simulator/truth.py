"""What really happened in a simulated session, as plain values that know nothing of the file format.

Tests compare the product's results with these. Counts are exact; times are exact milliseconds, where a stats file
has tenths of a minute and of a percent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Outcome(Enum):
    """How a round ended."""

    COMPLETED = "completed"
    HELD = "held"
    GIVEN_UP = "given up"
    ABORTED = "aborted"


class Role(Enum):
    """What a round is to its map."""

    FIRST = "r1"
    SECOND = "r2"
    FIRST_WITHOUT_SECOND = "r1_without_r2"
    SECOND_WITHOUT_FIRST = "r2_without_r1"
    LOST_FIRST = "lost_r1"
    """Played, but its file never reached anybody."""
    ABORTED_FIRST = "aborted_r1"
    REPLACED_FIRST = "replaced_r1"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaponCount:
    """One weapon of one player in one round alone. *shots* of a knife can be negative: see `PlayerRound`."""

    weapon: str
    hits: int
    shots: int
    kills: int
    deaths: int
    headshots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerRound:
    """One player in one round alone. *team* is A or B, *side* 1 (Axis) or 2 (Allies); *guid* has eight characters and
    is shared by all bots. Sprees are 0 below three. A stab in a dead body takes back a stab counted before, if
    need be in the round before. *reconnected*: the game forgot what he did before he came back, this does not."""

    guid: str
    name: str
    plain_name: str
    is_bot: bool
    reconnected: bool
    team: str
    side: int
    played_ms: int
    alive_ms: int
    kills: int
    deaths: int
    damage_given: int
    damage_received: int
    team_damage_given: int
    team_damage_received: int
    gibs: int
    self_kills: int
    team_kills: int
    team_gibs: int
    xp: int
    killing_spree: int
    death_spree: int
    kill_assists: int
    kill_steals: int
    headshot_kills: int
    objectives_stolen: int
    objectives_returned: int
    dynamites_planted: int
    dynamites_defused: int
    times_revived: int
    useful_kills: int
    denied_playtime_ms: int
    multikill_2: int
    multikill_3: int
    multikill_4: int
    multikill_5: int
    multikill_6: int
    useless_kills: int
    full_selfkills: int
    repairs_constructions: int
    revives_given: int
    weapons: tuple[WeaponCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTruth:
    """One round. *file*: its stats file, or None when that was lost. *ended_at*: the server's wall clock.
    *players*: who took part, in no special order; a leaver of the first round is not in the second."""

    file: str | None
    map_name: str
    number: int
    role: Role
    outcome: Outcome
    attackers: str
    defending_side: int
    limit_s: int
    duration_ms: int
    ended_at: datetime
    players: tuple[PlayerRound, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapTruth:
    """A map of which both rounds were played and written. *winner*: A, B, or None for a draw (both attacks held)."""

    map_name: str
    first_attackers: str
    winner: str | None
    first_file: str
    second_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTruth:
    """A whole gaming session. Team A attacks first on the first complete map; a won map gives two points, a draw
    one each. *features*: the names of what was asked for and did happen."""

    maps: tuple[MapTruth, ...]
    score_a: int
    score_b: int
    rounds: tuple[RoundTruth, ...]
    features: tuple[str, ...]
