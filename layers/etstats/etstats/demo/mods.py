"""What numbers mean in each mod and version, as data: events, weapons, means. An unknown mod is a marked guess."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from etstats.demo.configstring import SERVERINFO, SYSTEMINFO, read_pairs


def _numbered(table: str) -> dict[int, str]:
    return {int(number): name for number, name in (entry.split(":") for entry in table.split())}


_WEAPONS_LEGACY = _numbered("""
    0:NONE 1:KNIFE 2:LUGER 3:MP40 4:GRENADE_LAUNCHER 5:PANZERFAUST 6:FLAMETHROWER 7:COLT 8:THOMPSON
    9:GRENADE_PINEAPPLE 10:STEN 11:MEDIC_SYRINGE 12:AMMO 13:ARTY 14:SILENCER 15:DYNAMITE 16:SMOKETRAIL
    17:MAPMORTAR 18:VERYBIGEXPLOSION 19:MEDKIT 20:BINOCULARS 21:PLIERS 22:SMOKE_MARKER 23:KAR98 24:CARBINE
    25:GARAND 26:LANDMINE 27:SATCHEL 28:SATCHEL_DET 29:SMOKE_BOMB 30:MOBILE_MG42 31:K43 32:FG42 33:DUMMY_MG42
    34:MORTAR 35:AKIMBO_COLT 36:AKIMBO_LUGER 37:GPG40 38:M7 39:SILENCED_COLT 40:GARAND_SCOPE 41:K43_SCOPE
    42:FG42_SCOPE 43:MORTAR_SET 44:MEDIC_ADRENALINE 45:AKIMBO_SILENCEDCOLT 46:AKIMBO_SILENCEDLUGER
    47:MOBILE_MG42_SET 48:KNIFE_KABAR 49:MOBILE_BROWNING 50:MOBILE_BROWNING_SET 51:MORTAR2 52:MORTAR2_SET
    53:BAZOOKA 54:MP34 55:AIRSTRIKE
""")
_WEAPONS_VANILLA = _numbered("""
    0:NONE 1:KNIFE 2:LUGER 3:MP40 4:GRENADE_LAUNCHER 5:PANZERFAUST 6:FLAMETHROWER 7:COLT 8:THOMPSON
    9:GRENADE_PINEAPPLE 10:STEN 11:MEDIC_SYRINGE 12:AMMO 13:ARTY 14:SILENCER 15:DYNAMITE 16:SMOKETRAIL
    17:MAPMORTAR 18:VERYBIGEXPLOSION 19:MEDKIT 20:BINOCULARS 21:PLIERS 22:SMOKE_MARKER 23:KAR98 24:CARBINE
    25:GARAND 26:LANDMINE 27:SATCHEL 28:SATCHEL_DET 29:TRIPMINE 30:SMOKE_BOMB 31:MOBILE_MG42 32:K43 33:FG42
    34:DUMMY_MG42 35:MORTAR 36:LOCKPICK 37:AKIMBO_COLT 38:AKIMBO_LUGER 39:GPG40 40:M7 41:SILENCED_COLT
    42:GARAND_SCOPE 43:K43_SCOPE 44:FG42SCOPE 45:MORTAR_SET 46:MEDIC_ADRENALINE 47:AKIMBO_SILENCEDCOLT
    48:AKIMBO_SILENCEDLUGER 49:MOBILE_MG42_SET
""")
_MEANS_LEGACY = _numbered("""
    0:UNKNOWN 1:MACHINEGUN 2:BROWNING 3:MG42 4:GRENADE 5:KNIFE 6:LUGER 7:COLT 8:MP40 9:THOMPSON 10:STEN
    11:GARAND 12:SILENCER 13:FG42 14:FG42SCOPE 15:PANZERFAUST 16:GRENADE_LAUNCHER 17:FLAMETHROWER
    18:GRENADE_PINEAPPLE 19:MAPMORTAR 20:MAPMORTAR_SPLASH 21:KICKED 22:DYNAMITE 23:AIRSTRIKE 24:SYRINGE 25:AMMO
    26:ARTY 27:WATER 28:SLIME 29:LAVA 30:CRUSH 31:TELEFRAG 32:FALLING 33:SUICIDE 34:TARGET_LASER 35:TRIGGER_HURT
    36:EXPLOSIVE 37:CARBINE 38:KAR98 39:GPG40 40:M7 41:LANDMINE 42:SATCHEL 43:SMOKEBOMB 44:MOBILE_MG42
    45:SILENCED_COLT 46:GARAND_SCOPE 47:CRUSH_CONSTRUCTION 48:CRUSH_CONSTRUCTIONDEATH
    49:CRUSH_CONSTRUCTIONDEATH_NOATTACKER 50:K43 51:K43_SCOPE 52:MORTAR 53:AKIMBO_COLT 54:AKIMBO_LUGER
    55:AKIMBO_SILENCEDCOLT 56:AKIMBO_SILENCEDLUGER 57:SMOKEGRENADE 58:SWAP_PLACES 59:SWITCHTEAM 60:SHOVE
    61:KNIFE_KABAR 62:MOBILE_BROWNING 63:MORTAR2 64:BAZOOKA 65:BACKSTAB 66:MP34
