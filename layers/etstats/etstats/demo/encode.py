# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""The inner loops of writing, the mirror of `decode`: what differs between two tables of states becomes bits.

Compiled ahead of time, or run as it stands; see there.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from etstats.demo import huffman
from etstats.demo import protocol as wire
from etstats.demo.decode import VIEW, States
from etstats.demo.protocol import ENTITY, PLAYER, SHARED
from etstats.errors import BadDemo

if TYPE_CHECKING:
    from etstats.demo import uncompiled as cython

    Memory = array[int]
else:
    try:
        import cython
    except ImportError:
        from etstats.demo import uncompiled as cython
    if cython.compiled:
        from cython.cimports.libc.string import memcmp

_ENTITY = cython.declare(cython.int, len(ENTITY.widths))
_SHARED = cython.declare(cython.int, len(SHARED.widths))
_ROW = cython.declare(cython.int, len(ENTITY.widths) + len(SHARED.widths))
_PLAYER = cython.declare(cython.int, len(PLAYER.widths))
_PLAYER_ROW = cython.declare(cython.int, len(PLAYER.zero))
_WORD = cython.declare(cython.ulonglong, 0xFFFFFFFF)
_NUMBERS = cython.declare(cython.int, wire.NO_ENTITY + 1)
_NO_ENTITY = cython.declare(cython.int, wire.NO_ENTITY)
_BLOCK = cython.declare(cython.int, 32)
_CLIENTS = cython.declare(cython.int, wire.CLIENTS)
_SEATS = cython.declare(cython.int, wire.CLIENTS + 1)
_STATS = cython.declare(cython.int, wire.STATS)
_AMMO = cython.declare(cython.int, wire.AMMO)
_CLIP = cython.declare(cython.int, wire.CLIP)

_MOST_WORDS = wire.MAX_MESSAGE_BYTES >> 2
_FIELDS = (ENTITY, SHARED, PLAYER)
_ENCODE = array("I", huffman.ENCODE)
_WIDTHS = array("B", [width for fields in _FIELDS for width in fields.widths])
_PERCENT, _DOT = b"%", b"."


@cython.cfunc
def _ints(owner: Memory) -> cython.p_int:
    if cython.compiled:
        view: cython.int[::1] = owner
        return cython.address(view[0])
    return owner


@cython.cfunc
def _uints(owner: Memory) -> cython.p_uint:
    if cython.compiled:
        view: cython.uint[::1] = owner
        return cython.address(view[0])
    return owner


@cython.cfunc
def _uchars(owner: Memory) -> cython.p_uchar:
    if cython.compiled:
        view: cython.uchar[::1] = owner
        return cython.address(view[0])
    return owner


