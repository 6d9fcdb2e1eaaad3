"""A highlight: a moment of a demo worth watching, with the figures that make it one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

NOBODY = -1  # a highlight of a team rather than of a player

# A clip begins so long before the first event of its highlight, and ends so long after the last.
BEFORE_MS = 4_000
AFTER_MS = 3_000


class Kind(Enum):
    """Values are the keys of their names in `words`."""

    MULTI_KILL = "multi_kill"
    SPREE = "spree"
    HEADSHOTS = "headshots"
    FIRST_BLOOD = "first_blood"
    LAST_STAND = "last_stand"
    REVIVES = "revives"
    CARRY = "carry"
    DENIAL = "denial"
    LONG_SHOT = "long_shot"
    EXPLOSIVE = "explosive"
    LAST_SECONDS = "last_seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What makes a highlight of a kind: at least *count* events within *within_ms* (0: however long), worth *points*
    each. *units*: of the map, for distances."""

    count: int
    within_ms: int = 0
    points: int
    units: int = 0


# Names and thresholds, all of them. Windows and points follow what communities know (reference 2F.11).
RULES: dict[Kind, tuple[Rule, ...]] = {
    Kind.MULTI_KILL: (Rule(count=3, within_ms=4_000, points=10), Rule(count=3, within_ms=8_000, points=7)),
    Kind.SPREE: (Rule(count=4, points=7),),
    Kind.HEADSHOTS: (Rule(count=2, within_ms=2_500, points=6), Rule(count=3, within_ms=2_500, points=9)),
    Kind.FIRST_BLOOD: (Rule(count=1, points=8),),
    Kind.LAST_STAND: (Rule(count=2, points=12),),
    Kind.REVIVES: (Rule(count=3, within_ms=10_000, points=8),),
    Kind.CARRY: (Rule(count=1, points=20),),
    Kind.DENIAL: (Rule(count=1, points=15),),
    Kind.LONG_SHOT: (Rule(count=1, points=14, units=2_000),),
    Kind.EXPLOSIVE: (Rule(count=2, within_ms=150, points=10),),
    Kind.LAST_SECONDS: (Rule(count=1, within_ms=30_000, points=18),),
}
HEADSHOT_POINTS = 2  # a kill by the head is worth so much more, in whatever highlight it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a score: *name* is a key in `words` (section ``highlight``), *count* how many, *points* in all."""

    name: str
    count: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Moment:
    """One event of a highlight, in server time. *whom*: the player it was done to, by his name then without colour
    codes; '': nobody."""

    at_ms: int
    whom: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """*moments*: what it is made of, in order. *weapons*: in the order of use, each once. *also*: other kinds that fell
    into the same moments. *against*: how many opponents were alive, for a last stand. *units*: how far, for a long shot
    or a carry.
    """

    kind: Kind
    client: int
    name: str
    team: str
    moments: tuple[Moment, ...]
    weapons: tuple[str, ...] = ()
    parts: tuple[Part, ...]
    also: tuple[Kind, ...] = ()
    against: int | None = None
    units: int | None = None

    @property
    def score(self) -> int:
        return sum(part.points for part in self.parts)

    @property
    def first_ms(self) -> int:
        return self.moments[0].at_ms

    @property
    def last_ms(self) -> int:
        return self.moments[-1].at_ms

    def window(self, begin_ms: int, end_ms: int) -> tuple[int, int]:
        """From when to when its clip goes, within a demo that lasts from *begin_ms* to *end_ms*."""
        return max(begin_ms, self.first_ms - BEFORE_MS), min(end_ms, self.last_ms + AFTER_MS)
