"""What a night leaves to tell in the morning: whose best it was, which records fell, what was on this day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

# so many are told
MOST = 5


class Best(Enum):
    """What a personal best can be of: something in one round, or damage per minute over an evening."""

    KILLS = "kills"
    DAMAGE = "damage"
    HEADSHOTS = "headshots"
    REVIVES = "revives"
    GIBS = "gibs"
    DPM = "dpm"


# before so many rounds, or evenings, nobody has a best worth telling
ENOUGH_ROUNDS = 20
ENOUGH_EVENINGS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalBest:
    """*before*: the most in all *n* rounds, or evenings, that he had played until then. *map*: of the round."""

    guid: str
    name: str
    best: Best
    value: float
    before: float
    n: int
    map: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FallenRecord:
    """On one map, in one round or in both of it. *before* and *holder*: what it was, and whose."""

    scope: str
    map: str
    figure: str
    value: float
    guid: str
    name: str
    before: float
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnThisDay:
    """What was played on the same night of an earlier year."""

    first_at: datetime
    maps: int
    players: int
    score_a: int
    score_b: int
    team_a: str | None
    team_b: str | None


def night_number(night: date) -> int:
    """As the database numbers nights: 20260306."""
    return night.year * 10_000 + night.month * 100 + night.day


def night_numbered(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)


def told_bests(found: Iterable[PersonalBest]) -> list[PersonalBest]:
    """Nobody's twice, those that rose most first."""
    ranked = sorted(found, key=lambda one: (-one.value / one.before, one.guid, one.best.value))
    first = {one.guid: one for one in reversed(ranked)}
    return [one for one in ranked if first[one.guid] is one][:MOST]


def told_records(found: Iterable[FallenRecord]) -> list[FallenRecord]:
    """Nobody's twice on a map, those that rose most first."""
    ranked = sorted(found, key=lambda one: (-one.value / one.before, one.map, one.figure, one.scope))
    first = {(one.guid, one.map): one for one in reversed(ranked)}
    return [one for one in ranked if first[one.guid, one.map] is one][:MOST]