@cython.final
@cython.cclass
class Bits:
    """A message in the making. Values wider than they may be lose their upper bits; a message too long is refused."""

    words: cython.p_uint
    codes: cython.p_uint  # value → length of its code × 65536 + the code
    widths: cython.p_uchar
    most: cython.int  # words there is room for
    at: cython.int  # words written
    have: cython.int  # bits not yet in a word
    acc: cython.ulonglong  # these bits, the first one lowest
    _words: Any

    def __init__(self) -> None:
        self._words = array("I", bytes(4 * (_MOST_WORDS + 1)))
        self.words, self.codes, self.widths = _uints(self._words), _uints(_ENCODE), _uchars(_WIDTHS)
        self.most = _MOST_WORDS
        self.at = self.have = 0
        self.acc = 0

    @cython.ccall
    def clear(self) -> cython.int:
        self.at = self.have = 0
        self.acc = 0
        return 0

    def payload(self) -> bytes:
        """The message so far. One whole number of bytes and a last one, which may hold nothing, as the game writes."""
        length = 4 * self.at + (self.have >> 3) + 1
        if length > wire.MAX_MESSAGE_BYTES:
            raise BadDemo("too_large", "a message is larger than a client takes")
        self.words[self.at] = self.acc & _WORD
        return bytes(memoryview(self._words).cast("B")[:length])

    @cython.ccall
    @cython.exceptval(check=False)
    def raw(self, value: cython.ulonglong, width: cython.int) -> cython.void:
        """Up to 31 bits, and no bit of *value* above them."""
        self.acc |= value << self.have
        self.have += width
        if self.have >= 32:
            if self.at < self.most:
                self.words[self.at] = self.acc & _WORD
                self.at += 1
            self.acc >>= 32
            self.have -= 32

    @cython.ccall
    @cython.exceptval(check=False)
    def bit(self, value: cython.bint) -> cython.void:
        self.raw(1 if value else 0, 1)

    @cython.ccall
    @cython.exceptval(check=False)
    def byte(self, value: cython.longlong) -> cython.void:
        entry: cython.uint = self.codes[value & 255]
        self.raw(entry & 0xFFFF, entry >> 16)

    @cython.ccall
    @cython.exceptval(check=False)
    def bits(self, value: cython.longlong, width: cython.int) -> cython.void:
        low: cython.int = width & 7
        if low:
            self.raw(value & ((1 << low) - 1), low)
        while low < width:
            self.byte(value >> low)
            low += 8

    @cython.ccall
    @cython.exceptval(check=False)
    def short(self, value: cython.longlong) -> cython.void:
        self.bits(value, 16)

    @cython.ccall
    @cython.exceptval(check=False)
    def long(self, value: cython.longlong) -> cython.void:
        self.bits(value, 32)

    @cython.ccall
    def string(self, content: bytes) -> cython.int:
        """Without a 0 byte in it; a percent sign goes out as a dot, as in the game."""
        byte: cython.int
        for byte in content.replace(_PERCENT, _DOT):
            self.byte(byte)
        self.byte(0)
        return 0

    @cython.ccall
    @cython.exceptval(check=False)
    def cell(self, cell: cython.longlong, width: cython.int) -> cython.void:
        """A field's value; width 0 is a float, whole numbers of which go out short."""
        if width:
            self.bits(cell, width)
            return
        small: cython.int = small_float(cell)
        if small < 0:
            self.raw(1, 1)
            self.bits(cell, 32)
        else:
            self.raw((small & 31) << 1, 6)
            self.byte(small >> 5)

    @cython.cfunc
    @cython.exceptval(check=False)
    def fields(  # noqa: PLR0917
        self, cells: cython.p_int, old: cython.int, new: cython.int, first: cython.int, count: cython.int,
        zero_bit: cython.bint,
    ) -> cython.void:  # fmt: skip
        """The *count* cells from *new* on, as what differs from those at *old*. *first*: place among the widths.
        *zero_bit*: a 1 comes before all but a 0."""
        place: cython.int
        cell: cython.int
        width: cython.int
        flags: cython.int
        same: cython.int = 0  # fields since the last one written
        for place in range(count):
            cell = cells[new + place]
            if cells[old + place] == cell:
                same += 1
                continue
            while same > 24:
                self.raw(0, 24)
                same -= 24
            width = self.widths[first + place]
            flags = 1
            if zero_bit and not (cell == 0 or (width == 0 and cell & 0x7FFFFFFF == 0)):  # -0.0 is nothing too
                flags = 3
            self.raw(flags << same, same + 1 + zero_bit)
            same = 0
            if flags == 3 or not zero_bit:
                self.cell(cell, width)
        while same > 0:
            self.raw(0, same if same < 24 else 24)
            same -= 24

    @cython.cfunc
    @cython.exceptval(check=False)
    def array(self, cells: cython.p_int, old: cython.int, new: cython.int, width: cython.int) -> cython.void:
        """16 cells: a mask of those that differ, then these."""
        mask: cython.int = 0
        place: cython.int
        for place in range(16):
            if cells[old + place] != cells[new + place]:
                mask |= 1 << place
        self.bit(mask != 0)
        if mask == 0:
            return
        self.bits(mask, 16)
        for place in range(16):
            if mask >> place & 1:
                self.bits(cells[new + place], width)


@cython.cfunc
@cython.exceptval(check=False)
def _equal(cells: cython.p_int, one: cython.int, other: cython.int, count: cython.int) -> cython.bint:
    if cython.compiled:
        return memcmp(cells + one, cells + other, count * 4) == 0
    return cells[one : one + count] == cells[other : other + count]


@cython.ccall
@cython.exceptval(check=False)
def small_float(cell: cython.longlong) -> cython.int:
    """For the bits of a float that is a whole number from -4096 to 4095 that number plus 4096; else -1."""
    if cell == 0:
        return 4096
    exponent: cython.int = (cell >> 23 & 255) - 127
    if exponent < 0 or exponent > 12:
        return -1
    mantissa: cython.int = cell & 0x7FFFFF | 0x800000
    below: cython.int = 23 - exponent
    if mantissa & ((1 << below) - 1):
        return -1
    number: cython.int = mantissa >> below
    if cell < 0:
        return 4096 - number if number <= 4096 else -1
    return 4096 + number if number < 4096 else -1


