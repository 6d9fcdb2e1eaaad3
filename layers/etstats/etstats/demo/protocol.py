"""What is on the wire, as data: field tables, array sizes, limits. Protocol 84 is a player's recording, 284 a TV's.

Every cell of a state is a signed 32-bit integer. Cells of width 0 are floats, kept as the integer with the same bits.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from math import isfinite

PLAYER_PROTOCOL = 84
TV_PROTOCOL = 284

MAX_MESSAGE_BYTES = 32768
MAX_STRING = 1023
MAX_BIG_STRING = 8191
MAX_AREA_MASK = 32
CONFIGSTRINGS = 1024
CLIENTS = 64
NO_ENTITY = 1023  # ends a list of entities
WORLD = 1022
KEPT_SNAPSHOTS = 32  # how far back a delta may reach
SHARED_MAGIC = 0x77
NO_CLIENT = 255  # ends a list of player states

# commands of a message
NOP = 1
GAMESTATE = 2
CONFIGSTRING = 3
BASELINE = 4
SERVER_COMMAND = 5
SNAPSHOT = 7
END = 8
PLAYER_STATES = 9
CURRENT_STATE = 10


class Fields:
    """A state's fields in the order of the wire. Width 0 is a float, a negative width a signed number."""

    __slots__ = ("at", "names", "signs", "widths", "zero")

    def __init__(self, table: str, *, arrays: int = 0) -> None:
        pairs = [field.rsplit(":", 1) for field in table.split()]
        self.names = tuple(name for name, _ in pairs)
        self.at = {name: place for place, name in enumerate(self.names)}
        self.widths = [abs(int(width)) for _, width in pairs]
        self.signs = [_sign(int(width)) for _, width in pairs]
        self.zero = [0] * (len(pairs) + arrays)


def _sign(width: int) -> int:
    """The bit that makes a value of this width negative; 0 when none does."""
    if width in (0, 32):
        return 1 << 31
    return 1 << (-width - 1) if width < 0 else 0


ENTITY = Fields("""
    eType:8 eFlags:24 pos.trType:8 pos.trTime:32 pos.trDuration:32 pos.trBase[0]:0 pos.trBase[1]:0
    pos.trBase[2]:0 pos.trDelta[0]:0 pos.trDelta[1]:0 pos.trDelta[2]:0 apos.trType:8 apos.trTime:32
    apos.trDuration:32 apos.trBase[0]:0 apos.trBase[1]:0 apos.trBase[2]:0 apos.trDelta[0]:0 apos.trDelta[1]:0
    apos.trDelta[2]:0 time:32 time2:32 origin[0]:0 origin[1]:0 origin[2]:0 origin2[0]:0 origin2[1]:0
    origin2[2]:0 angles[0]:0 angles[1]:0 angles[2]:0 angles2[0]:0 angles2[1]:0 angles2[2]:0 otherEntityNum:10
    otherEntityNum2:10 groundEntityNum:10 loopSound:8 constantLight:32 dl_intensity:32 modelindex:9
    modelindex2:9 frame:16 clientNum:8 solid:24 event:10 eventParm:8 eventSequence:8 events[0]:8 events[1]:8
    events[2]:8 events[3]:8 eventParms[0]:8 eventParms[1]:8 eventParms[2]:8 eventParms[3]:8 powerups:16 weapon:8
    legsAnim:10 torsoAnim:10 density:10 dmgFlags:32 onFireStart:32 onFireEnd:32 nextWeapon:8 teamNum:8
    effect1Time:32 effect2Time:32 effect3Time:32 animMovetype:4 aiState:2
""")  # fmt: skip

SHARED = Fields("""
    currentOrigin[0]:0 currentOrigin[1]:0 currentOrigin[2]:0 currentAngles[0]:0 currentAngles[1]:0
    currentAngles[2]:0 svFlags:32 mins[0]:0 mins[1]:0 mins[2]:0 maxs[0]:0 maxs[1]:0 maxs[2]:0 singleClient:8
""")  # fmt: skip

# behind a player's fields: four arrays of 16, then 64 of ammo and 64 of clips
STATS = 77
PERSISTANT = STATS + 16
HOLDABLE = PERSISTANT + 16
POWERUPS = HOLDABLE + 16
AMMO = POWERUPS + 16
CLIP = AMMO + 64

PLAYER = Fields("""
    commandTime:32 pm_type:8 bobCycle:8 pm_flags:16 pm_time:-16 origin[0]:0 origin[1]:0 origin[2]:0
    velocity[0]:0 velocity[1]:0 velocity[2]:0 weaponTime:-16 weaponDelay:-16 grenadeTimeLeft:-16 gravity:16
    leanf:0 speed:16 delta_angles[0]:16 delta_angles[1]:16 delta_angles[2]:16 groundEntityNum:10 legsTimer:16
    torsoTimer:16 legsAnim:10 torsoAnim:10 movementDir:8 eFlags:24 eventSequence:8 events[0]:8 events[1]:8
    events[2]:8 events[3]:8 eventParms[0]:8 eventParms[1]:8 eventParms[2]:8 eventParms[3]:8 clientNum:8
    weapons[0]:32 weapons[1]:32 weapon:7 weaponstate:4 weapAnim:10 viewangles[0]:0 viewangles[1]:0
    viewangles[2]:0 viewheight:-8 damageEvent:8 damageYaw:8 damagePitch:8 damageCount:8 mins[0]:0 mins[1]:0
    mins[2]:0 maxs[0]:0 maxs[1]:0 maxs[2]:0 crouchMaxZ:0 crouchViewHeight:0 standViewHeight:0 deadViewHeight:0
    runSpeedScale:0 sprintSpeedScale:0 crouchSpeedScale:0 friction:0 viewlocked:8 viewlocked_entNum:16
    nextWeapon:8 teamNum:8 onFireStart:32 curWeapHeat:8 aimSpreadScale:8 serverCursorHint:8
    serverCursorHintVal:8 classWeaponTime:32 identifyClient:8 identifyClientHealth:8 aiState:2
""", arrays=4 * 16 + 64 + 64)  # fmt: skip

# a float that is a whole number from -4096 to 4095 goes out as that number plus 4096; here, the bits of each
SMALL_FLOATS: list[int] = [struct.unpack("<i", struct.pack("<f", number - 4096))[0] for number in range(8192)]


_THREE_CELLS, _THREE_FLOATS = struct.Struct("<3i"), struct.Struct("<3f")

Place = tuple[float, float, float]


def as_float(cell: int) -> float:
    """The number a cell of width 0 means; 0 where it is none, which only damage can bring about."""
    number = float(struct.unpack("<f", struct.pack("<i", cell))[0])
    return number if isfinite(number) else 0.0


def as_floats(cells: Sequence[int]) -> Place:
    """The same for three."""
    x, y, z = _THREE_FLOATS.unpack(_THREE_CELLS.pack(*cells))
    return x if isfinite(x) else 0.0, y if isfinite(y) else 0.0, z if isfinite(z) else 0.0
