"""The mirror of `bits`: values become the bits of a message."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.demo import huffman
from etstats.demo.protocol import NO_ENTITY, SMALL_FLOATS

_ENCODE = huffman.ENCODE
_AS_SMALL = {cell: number for number, cell in enumerate(SMALL_FLOATS)}


class BitWriter:
    """A message in the making. Values wider than they may be lose their upper bits."""

    __slots__ = ("acc", "have", "out")

    def __init__(self) -> None:
        self.out = bytearray()
        self.acc = 0  # bits not yet in *out*, the first one lowest
        self.have = 0

    def payload(self) -> bytes:
        """The message so far. One whole number of bytes and a last one, which may hold nothing, as the game writes."""
        return bytes(self.out) + bytes([self.acc & 255])

    def raw(self, value: int, width: int) -> None:
        self.acc |= value << self.have
        self.have += width
        while self.have >= 8:
            self.out.append(self.acc & 255)
            self.acc >>= 8
            self.have -= 8

    def bit(self, value: int) -> None:
        self.raw(value, 1)

    def byte(self, value: int) -> None:
        entry = _ENCODE[value & 255]
        self.raw(entry & 0xFFFF, entry >> 16)

    def bits(self, value: int, width: int) -> None:
        low = width & 7
        if low:
            self.raw(value & ((1 << low) - 1), low)
        while low < width:
            self.byte(value >> low)
            low += 8

    def short(self, value: int) -> None:
        self.bits(value, 16)

    def long(self, value: int) -> None:
        self.bits(value, 32)

    def string(self, content: bytes) -> None:
        """Without a 0 byte in it; a percent sign goes out as a dot, as in the game."""
        for byte in content.replace(b"%", b"."):
            self.byte(byte)
        self.byte(0)

    def entity_head(self, number: int, *, removed: bool = False, fields: int = 0) -> None:
        """Before an entity's fields. No *fields*: it is as before."""
        self.bits(number, 10)
        if number == NO_ENTITY:
            return
        self.bit(removed)
        if not removed:
            self.bit(fields > 0)
            if fields:
                self.byte(fields)

    def field(self, cell: int, width: int, *, zero_bit: bool) -> None:
        """A changed cell's value. *zero_bit*: a 1 comes before all but a 0."""
        if zero_bit:
            nothing = cell & 0x7FFFFFFF == 0 if width == 0 else cell == 0  # -0.0 is nothing too
            self.bit(not nothing)
            if nothing:
                return
        if width:
            self.bits(cell, width)
            return
        small = _AS_SMALL.get(cell)
        if small is None:
            self.bit(1)
            self.bits(cell, 32)
        else:
            self.bit(0)
            self.bits(small, 13)

    def fields(self, old: Sequence[int], new: Sequence[int], count: int, widths: list[int], *, zero_bit: bool) -> None:
        """The first *count* cells of *new*, as what differs from *old*."""
        for place in range(count):
            if old[place] == new[place]:
                self.bit(0)
            else:
                self.bit(1)
                self.field(new[place], widths[place], zero_bit=zero_bit)
