"""The weapons of the game: their slots in a stats file, what a hit costs, and which class carries what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

KEYS = (
    "KNIFE", "KNIFE_KBAR", "LUGER", "COLT", "MP40", "THOMPSON", "STEN", "FG42", "PANZERFAUST", "BAZOOKA",
    "FLAMETHROWER", "GRENADE", "MORTAR", "MORTAR2", "DYNAMITE", "AIRSTRIKE", "ARTILLERY", "SATCHEL",
    "GRENADELAUNCHER", "LANDMINE", "MG42", "BROWNING", "CARBINE", "KAR98", "GARAND", "K43", "MP34", "SYRINGE",
)  # fmt: skip
"""A weapon's number is its place here, and its bit in the mask of a player line."""

(
    KNIFE, KNIFE_KBAR, LUGER, COLT, MP40, THOMPSON, STEN, FG42, PANZERFAUST, BAZOOKA,
    _, GRENADE, _, _, DYNAMITE, AIRSTRIKE, ARTILLERY, _,
    GRENADELAUNCHER, _, MG42, _, CARBINE, KAR98, GARAND, K43, MP34, SYRINGE,
) = range(len(KEYS))  # fmt: skip


class Kit(Enum):
    """A player's class."""

    SOLDIER = "soldier"
    MEDIC = "medic"
    ENGINEER = "engineer"
    FIELD_OPS = "field ops"
    COVERT = "covert ops"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gun:
    """What is fired at one enemy; *burst* shots belong together, *steady* scales the shooter's accuracy."""

    damage: int
    head_damage: int
    burst: int
    steady: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Blast:
    """What goes off among several players; *reach* is the chance that one of them is caught."""

    weakest: int
    strongest: int
    reach: float


GUNS = {
    KNIFE: Gun(damage=10, head_damage=10, burst=2, steady=0.15),
    KNIFE_KBAR: Gun(damage=10, head_damage=10, burst=2, steady=0.15),
    LUGER: Gun(damage=18, head_damage=50, burst=6, steady=1.15),
    COLT: Gun(damage=18, head_damage=50, burst=6, steady=1.15),
    MP40: Gun(damage=18, head_damage=50, burst=9),
    THOMPSON: Gun(damage=18, head_damage=50, burst=9),
    STEN: Gun(damage=14, head_damage=50, burst=9, steady=1.05),
    MP34: Gun(damage=14, head_damage=50, burst=9, steady=1.05),
    FG42: Gun(damage=16, head_damage=50, burst=7),
    MG42: Gun(damage=18, head_damage=18, burst=14, steady=0.6),
    CARBINE: Gun(damage=34, head_damage=50, burst=4, steady=1.1),
    KAR98: Gun(damage=34, head_damage=50, burst=4, steady=1.1),
    GARAND: Gun(damage=50, head_damage=100, burst=3, steady=1.2),
    K43: Gun(damage=50, head_damage=100, burst=3, steady=1.2),
}

BLASTS = {
    GRENADE: Blast(weakest=15, strongest=150, reach=0.17),
    GRENADELAUNCHER: Blast(weakest=30, strongest=150, reach=0.25),
    PANZERFAUST: Blast(weakest=100, strongest=400, reach=0.4),
    BAZOOKA: Blast(weakest=100, strongest=400, reach=0.4),
    AIRSTRIKE: Blast(weakest=30, strongest=250, reach=0.2),
    ARTILLERY: Blast(weakest=30, strongest=200, reach=0.25),
}

WITHOUT_HEADS = frozenset({KNIFE, KNIFE_KBAR, MG42})
"""Guns whose hits on the head are not told apart."""

# what Axis (1) and Allies (2) are given; a fallen enemy's gun may be picked up
SUBMACHINE_GUN = {1: MP40, 2: THOMPSON}
PISTOL = {1: LUGER, 2: COLT}
BLADE = {1: KNIFE, 2: KNIFE_KBAR}
SILENCED = {1: MP34, 2: STEN}
SCOPED = {1: K43, 2: GARAND}
RIFLE = {1: KAR98, 2: CARBINE}
ROCKET = {1: PANZERFAUST, 2: BAZOOKA}
