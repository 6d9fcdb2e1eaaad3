"""A round that went by plan: two minutes in which every kind of highlight happens, and nothing else is one.

The plan is written down here, by hand, and knows nothing of what finds highlights. Who does what is told by places: A1
to A6 are of the Axis, who defend, B1 to B6 of the Allies. The Axis respawn at 30, 60 and 90 s, the Allies every 20.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from local.simulator import fight, medic, objective
from local.simulator.battle import Battle
from local.simulator.chronicle import Moment, What
from local.simulator.fighter import Fighter
from local.simulator.maps import ALLIES, AXIS, GameMap, Step
from local.simulator.round import Entry, join, line_up
from local.simulator.weapons import BAZOOKA, GRENADE, Kit

MAP = GameMap(
    name="te_valhalla", limit_s=120, axis_interval_s=30, allies_interval_s=20, steps=(Step.DYNAMITE, Step.CARRY)
)
"""No other round is played on it."""
PLAYERS = 12
_END_MS = 1000 * MAP.limit_s
_CARRIED_MS = 9_000  # as `film` shows it


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """*whom*: killed, or raised, by *who*, with his own gun unless *weapon* is told."""

    at_ms: int
    who: str
    whom: str = ""
    what: What = What.KILL
    weapon: int | None = None
    head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A highlight that was planned: of whom (None: of a team), when of the round's clock, and who suffered it."""

    kind: str
    who: Fighter | None
    at_ms: tuple[int, ...]
    whom: tuple[Fighter, ...]


def _kills(who: str, *at: tuple[int, str], weapon: int | None = None, head: bool = False) -> tuple[Deed, ...]:
    return tuple(Deed(at_ms=at_ms, who=who, whom=whom, weapon=weapon, head=head) for at_ms, whom in at)


def _by_many(*kills: tuple[int, str, str]) -> tuple[Deed, ...]:
    return tuple(Deed(at_ms=at_ms, who=who, whom=whom) for at_ms, who, whom in kills)


# Highlights: their kind, and what they are made of.
_PLAN: tuple[tuple[str, tuple[Deed, ...]], ...] = (
    ("first_blood", _kills("A1", (2_500, "B1"))),
    ("long_shot", _kills("B2", (4_500, "A2"), weapon=BAZOOKA)),  # from spawn to spawn
    ("multi_kill", _kills("A3", (10_000, "B3"), (11_500, "B4"), (13_000, "B5"))),
    ("headshots", _kills("A4", (22_000, "B1"), (23_500, "B3"), head=True)),
    ("explosive", _kills("A5", (26_000, "B4"), (26_000, "B5"), weapon=GRENADE)),
    ("spree", _kills("B6", (16_000, "A3"), (32_000, "A1"), (38_000, "A2"), (44_000, "A3"), (50_000, "A4"))),
    ("carry", (Deed(at_ms=46_000, who="B3", what=What.STEAL),)),
    ("denial", _kills("A6", (54_500, "B4"))),  # who stole at 51.5
    ("last_stand", _kills("A6", (70_000, "B1"), (75_000, "B2"))),
    ("revives", tuple(
        Deed(at_ms=at_ms, who="B5", whom=whom, what=What.REVIVE)
        for at_ms, whom in ((94_000, "B1"), (95_500, "B3"), (97_000, "B4"))
    )),
    ("multi_kill", _kills("A5", (102_000, "B1"), (105_500, "B3"), (109_000, "B4"))),  # slow
    ("last_seconds", (Deed(at_ms=112_000, who="A2", what=What.DEFUSE),)),
)  # fmt: skip
# What leads up to them, and is none.
_BESIDE = (
    Deed(at_ms=51_500, who="B4", what=What.STEAL),
    *_by_many((56_000, "A5", "B6")),
    # all of the Axis but one
    *_by_many(
        (61_000, "B1", "A1"), (62_000, "B2", "A2"), (63_000, "B3", "A3"), (64_000, "B4", "A4"), (65_000, "B5", "A5")
    ),
    *_by_many((91_000, "A1", "B1"), (92_000, "A2", "B3"), (93_000, "A3", "B4")),  # whom a medic raises
    Deed(at_ms=98_500, who="B2", what=What.PLANT),
)  # fmt: skip


def play(entries: Sequence[Entry]) -> tuple[list[Fighter], list[Moment], tuple[Planted, ...]]:
    """As `round.play`, and what was planted. Raises ValueError unless six play on each side."""
    battle = Battle(MAP, _END_MS, _SameDice())
    fighters = line_up(entries)
    places = dict(_places(fighters))
    if len(places) != PLAYERS or len(fighters) != PLAYERS:
        raise ValueError(f"A planned round needs {PLAYERS} players, six on each side.")
    for fighter in fighters:
        battle.at(0, join, fighter)
    for at_ms, deeds in _together().items():
        battle.at(at_ms, _do, places, deeds)
    battle.run()
    for fighter in fighters:
        fighter.leave(_END_MS)
    return fighters, battle.chronicle, tuple(_planted(kind, deeds, places) for kind, deeds in _PLAN)


class _SameDice(Random):
    """Nothing happens by chance: nobody is gibbed, raised, or tired of his gun unless it is planned."""

    def random(self) -> float:
        return 0.9


def _places(fighters: Sequence[Fighter]) -> Iterator[tuple[str, Fighter]]:
    """B5 is a medic, A2 and B2 can handle dynamite."""
    for side, letter in ((AXIS, "A"), (ALLIES, "B")):
        own = [fighter for fighter in fighters if fighter.side == side]
        engineer = next(fighter for fighter in own if fighter.kit is Kit.ENGINEER)
        raiser = next(fighter for fighter in own if fighter.kit is Kit.MEDIC)
        others = [fighter for fighter in own if fighter not in (engineer, raiser)]
        placed = [*others[:1], engineer, *others[1:3], raiser, *others[3:]]
        yield from ((f"{letter}{number}", fighter) for number, fighter in enumerate(placed, start=1))


def _together() -> Mapping[int, list[Deed]]:
    """What one thing does to several is one."""
    found: dict[int, list[Deed]] = {}
    for deed in (*(deed for _, deeds in _PLAN for deed in deeds), *_BESIDE):
        found.setdefault(deed.at_ms, []).append(deed)
    return found


def _do(battle: Battle, places: Mapping[str, Fighter], deeds: Sequence[Deed]) -> None:
    first = deeds[0]
    who, whom = places[first.who], [places[deed.whom] for deed in deeds if deed.whom]
    if first.what is What.KILL:
        fight.finish(battle, who, whom, who.primary if first.weapon is None else first.weapon, head=first.head)
    elif first.what is What.REVIVE:
        medic.revive(battle, who, whom[0])
    else:
        {What.STEAL: objective.steal, What.PLANT: objective.plant, What.DEFUSE: objective.defuse}[first.what](
            battle, who
        )


def _planted(kind: str, deeds: Sequence[Deed], places: Mapping[str, Fighter]) -> Planted:
    at_ms = tuple(deed.at_ms for deed in deeds)
    if deeds[0].what is What.STEAL:
        at_ms = (at_ms[0], at_ms[0] + _CARRIED_MS)
    return Planted(
        kind=kind,
        who=None if deeds[0].what is What.DEFUSE else places[deeds[0].who],  # no demo says who defused
        at_ms=at_ms,
        whom=tuple(places[deed.whom] for deed in deeds if deed.whom),
    )
