"""A player of all time, as the profile tells it; and finding a player by what somebody typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher

from etstats.domain.formula import damage_per_minute
from etstats.domain.leaderboard import Ranking
from etstats.domain.map import PlayerOnMap
from etstats.domain.total import Total

_ALIKE = 0.55
# the shorter of two names that are alike, as a share of the longer: what is in both counts twice in their likeness
SHORTEST_ALIKE = _ALIKE / (2 - _ALIKE)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody who goes, or went, by *matched*; *name* is the latest. *search_name* is the key of *matched*."""

    guid: str
    name: str
    matched: str
    search_name: str
    rounds: int
    last_at: datetime


def player_mark(guid: str) -> str:
    """The value of a `player` option that means this person: for suggestions, buttons and menus."""
    return f"#{guid}"


def nearest(search: str, people: Iterable[Named], *, limit: int = 3) -> list[Named]:
    """Whose names look most like *search* (a search key), best first, each person once; nobody unlike it."""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(search)
    rated: dict[str, tuple[float, Named]] = {}
    for person in people:
        likeness = _likeness(matcher, person.search_name)
        if likeness > max(_ALIKE, rated[person.guid][0] if person.guid in rated else 0.0):
            rated[person.guid] = (likeness, person)
    best = sorted(rated.values(), key=lambda pair: (-pair[0], -pair[1].rounds, pair[1].guid))
    return [person for _, person in best[:limit]]


def _likeness(matcher: SequenceMatcher[str], name: str) -> float:
    matcher.set_seq1(name)
    # each bound is cheaper than the next; most names fall at the first
    for bound in (matcher.real_quick_ratio, matcher.quick_ratio):
        if bound() <= _ALIKE:
            return 0.0
    return matcher.ratio()