""")
_MEANS_VANILLA = _numbered("""
    0:UNKNOWN 1:MACHINEGUN 2:BROWNING 3:MG42 4:GRENADE 5:ROCKET 6:KNIFE 7:LUGER 8:COLT 9:MP40 10:THOMPSON
    11:STEN 12:GARAND 13:SNOOPERSCOPE 14:SILENCER 15:FG42 16:FG42SCOPE 17:PANZERFAUST 18:GRENADE_LAUNCHER
    19:FLAMETHROWER 20:GRENADE_PINEAPPLE 21:CROSS 22:MAPMORTAR 23:MAPMORTAR_SPLASH 24:KICKED 25:GRABBER
    26:DYNAMITE 27:AIRSTRIKE 28:SYRINGE 29:AMMO 30:ARTY 31:WATER 32:SLIME 33:LAVA 34:CRUSH 35:TELEFRAG
    36:FALLING 37:SUICIDE 38:TARGET_LASER 39:TRIGGER_HURT 40:EXPLOSIVE 41:CARBINE 42:KAR98 43:GPG40 44:M7
    45:LANDMINE 46:SATCHEL 47:TRIPMINE 48:SMOKEBOMB 49:MOBILE_MG42 50:SILENCED_COLT 51:GARAND_SCOPE
    52:CRUSH_CONSTRUCTION 53:CRUSH_CONSTRUCTIONDEATH 54:CRUSH_CONSTRUCTIONDEATH_NOATTACKER 55:K43 56:K43_SCOPE
    57:MORTAR 58:AKIMBO_COLT 59:AKIMBO_LUGER 60:AKIMBO_SILENCEDCOLT 61:AKIMBO_SILENCEDLUGER 62:SMOKEGRENADE
    63:SWAP_PLACES 64:SWITCHTEAM
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mod:
    """How one mod numbers its events; 0: it has no such event. *guessed*: nobody has checked these numbers for it.

    An entity that carries an event has the type *event_base* + the event's number. *obituary_fields* name victim,
    killer and means of death; *hit_target* names the field of a bullet's target. *hit_regions*: bullets tell where
    they hit. *kill_weapons*, *kill_headshots*: obituaries tell the weapon, and whether the head was hit. *flags*: the
    powerups of who carries an objective.
    """

    label: str
    guessed: bool = False
    event_base: int
    obituary: int
    obituary_fields: tuple[str, str, str] = ("otherEntityNum", "otherEntityNum2", "eventParm")
    kill_weapons: bool = False
    kill_headshots: bool = False
    hit: int
    hit_target: str = "eventParm"
    hit_regions: bool = False
    wall: int
    player_hit: int = 0
    revive: int = 0
    popup: int
    gib: int
    flags: tuple[int, int] = (5, 6)
    weapons: dict[int, str]
    means: dict[int, str]


VANILLA = Mod(
    label="2.60b",
    event_base=61,
    obituary=70,
    hit=57,
    wall=58,
    popup=126,
    gib=75,
    flags=(6, 7),
    weapons=_WEAPONS_VANILLA,
    means=_MEANS_VANILLA,
)
# another program's reading of these fields, which no recording has confirmed
ETPRO = replace(VANILLA, label="ETPro", guessed=True, obituary_fields=("time", "time2", "eFlags"))
_LEGACY = Mod(
    label="ET:Legacy",
    event_base=61,
    obituary=68,
    hit=56,
    wall=57,
    popup=124,
    gib=73,
    weapons=_WEAPONS_LEGACY,
    means=_MEANS_LEGACY,
)

_Version = tuple[int, int, int, int]  # 2.82.1-80 → (2, 82, 1, 80)
# ET:Legacy: since which version what is different
_LEGACY_SINCE: tuple[tuple[_Version, dict[str, Any]], ...] = (
    ((2, 74, 0, 0), {"kill_weapons": True}),
    ((2, 77, 0, 0), {"event_base": 62, "player_hit": 132}),
    ((2, 80, 0, 0), {"hit_regions": True}),
    ((2, 82, 0, 0), {"hit": 61, "wall": 0}),
    ((2, 82, 1, 71), {"hit_target": "otherEntityNum2"}),
    ((2, 83, 0, 0), {"revive": 133}),
    ((2, 84, 0, 0), {"kill_headshots": True}),
)
_NEWEST: _Version = (9999, 0, 0, 0)
_NUMBERS = re.compile(r"(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:-(\d{1,6})-g)?", re.ASCII)
_PAK = re.compile(r"legacy_v?(\d[^\s/]*)", re.ASCII)


def choose_by(configstrings: dict[int, bytes]) -> Mod:
    """The mod of the server that sent these."""
    return choose(*(read_pairs(configstrings.get(index, b"")) for index in (SERVERINFO, SYSTEMINFO)))


def choose(serverinfo: dict[str, str], systeminfo: dict[str, str]) -> Mod:
    """The mod a server runs, by what its gamestate says; of its engine's version nothing is believed."""
    name = (serverinfo.get("gamename") or systeminfo.get("fs_game") or "").lower()
    if name == "legacy":
        return _legacy(_version(serverinfo, systeminfo))
    if name == "etpro":
        return ETPRO
    return VANILLA if name == "etmain" else replace(VANILLA, label=name or "unknown", guessed=True)


def _legacy(version: _Version | None) -> Mod:
    different: dict[str, Any] = {"guessed": version is None}
    for since, changes in _LEGACY_SINCE:
        if (version or _NEWEST) >= since:
            different.update(changes)
    return replace(_LEGACY, **different)


def _version(serverinfo: dict[str, str], systeminfo: dict[str, str]) -> _Version | None:
    found = _NUMBERS.search(serverinfo.get("mod_version", ""))
    if found is None:
        pak = _PAK.search(systeminfo.get("sv_referencedpaknames", ""))
        found = _NUMBERS.match(pak[1]) if pak else None
    if found is None:
        return None
    major, minor, patch, build = (int(number or 0) for number in found.groups())
    return major, minor, patch, build
