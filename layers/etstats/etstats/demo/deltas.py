"""States from what changed against another state: entities, their shared part (TV only) and players."""

from __future__ import annotations

from etstats.demo.bits import BitReader
from etstats.demo.protocol import (
    AMMO,
    CLIP,
    ENTITY,
    HOLDABLE,
    PERSISTANT,
    PLAYER,
    POWERUPS,
    SHARED,
    SHARED_MAGIC,
    STATS,
)
from etstats.errors import BadDemo

State = list[int]  # never changed once made: snapshots share states

REMOVED = 1 << 10
CHANGED = 1 << 11

_ENTITY_FIELDS = len(ENTITY.widths)
_SHARED_FIELDS = len(SHARED.widths)
_PLAYER_FIELDS = len(PLAYER.widths)
_GROUPS = ((STATS, 16), (PERSISTANT, 16), (HOLDABLE, 16), (POWERUPS, 32))


def read_entity(bits: BitReader, head: int, old: State) -> State:
    """The state after *head* (from `BitReader.entity_head`) said that it changed; the same list if it did not."""
    if not head & CHANGED:
        return old
    count = head >> 12
    if count > _ENTITY_FIELDS:
        raise BadDemo("bad_entity", f"an entity has {_ENTITY_FIELDS} fields, not {count}")
    new = old[:]
    bits.fields(new, count, ENTITY.widths, ENTITY.signs, 1)
    return new


def read_shared(bits: BitReader, old: State) -> State:
    """The part of an entity's state that only a TV server sends."""
    if bits.byte() != SHARED_MAGIC:
        raise BadDemo("bad_shared", "an entity's shared part does not start with its mark")
    if bits.bit():
        return SHARED.zero
    if not bits.bit():
        return old
    count = bits.byte()
    if count > _SHARED_FIELDS:
        raise BadDemo("bad_shared", f"an entity's shared part has {_SHARED_FIELDS} fields, not {count}")
    new = old[:]
    bits.fields(new, count, SHARED.widths, SHARED.signs, 1)
    return new


def read_player(bits: BitReader, old: State) -> State:
    """A player's state: fields, then statistics, ammunition and clips."""
    count = bits.byte()
    if count > _PLAYER_FIELDS:
        raise BadDemo("bad_player", f"a player has {_PLAYER_FIELDS} fields, not {count}")
    new = old[:]
    bits.fields(new, count, PLAYER.widths, PLAYER.signs, 0)
    if bits.bit():
        for start, width in _GROUPS:
            if bits.bit():
                _read_array(bits, new, start, width)
    if bits.bit():
        for group in range(4):
            if bits.bit():
                _read_array(bits, new, AMMO + group * 16, 16)
    for group in range(4):
        if bits.bit():
            _read_array(bits, new, CLIP + group * 16, 16)
    return new


def _read_array(bits: BitReader, new: State, start: int, width: int) -> None:
    mask = bits.bits(16)
    place = start
    while mask:
        if mask & 1:
            new[place] = bits.short() if width == 16 else bits.long()
        mask >>= 1
        place += 1
