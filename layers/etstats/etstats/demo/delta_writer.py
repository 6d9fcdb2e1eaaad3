"""The mirror of `deltas`: what differs between two states becomes bits."""

from __future__ import annotations

from collections.abc import Sequence

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
    groups = [(start, width, _mask(old, new, start)) for start, width in _GROUPS]
    bits.bit(any(mask for _, _, mask in groups))
    if any(mask for _, _, mask in groups):
        for start, width, mask in groups:
            _write_array(bits, new, start, width, mask)
    ammo = [(start, _mask(old, new, start)) for start in range(AMMO, CLIP, 16)]
    bits.bit(any(mask for _, mask in ammo))
    if any(mask for _, mask in ammo):
        for start, mask in ammo:
            _write_array(bits, new, start, 16, mask)
    for start in range(CLIP, CLIP + 64, 16):
        _write_array(bits, new, start, 16, _mask(old, new, start))


def _count(old: Sequence[int], new: Sequence[int], fields: int) -> int:
    """The place behind the last field that differs."""
    while fields and old[fields - 1] == new[fields - 1]:
        fields -= 1
    return fields


def _mask(old: State, new: State, start: int) -> int:
    return sum(1 << place for place in range(16) if old[start + place] != new[start + place])


def _write_array(bits: BitWriter, new: State, start: int, width: int, mask: int) -> None:
    bits.bit(mask != 0)
    if not mask:
        return
    bits.bits(mask, 16)
    for place in range(16):
        if mask >> place & 1:
            bits.bits(new[start + place], width)
