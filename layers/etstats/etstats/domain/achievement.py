"""Badges: what somebody has done so often that it has a name. Ladders by figure, over all counted rounds.

The tiers are those that communities know from their bots (reference: badge ladders, one for each figure); a K/D badge
asks for 20 rounds, so that a lucky evening is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

KD_ROUNDS = 20


class Ladder(Enum):
    """Values are the keys of their names in `words`."""

    KILLS = "kills"
    ROUNDS = "rounds"
    KD = "kd"
    REVIVES = "revives"
    REVIVED = "revived"
    PLANTED = "planted"
    DEFUSED = "defused"
    CARRIED = "carried"


TIERS: Mapping[Ladder, tuple[float, ...]] = {
    Ladder.KILLS: (1_000, 5_000, 10_000, 20_000),
    Ladder.ROUNDS: (50, 500, 5_000, 10_000, 30_000),
    Ladder.KD: (1.0, 1.5, 2.0, 2.5, 3.0),
    Ladder.REVIVES: (100, 500, 5_000),
    Ladder.REVIVED: (100, 500, 3_000),
    Ladder.PLANTED: (50, 200, 1_000),
    Ladder.DEFUSED: (50, 200, 1_000),
    Ladder.CARRIED: (25, 250, 2_500),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Career:
    """A person's sums over all counted rounds. None: not known in any of them. *carried*: stolen and returned."""

    guid: str
    rounds: int
    kills: int
    deaths: int
    revives: int | None
    revived: int | None
    planted: int | None
    defused: int | None
    carried: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Where somebody stands on a ladder. *tier*: badges earned, 0 for none; *next*: what the next one asks for, None
    at the top; *value* None: not known, or too few rounds to say. *holders*: how many have the same badge or a higher
    one, himself included; of *people*."""

    ladder: Ladder
    value: float | None
    tier: int
    next: float | None
    holders: int
    people: int

    @property
    def reached(self) -> float | None:
        """What the badge he has asked for."""
        return TIERS[self.ladder][self.tier - 1] if self.tier else None

    @property
    def progress(self) -> float:
        """0 to 1: how much of the next badge is done; 1 at the top."""
        if self.next is None:
            return 1.0
        return min(1.0, (self.value or 0.0) / self.next)


def value_of(career: Career, ladder: Ladder) -> float | None:
    """The figure that counts on *ladder*."""
    if ladder is Ladder.KD:
        return career.kills / (career.deaths or 1) if career.rounds >= KD_ROUNDS else None
    known: int | None = getattr(career, ladder.value)
    return known


def tier_of(value: float | None, ladder: Ladder) -> int:
    """How many badges of *ladder* that is worth."""
    return 0 if value is None else sum(value >= tier for tier in TIERS[ladder])


def rungs(guid: str, careers: Iterable[Career]) -> tuple[Rung, ...]:
    """Where *guid* stands on every ladder, among *careers*, which hold his own. Raises KeyError when they do not."""
    by_guid = {career.guid: career for career in careers}
    own = by_guid[guid]
    return tuple(_rung(ladder, own, by_guid.values()) for ladder in Ladder)


def _rung(ladder: Ladder, own: Career, everybody: Iterable[Career]) -> Rung:
    value = value_of(own, ladder)
    tier = tier_of(value, ladder)
    others = [tier_of(value_of(career, ladder), ladder) for career in everybody]
    tiers = TIERS[ladder]
    return Rung(
        ladder=ladder,
        value=value,
        tier=tier,
        next=tiers[tier] if tier < len(tiers) else None,
        holders=sum(other >= tier for other in others) if tier else 0,
        people=len(others),
    )
