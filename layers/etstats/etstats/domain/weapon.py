"""The 28 weapon slots of a stats line, in the order of their bits in its mask."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Weapon:
    """*gun*: a head hit counts, so its hits make up accuracy and headshot percentage."""

    key: str
    label: str
    gun: bool = False


WEAPONS: tuple[Weapon, ...] = (
    Weapon(key="KNIFE", label="Knife"),
    Weapon(key="KNIFE_KBAR", label="KA-BAR"),
    Weapon(key="LUGER", label="Luger", gun=True),
    Weapon(key="COLT", label="Colt", gun=True),
    Weapon(key="MP40", label="MP40", gun=True),
    Weapon(key="THOMPSON", label="Thompson", gun=True),
    Weapon(key="STEN", label="Sten", gun=True),
    Weapon(key="FG42", label="FG42", gun=True),
    Weapon(key="PANZERFAUST", label="Panzerfaust"),
    Weapon(key="BAZOOKA", label="Bazooka"),
    Weapon(key="FLAMETHROWER", label="Flamethrower"),
    Weapon(key="GRENADE", label="Grenade"),
    Weapon(key="MORTAR", label="Mortar"),
    Weapon(key="MORTAR2", label="Granatwerfer"),
    Weapon(key="DYNAMITE", label="Dynamite"),
    Weapon(key="AIRSTRIKE", label="Airstrike"),
    Weapon(key="ARTILLERY", label="Artillery"),
    Weapon(key="SATCHEL", label="Satchel"),
    Weapon(key="GRENADELAUNCHER", label="Rifle grenade"),
    Weapon(key="LANDMINE", label="Landmine"),
    Weapon(key="MG42", label="MG42"),
    Weapon(key="BROWNING", label="Browning"),
    Weapon(key="CARBINE", label="Garand", gun=True),
    Weapon(key="KAR98", label="K43", gun=True),
    Weapon(key="GARAND", label="Scoped Garand", gun=True),
    Weapon(key="K43", label="Scoped K43", gun=True),
    Weapon(key="MP34", label="MP34", gun=True),
    Weapon(key="SYRINGE", label="Syringe"),
)

GUNS = frozenset(slot for slot, weapon in enumerate(WEAPONS) if weapon.gun)
GUN_KEYS = frozenset(weapon.key for weapon in WEAPONS if weapon.gun)

# The accuracy of the best-known other system leaves these out and keeps knife, panzer, MG and launcher.
_NOT_IN_SLX = {"GRENADE", "SYRINGE", "DYNAMITE", "AIRSTRIKE", "ARTILLERY", "SATCHEL", "LANDMINE"}
SLX = frozenset(slot for slot, weapon in enumerate(WEAPONS) if weapon.key not in _NOT_IN_SLX)

LABELS = {weapon.key: weapon.label for weapon in WEAPONS}

# What a demo calls the means of a death, where a stats file has another word for it or none.
_MEANS = {
    "GRENADE_LAUNCHER": "Grenade", "GRENADE_PINEAPPLE": "Grenade", "GPG40": "Rifle grenade", "M7": "Rifle grenade",
    "SILENCER": "Silenced Luger", "SILENCED_COLT": "Silenced Colt", "AKIMBO_COLT": "Akimbo Colts",
    "AKIMBO_LUGER": "Akimbo Lugers", "AKIMBO_SILENCEDCOLT": "Akimbo silenced Colts",
    "AKIMBO_SILENCEDLUGER": "Akimbo silenced Lugers", "ARTY": "Artillery", "CARBINE": "Garand",
    "GARAND": "Garand", "GARAND_SCOPE": "Scoped Garand", "K43": "K43", "K43_SCOPE": "Scoped K43", "KAR98": "K43",
    "FG42SCOPE": "Scoped FG42", "FG42_SCOPE": "Scoped FG42", "KNIFE_KABAR": "KA-BAR",
    "MOBILE_MG42": "MG42", "MOBILE_MG42_SET": "MG42", "DUMMY_MG42": "MG42", "MACHINEGUN": "MG42",
    "MOBILE_BROWNING": "Browning", "MOBILE_BROWNING_SET": "Browning", "MEDIC_SYRINGE": "Syringe",
    "MORTAR_SET": "Mortar", "MORTAR2": "Granatwerfer", "MORTAR2_SET": "Granatwerfer",
    "SMOKEGRENADE": "Airstrike", "TRIGGER_HURT": "Trap", "SWITCHTEAM": "Team change",
}  # fmt: skip


def means_label(name: str) -> str:
    """As people write it: GPG40 → Rifle grenade. What nobody has put into a table comes as words: HOT_OIL → Hot oil."""
    known = _MEANS.get(name) or LABELS.get(name)
    return known or (name.replace("_", " ").capitalize() if name.isupper() else name)


# In which weapon's tally the game counts a kill or a hit, by what a demo calls the means or the weapon (ET:Legacy's and
# 2.60b's names). What is missing here, a trap or a fall, stands in no line of a stats file.
_COUNTED_AS = {
    "KNIFE": "KNIFE BACKSTAB", "KNIFE_KBAR": "KNIFE_KABAR", "LUGER": "LUGER SILENCER AKIMBO_LUGER AKIMBO_SILENCEDLUGER",
    "COLT": "COLT SILENCED_COLT AKIMBO_COLT AKIMBO_SILENCEDCOLT", "MP40": "MP40", "THOMPSON": "THOMPSON",
    "STEN": "STEN", "FG42": "FG42 FG42SCOPE FG42_SCOPE", "PANZERFAUST": "PANZERFAUST", "BAZOOKA": "BAZOOKA",
    "FLAMETHROWER": "FLAMETHROWER", "GRENADE": "GRENADE GRENADE_LAUNCHER GRENADE_PINEAPPLE",
    "MORTAR": "MORTAR MORTAR_SET", "MORTAR2": "MORTAR2 MORTAR2_SET", "DYNAMITE": "DYNAMITE", "AIRSTRIKE": "AIRSTRIKE",
    "ARTILLERY": "ARTY", "SATCHEL": "SATCHEL SATCHEL_DET", "GRENADELAUNCHER": "GPG40 M7", "LANDMINE": "LANDMINE",
    "MG42": "MG42 MACHINEGUN MOBILE_MG42 MOBILE_MG42_SET DUMMY_MG42",
    "BROWNING": "BROWNING MOBILE_BROWNING MOBILE_BROWNING_SET", "CARBINE": "CARBINE", "KAR98": "KAR98",
    "GARAND": "GARAND GARAND_SCOPE", "K43": "K43 K43_SCOPE", "MP34": "MP34", "SYRINGE": "SYRINGE MEDIC_SYRINGE",
}  # fmt: skip
COUNTED_AS = {name: key for key, names in _COUNTED_AS.items() for name in names.split()}

# with a weapon, to be set against the others; to be one of them, a quarter of what the keenest has is enough, too
ENOUGH_ROUNDS = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUser:
    """Among those who kill most with a weapon."""

    guid: str
    name: str
    rounds: int
    hits: int
    shots: int
    kills: int
    headshots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaponFigures:
    """What everybody together did with a weapon. *deaths*: suffered from it by an enemy's hand, so all of its kills."""

    weapon: str
    users: int
    rounds: int
    hits: int
    shots: int
    kills: int
    deaths: int
    headshots: int
    top: tuple[TopUser, ...]

    @property
    def hits_per_kill(self) -> float | None:
        """Of a grenade: how many it reaches. None without a kill."""
        return self.hits / self.kills if self.kills else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaponComparison:
    """A player's sums with a weapon, and the medians, per cent and kills per round, of the *compared_with* players who
    used it enough, himself included when he did. None: nobody has, or nothing to divide by."""

    weapon: str
    rounds: int
    hits: int
    shots: int
    kills: int
    deaths: int
    headshots: int
    compared_with: int
    median_accuracy: float | None
    median_headshots: float | None
    median_kills_per_round: float | None