@cython.final
@cython.cclass
class Encoder:
    """Packs one message after another: `begin`, then its parts, then `end`."""

    bits = cython.declare(Bits, visibility="readonly")
    _tv: cython.bint
    _memory: Any  # of the states the pointers point into
    _cells: cython.p_int
    _rows: cython.p_int
    _baselines: cython.p_int
    _current: cython.p_int
    _views: cython.p_int
    _seats: cython.p_int

    def __init__(self) -> None:
        self.bits = Bits()
        self._tv = False
        self._memory = None

    def begin(self, acknowledge: int) -> None:
        self.bits.clear()
        self.bits.long(acknowledge)

    def end(self) -> bytes:
        """The message. Raises BadDemo when it is larger than a client takes."""
        self.bits.byte(wire.END)
        return self.bits.payload()

    def command(self, sequence: int, content: bytes) -> None:
        self.bits.byte(wire.SERVER_COMMAND)
        self.bits.long(sequence)
        self.bits.string(content)

    def gamestate(
        self, states: States, configstrings: dict[int, bytes], *, tv: bool, command_sequence: int, recorder: int,
        checksum_feed: int, with_current: bool,
    ) -> None:  # fmt: skip
        """Baselines and, *with_current*, what the world was are those of *states*."""
        self._use(states)
        self._tv = tv
        bits: Bits = self.bits
        bits.byte(wire.GAMESTATE)
        bits.long(command_sequence)
        for index, value in sorted(configstrings.items()):
            bits.byte(wire.CONFIGSTRING)
            bits.short(index)
            bits.string(value)
        self._early_states(with_current)
        bits.byte(wire.END)
        bits.long(recorder)
        bits.long(checksum_feed)

    @cython.cfunc
    def _early_states(self, with_current: cython.bint) -> cython.int:
        number: cython.int
        for number in range(_NO_ENTITY):
            if self._baselines[number] >= 0:
                self.bits.byte(wire.BASELINE)
                self._entity(number, 0, self._baselines[number])
        for number in range(_NO_ENTITY):
            if with_current and self._current[number] >= 0:
                self.bits.byte(wire.CURRENT_STATE)
                self._entity(number, self._baseline(number), self._current[number])
        return 0

    def snapshot(
        self, states: States, *, server_time_ms: int, delta: int, flags: int, area_mask: bytes, table: int, source: int,
        seat: int = VIEW, hidden: int = -1, hidden_before: int = -1,
    ) -> None:  # fmt: skip
        """*table* of *states* as what differs from its table *source*, which the reader must have; *delta* must say how
        far back that is (0 and -1: a full one). *seat*: whose player state is the recorder's. Entity *hidden* is left
        out, as *hidden_before* was from the source."""
        self._use(states)
        states.check_table(table)
        states.check_table(max(source, 0))
        if not 0 <= seat < _SEATS:
            raise ValueError(f"there is no seat {seat}")
        bits: Bits = self.bits
        bits.byte(wire.SNAPSHOT)
        bits.long(server_time_ms)
        bits.byte(delta)
        bits.byte(flags)
        bits.byte(len(area_mask))
        for byte in area_mask:
            bits.byte(byte)
        self._player(table, source, seat)
        self._entities(table, source, hidden, hidden_before)
        bits.bits(_NO_ENTITY, 10)
        if self._tv:
            self._players(table, source)

    @cython.cfunc
    def _use(self, states: Any) -> cython.int:
        memory = states.memory()
        if memory is not self._memory:
            self._memory = memory
            cells, rows, baselines, current, views, seats = memory
            self._cells, self._rows, self._baselines = _ints(cells), _ints(rows), _ints(baselines)
            self._current, self._views, self._seats = _ints(current), _ints(views), _ints(seats)
        return 0

    @cython.cfunc
    def _players(self, table: cython.int, source: cython.int) -> cython.int:
        client: cython.int
        self.bits.byte(wire.PLAYER_STATES)
        for client in range(_CLIENTS):
            if self._seats[table * _SEATS + client] >= 0:
                self.bits.byte(client)
                self._player(table, source, client)
        self.bits.byte(wire.NO_CLIENT)
        return 0

    @cython.cfunc
    def _entities(
        self, table: cython.int, source: cython.int, hidden: cython.int, hidden_before: cython.int
    ) -> cython.int:
        """Block by block: most have the same rows as before."""
        now: cython.int = table * _NUMBERS
        was: cython.int = source * _NUMBERS
        block: cython.int
        for block in range(0, _NUMBERS, _BLOCK):
            if was < 0 or hidden != hidden_before or not _equal(self._rows, was + block, now + block, _BLOCK):
                self._block(block, now, was, hidden, hidden_before)
        return 0

    @cython.cfunc
    def _block(
        self, first: cython.int, now: cython.int, was: cython.int, hidden: cython.int, hidden_before: cython.int
    ) -> cython.int:
        number: cython.int
        old: cython.int
        new: cython.int
        for number in range(first, first + _BLOCK):
            new = self._rows[now + number] if number != hidden else -1
            old = self._rows[was + number] if was >= 0 and number != hidden_before else -1
            if new == old or (old >= 0 and new >= 0 and self._same(old, new)):
                continue
            self._entity(number, old if old >= 0 else self._baseline(number), new)
        return 0

    @cython.cfunc
    @cython.exceptval(check=False)
    def _baseline(self, number: cython.int) -> cython.int:
        return self._baselines[number] if self._baselines[number] > 0 else 0

    @cython.cfunc
    @cython.exceptval(check=False)
    def _same(self, old: cython.int, new: cython.int) -> cython.bint:
        return _equal(self._cells, old * _ROW, new * _ROW, _ROW if self._tv else _ENTITY)

    @cython.cfunc
    @cython.exceptval(check=False)
    def _changed(self, cells: cython.p_int, old: cython.int, new: cython.int, count: cython.int) -> cython.int:
        """The place behind the last of *count* cells that differs."""
        if _equal(cells, old, new, count):
            return 0
        while count > 0 and cells[old + count - 1] == cells[new + count - 1]:
            count -= 1
        return count

    @cython.cfunc
    @cython.exceptval(check=False)
    def _entity(self, number: cython.int, old: cython.int, new: cython.int) -> cython.void:
        """*new* -1: the entity is gone."""
        self.bits.bits(number, 10)
        self._part(old, new, 0, _ENTITY)
        if self._tv:
            self.bits.byte(wire.SHARED_MAGIC)
            self._part(old, new, _ENTITY, _SHARED)

    @cython.cfunc
    @cython.exceptval(check=False)
    def _part(self, old: cython.int, new: cython.int, first: cython.int, fields: cython.int) -> cython.void:
        """Whether it is gone, whether it changed, and how many fields up to the last that did; then these."""
        bits: Bits = self.bits
        bits.bit(new < 0)
        if new < 0:
            return
        was: cython.int = old * _ROW + first
        now: cython.int = new * _ROW + first
        count: cython.int = self._changed(self._cells, was, now, fields)
        bits.bit(count > 0)
        if count:
            bits.byte(count)
            bits.fields(self._cells, was, now, first, count, True)

    @cython.cfunc
    @cython.exceptval(check=False)
    def _player(self, table: cython.int, source: cython.int, seat: cython.int) -> cython.void:
        bits: Bits = self.bits
        views: cython.p_int = self._views
        row: cython.int = self._seats[source * _SEATS + seat] if source >= 0 else 0
        old: cython.int = (row if row > 0 else 0) * _PLAYER_ROW
        row = self._seats[table * _SEATS + seat]
        new: cython.int = (row if row > 0 else 0) * _PLAYER_ROW
        count: cython.int = self._changed(views, old, new, _PLAYER)
        group: cython.int
        bits.byte(count)
        bits.fields(views, old, new, _ROW, count, False)
        some: cython.bint = self._changed(views, old + _STATS, new + _STATS, _AMMO - _STATS) > 0
        bits.bit(some)
        if some:
            for group in range(4):
                bits.array(views, old + _STATS + group * 16, new + _STATS + group * 16, 32 if group == 3 else 16)
        some = self._changed(views, old + _AMMO, new + _AMMO, _CLIP - _AMMO) > 0
        bits.bit(some)
        if some:
            for group in range(4):
                bits.array(views, old + _AMMO + group * 16, new + _AMMO + group * 16, 16)
        if self._changed(views, old + _CLIP, new + _CLIP, _PLAYER_ROW - _CLIP) == 0:
            bits.raw(0, 4)
            return
        for group in range(4):
            bits.array(views, old + _CLIP + group * 16, new + _CLIP + group * 16, 16)
