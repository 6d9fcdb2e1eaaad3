"""The mirror of `bits`: values become the bits of a message."""

from __future__ import annotations

import struct

from etstats.demo import huffman
from etstats.demo.protocol import NO_ENTITY, SMALL_FLOATS

_ENCODE = huffman.ENCODE
_AS_SMALL = {cell: number for number, cell in enumerate(SMALL_FLOATS)}


class BitWriter:
    """A message in the making. Values wider than they may be lose their upper bits."""

    __slots__ = ("acc", "have", "words")

    def __init__(self) -> None:
        self.words: list[int] = []  # of 32 bits
        self.acc = 0  # bits not yet in *words*, the first one lowest
        self.have = 0

    def payload(self) -> bytes:
        """The message so far. One whole number of bytes and a last one, which may hold nothing, as the game writes."""
        rest = self.acc.to_bytes(4, "little")[: (self.have >> 3) + 1]
        return struct.pack(f"<{len(self.words)}I", *self.words) + rest

    def raw(self, value: int, width: int) -> None:
        """Up to 31 bits, and no bit of *value* above them."""
        self.acc |= value << self.have
        self.have += width
        if self.have >= 32:
            self.words.append(self.acc & 0xFFFFFFFF)
            self.acc >>= 32
            self.have -= 32

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

    def cell(self, cell: int, width: int) -> None:
        """A field's value; width 0 is a float, whole numbers of which go out short."""
        if width:
            self.bits(cell, width)
            return
        small = _AS_SMALL.get(cell)
        if small is None:
            self.raw(1, 1)
            self.bits(cell, 32)
        else:
            entry = _ENCODE[small >> 5]
            self.raw((small & 31) << 1 | (entry & 0xFFFF) << 6, 6 + (entry >> 16))

    def fields(self, old: list[int], new: list[int], count: int, widths: list[int], *, zero_bit: bool) -> None:
        """The first *count* cells of *new*, as what differs from *old*. *zero_bit*: a 1 comes before all but a 0."""
        same = 0  # fields since the last one written
        for place in range(count):
            cell = new[place]
            if old[place] == cell:
                same += 1
                continue
            while same > 24:
                self.raw(0, 24)
                same -= 24
            width = widths[place]
            if not zero_bit:
                self.raw(1 << same, same + 1)
            elif cell == 0 or (width == 0 and cell & 0x7FFFFFFF == 0):  # -0.0 is nothing too
                self.raw(1 << same, same + 2)
                same = 0
                continue
            else:
                self.raw(3 << same, same + 2)
            same = 0
            self.cell(cell, width)
        while same > 0:
            self.raw(0, min(same, 24))
            same -= 24
