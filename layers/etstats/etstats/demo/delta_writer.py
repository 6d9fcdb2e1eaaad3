"""The mirror of `deltas`: what differs between two states becomes bits."""

from __future__ import annotations

from etstats.demo.bit_writer import BitWriter
from etstats.demo.deltas import State
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

_GROUPS = ((STATS, 16), (PERSISTANT, 16), (HOLDABLE, 16), (POWERUPS, 32))


def write_entity(bits: BitWriter, number: int, old: State, new: State | None) -> None:
    """*new* None: the entity is gone."""
    count = 0 if new is None else _count(old, new, len(ENTITY.widths))
    bits.entity_head(number, removed=new is None, fields=count)
    if new is not None and count:
        bits.fields(old, new, count, ENTITY.widths, zero_bit=True)


def write_shared(bits: BitWriter, old: State, new: State | None) -> None:
    """*new* None: the entity is gone."""
    bits.byte(SHARED_MAGIC)
    bits.bit(new is None)
    if new is None:
        return
    count = _count(old, new, len(SHARED.widths))
    bits.bit(count > 0)
    if count:
        bits.byte(count)
        bits.fields(old, new, count, SHARED.widths, zero_bit=True)


def write_player(bits: BitWriter, old: State, new: State) -> None:
    count = _count(old, new, len(PLAYER.widths))
    bits.byte(count)
    bits.fields(old, new, count, PLAYER.widths, zero_bit=False)
    if old[STATS:AMMO] == new[STATS:AMMO]:
        bits.bit(0)
    else:
        bits.bit(1)
        for start, width in _GROUPS:
            _write_array(bits, old, new, start, width)
    if old[AMMO:CLIP] == new[AMMO:CLIP]:
        bits.bit(0)
    else:
        bits.bit(1)
        for start in range(AMMO, CLIP, 16):
            _write_array(bits, old, new, start, 16)
    if old[CLIP:] == new[CLIP:]:
        bits.raw(0, 4)
    else:
        for start in range(CLIP, CLIP + 64, 16):
            _write_array(bits, old, new, start, 16)


def _count(old: State, new: State, fields: int) -> int:
    """The place behind the last field that differs."""
    while fields and old[fields - 1] == new[fields - 1]:
        fields -= 1
    return fields


def _write_array(bits: BitWriter, old: State, new: State, start: int, width: int) -> None:
    mask = 0
    for place in range(16):
        if old[start + place] != new[start + place]:
            mask |= 1 << place
    bits.bit(1 if mask else 0)
    if not mask:
        return
    bits.bits(mask, 16)
    for place in range(16):
        if mask >> place & 1:
            bits.bits(new[start + place], width)
