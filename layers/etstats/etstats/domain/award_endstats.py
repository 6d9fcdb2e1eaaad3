"""The awards that the game itself gives at the end of each round, grouped, and who won each most often.

Some cannot be believed: the writer prints useless kills as “Most objectives stolen” and the longest time dead as “Full
respawn king”, and it writes “Longest killing spree” twice. The first two are left out, the third counts once a file.
Damage, deaths and K/D run on into round 2, so an award of a second round is about both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum


class Group(Enum):
    COMBAT = "combat"
    DEATHS = "deaths"
    SKILLS = "skills"
    WEAPONS = "weapons"
    TEAMWORK = "teamwork"
    OBJECTIVES = "objectives"
    TIMING = "timing"


_NAMES: Mapping[Group, tuple[str, ...]] = {
    Group.COMBAT: (
        "Most damage given", "Most damage received", "Most damage per minute", "Most kills per minute",
        "Best K/D ratio", "Tank/Meatshield",
    ),
    Group.DEATHS: (
        "Most deaths", "Most selfkills", "Most teamkills", "Longest death spree", "Most panzer deaths",
        "Most MG42 deaths", "Mortarmagnet",
    ),
    Group.SKILLS: (
        "Most headshot kills", "Most headshots", "Highest headshot accuracy", "Highest light weapons accuracy",
        "Most light weapon kills", "Most pistol kills", "Most rifle kills", "Most sniper kills", "Most knife kills",
        "Longest killing spree", "Most multikills", "Most doublekills", "Quickest multikill w/ light weapons",
        "Most bullets fired",
    ),
    Group.TEAMWORK: (
        "Most revives", "Most revived", "Most kill assists", "Most killsteals", "Most team damage given",
        "Most team damage received",
    ),
    Group.OBJECTIVES: (
        "Most dynamites planted", "Most dynamites defused", "Most objectives returned", "Most corpse gibs",
    ),
    Group.TIMING: ("Most useful kills", "Most useless kills", "Most playtime denied", "Least time dead"),
}  # fmt: skip
_GROUPS = {award: group for group, awards in _NAMES.items() for award in awards}
_NOT_BELIEVED = frozenset({"Most objectives stolen", "Full respawn king"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundAward:
    """An award of one endstats file. *guid*: whose it is, when that is certain."""

    file_id: int
    award: str
    player: str
    guid: str | None
    value_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Won:
    """How often. *name* as he was called when he won it last."""

    name: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OftenWon:
    """*files*: in how many of the evening's endstats files the award was given. *best*: the value of the winner's
    last."""

    award: str
    group: Group
    files: int
    winner: Won
    second: Won | None
    best: str


def often_won(awards: Iterable[RoundAward]) -> list[OftenWon]:
    """By group, then who won most often; *awards* in the order of their rounds and within a file as written."""
    taken: dict[str, dict[int, RoundAward]] = {}
    for one in awards:
        if one.award not in _NOT_BELIEVED:
            taken.setdefault(one.award, {}).setdefault(one.file_id, one)
    found = [_often(award, list(files.values())) for award, files in taken.items()]
    order = list(Group)
    return sorted(found, key=lambda one: (order.index(one.group), -one.winner.times, one.award))


def _often(award: str, given: list[RoundAward]) -> OftenWon:
    times = Counter(one.guid or one.player for one in given)
    names = {one.guid or one.player: one.player for one in given}
    ranked = sorted(times, key=lambda who: (-times[who], who))
    first, *others = [Won(name=names[who], times=times[who]) for who in ranked]
    return OftenWon(
        award=award,
        group=group_of(award),
        files=len(given),
        winner=first,
        second=others[0] if others else None,
        best=next(one.value_text for one in reversed(given) if (one.guid or one.player) == ranked[0]),
    )


def group_of(award: str) -> Group:
    """What is named in no group is about a weapon: grenade, panzerfaust, mine, mortar, air support …"""
    return _GROUPS.get(plain_award(award), Group.WEAPONS)


def plain_award(award: str) -> str:
    """Without the remark some have: Least time dead (What spawn?)."""
    return award.partition(" (")[0]
