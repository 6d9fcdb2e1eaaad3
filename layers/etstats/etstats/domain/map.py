"""What is told about a map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFigures:
    """How a map is played, over its counted rounds. A part without rounds to tell it from is None.

    *axis_wins*, *allies_wins*: rounds won by the side; *defended* and *completed*: how they ended.
    Durations are of rounds that were played out: not of those *given_up*. *fastest_s*: to the objective.
    """

    map: str
    rounds: int
    matches: int
    axis_wins: int
    allies_wins: int
    defended: int
    completed: int
    given_up: int
    mean_s: float | None
    shortest_s: int | None
    longest_s: int | None
    fastest_s: int | None
    fastest_at: datetime | None
    last_at: datetime
    kills: int
    damage_given: int | None
    played_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerOnMap:
    """What a player did on one map, over counted rounds. *wins*: rounds on the winning side. *damage_given*: where his
    time is known. None: never known."""

    map: str
    guid: str
    name: str
    rounds: int
    wins: int
    played_s: int | None
    kills: int
    deaths: int
    damage_given: int | None
    gun_hits: int
    gun_shots: int
    revives_given: int | None
    revives_known_rounds: int
