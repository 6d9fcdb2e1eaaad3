"""A player of all time, as the profile tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from etstats.domain.formula import damage_per_minute
from etstats.domain.leaderboard import Ranking
from etstats.domain.map import PlayerOnMap
from etstats.domain.total import Total


@dataclass(frozen=True, slots=True, kw_only=True)
class Player(Total):
    """Sums over the counted rounds of a period, on one map or all. *sessions* None: not told by map."""

    guid: str
    name: str
    sessions: int | None
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentSession:
    """One of a player's sessions, for the form."""

    last_at: datetime
    rounds: int
    played_s: int | None
    kills: int
    deaths: int
    damage_given: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaponUse:
    """A player's sums with one weapon. *deaths*: suffered from it."""

    weapon: str
    rounds: int
    hits: int
    shots: int
    kills: int
    deaths: int
    headshots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A name somebody went by, in how many counted rounds, from when to when."""

    name: str
    rounds: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What there is to tell about a player: his sums, his latest sessions, what he kills with, his other names, the
    maps he played, most rounds first, and his place in the group."""

    player: Player
    recent: tuple[RecentSession, ...]
    weapons: tuple[WeaponUse, ...]
    names: tuple[Alias, ...]
    maps: tuple[PlayerOnMap, ...]
    rankings: tuple[Ranking, ...] = ()


def best_and_worst(maps: Iterable[PlayerOnMap], *, rounds: int) -> tuple[PlayerOnMap | None, PlayerOnMap | None]:
    """Where he does most and least damage per minute, of the maps with at least so many *rounds*; None twice: fewer
    than two such maps."""
    known = [
        (dpm, one)
        for one in maps
        if one.rounds >= rounds and (dpm := damage_per_minute(one.damage_given, one.played_s)) is not None
    ]
    if len(known) < 2:
        return None, None
    placed = sorted(known, key=lambda pair: (-pair[0], pair[1].map))
    return placed[0][1], placed[-1][1]
