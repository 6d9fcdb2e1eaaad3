"""Values out of a message's bits: the lowest bits of a number come raw, every whole byte above them as a Huffman code.

The loops here and in `deltas` run for every field of every state. They keep what they use in local variables, take a
byte a look-up, and never hold more than 63 bits, so that they can be compiled to machine integers as they stand.
"""

from __future__ import annotations

import struct

from etstats.demo import huffman
from etstats.demo.protocol import NO_ENTITY, SMALL_FLOATS
from etstats.errors import BadDemo

_DECODE = huffman.DECODE
_WINDOW = huffman.WINDOW
_SMALL_FLOATS = SMALL_FLOATS
# for the next 8 bits: how many zeros come before the first one
_ZEROS = [8] + [(byte & -byte).bit_length() - 1 for byte in range(1, 256)]
_DOT = ord(".")
_PERCENT = ord("%")


class BitReader:
    """A position in one message. Past its end there are zeros; `check` tells."""

    __slots__ = ("acc", "at", "have", "size", "words")

    def __init__(self, payload: bytes) -> None:
        self.size = len(payload)
        count = (self.size + 3) >> 2
        self.words: tuple[int, ...] = struct.unpack(f"<{count}I", payload.ljust(count << 2, b"\0"))
        self.at = 0  # the next word to take
        self.acc = 0  # bits taken and not yet used, the next one lowest
        self.have = 0  # how many

    @property
    def position(self) -> int:
        """Bits used so far."""
        return (self.at << 5) - self.have

    def check(self) -> None:
        """Raises BadDemo when more was read than there is."""
        if (self.at << 5) - self.have > self.size << 3:
            raise BadDemo("message_ends_early", "a message ends in the middle of a value")

    def _refill(self) -> None:
        if self.at < len(self.words):
            self.acc |= self.words[self.at] << self.have
        self.at += 1
        self.have += 32

    def bit(self) -> int:
        if self.have < 1:
            self._refill()
        value = self.acc & 1
        self.acc >>= 1
        self.have -= 1
        return value

    def byte(self) -> int:
        if self.have < 11:
            self._refill()
        entry = _DECODE[self.acc & _WINDOW]
        self.acc >>= entry >> 8
        self.have -= entry >> 8
        return entry & 255

    def bits(self, width: int) -> int:
        """An unsigned number of 1 to 32 bits."""
        low = width & 7
        if self.have < 32:
            self._refill()
        value = self.acc & ((1 << low) - 1)
        self.acc >>= low
        self.have -= low
        while low < width:
            value |= self.byte() << low
            low += 8
        return value

    def short(self) -> int:
        value = self.bits(16)
        return value - 0x10000 if value & 0x8000 else value

    def long(self) -> int:
        value = self.bits(32)
        return value - 0x100000000 if value & 0x80000000 else value

    def peek_byte(self) -> int:
        if self.have < 11:
            self._refill()
        return _DECODE[self.acc & _WINDOW] & 255

    def raw(self, count: int) -> bytes:
        return bytes([self.byte() for _ in range(count)])

    def string(self, limit: int) -> bytes:
        """Up to a 0 byte, or *limit* bytes. A percent sign reads as a dot, as in the game."""
        out = bytearray()
        while len(out) < limit:
            byte = self.byte()
            if byte == 0:
                break
            out.append(_DOT if byte == _PERCENT else byte)
        self.check()
        return bytes(out)

    def entity_head(self) -> int:
        """What stands before an entity's fields: number + removed << 10 + changed << 11 + fields << 12."""
        if self.have < 32:
            self._refill()
        acc = self.acc
        entry = _DECODE[(acc >> 2) & _WINDOW]
        head = acc & 3 | (entry & 255) << 2
        used = 2 + (entry >> 8)
        if head != NO_ENTITY:
            flags = acc >> used & 3
            if flags & 1:
                head |= 1 << 10
                used += 1
            elif flags == 0:
                used += 2
            else:
                entry = _DECODE[(acc >> used + 2) & _WINDOW]
                head |= 1 << 11 | (entry & 255) << 12
                used += 2 + (entry >> 8)
        self.acc = acc >> used
        self.have -= used
        return head

    def fields(  # noqa: PLR0912, PLR0915
        self, new: list[int], count: int, widths: list[int], signs: list[int], zero_bit: int
    ) -> None:
        """Changes those of the first *count* cells of *new* that are sent. *zero_bit*: a 1 comes before all but a 0.

        Long, and the same few steps written out again and again: this is where a reader spends its time.
        """
        words, size = self.words, len(self.words)
        at, acc, have = self.at, self.acc, self.have
        place = 0
        while True:
            if have < 32:
                if at < size:
                    acc |= words[at] << have
                at += 1
                have += 32
            run = _ZEROS[acc & 255]  # each 0 is a field that stays
            place += run
            if place >= count:
                run -= place - count
                acc >>= run
                have -= run
                break
            if run == 8:
                acc >>= 8
                have -= 8
                continue
            acc >>= run + 1
            have -= run + 1
            if zero_bit:
                flag = acc & 1
                acc >>= 1
                have -= 1
                if flag == 0:
                    new[place] = 0
                    place += 1
                    continue
            width = widths[place]
            if width == 0:
                if acc & 1 == 0:
                    entry = _DECODE[(acc >> 6) & _WINDOW]
                    new[place] = _SMALL_FLOATS[(acc >> 1) & 31 | (entry & 255) << 5]
                    run = 6 + (entry >> 8)
                    acc >>= run
                    have -= run
                    place += 1
                    continue
                acc >>= 1
                have -= 1
                width = 32
            low = width & 7
            value = acc & ((1 << low) - 1)
            acc >>= low
            have -= low
            while low < width:
                if have < 11:
                    if at < size:
                        acc |= words[at] << have
                    at += 1
                    have += 32
                entry = _DECODE[acc & _WINDOW]
                value |= (entry & 255) << low
                run = entry >> 8
                acc >>= run
                have -= run
                low += 8
            if value & signs[place]:
                value -= signs[place] << 1
            new[place] = value
            place += 1
        self.at, self.acc, self.have = at, acc, have
