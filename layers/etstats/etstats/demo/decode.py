# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""The inner loops of reading: a message's bits become states, and states that differ become sightings.

Cython compiles this file ahead of time as it stands; without that it runs as plain Python, to the same results
(docs/decisions/0021). Hence its manner: states lie as 32-bit cells in flat arrays, one row each, and whatever goes
round in a loop is a number with a C type. No index comes out of a file unchecked: places are below their table's size,
entities below 1023, clients below 64, and past a message's end there are zeros.

A row is never changed once its state is read, so snapshots share rows: a snapshot is a table that says which row each
entity and each player has. Rows that no kept table names are used again.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from etstats.demo import huffman
from etstats.demo import protocol as wire
from etstats.demo.frames import Frames
from etstats.demo.protocol import ENTITY, PLAYER, SHARED, SMALL_FLOATS
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
        from cython.cimports.libc.string import memcpy

COMPILED = bool(cython.compiled)
"""Whether these loops are machine code."""

# what a sighting can be
EVENT, RING, ROSE, REVIVED = range(4)
# in what an event can be wanted
AS_ENTITY, IN_RING = 1, 2
VIEW = wire.CLIENTS
"""The seat behind the clients': the recorder's own view."""

_ENTITY = cython.declare(cython.int, len(ENTITY.widths))
_SHARED = cython.declare(cython.int, len(SHARED.widths))
_ROW = cython.declare(cython.int, len(ENTITY.widths) + len(SHARED.widths))
_PLAYER = cython.declare(cython.int, len(PLAYER.widths))
_PLAYER_AT = cython.declare(cython.int, len(ENTITY.widths) + len(SHARED.widths))  # among the widths
_PLAYER_ROW = cython.declare(cython.int, len(PLAYER.zero))
_NUMBERS = cython.declare(cython.int, wire.NO_ENTITY + 1)
_CLIENTS = cython.declare(cython.int, wire.CLIENTS)
_SEATS = cython.declare(cython.int, wire.CLIENTS + 1)
_KEPT = cython.declare(cython.int, wire.KEPT_SNAPSHOTS)
_TABLES = cython.declare(
    cython.int, wire.KEPT_SNAPSHOTS + 3
)  # kept ones, the one looked at last, a pinned and a new one
_NO_ENTITY = cython.declare(cython.int, wire.NO_ENTITY)
_STATS = cython.declare(cython.int, wire.STATS)
_POWERUPS = cython.declare(cython.int, wire.POWERUPS)
_AMMO = cython.declare(cython.int, wire.AMMO)
_CLIP = cython.declare(cython.int, wire.CLIP)

_TV = cython.declare(cython.int, wire.TV_PROTOCOL)
_END = cython.declare(cython.int, wire.END)
_NOP = cython.declare(cython.int, wire.NOP)
_SERVER_COMMAND = cython.declare(cython.int, wire.SERVER_COMMAND)
_SNAPSHOT = cython.declare(cython.int, wire.SNAPSHOT)
_PLAYER_STATES = cython.declare(cython.int, wire.PLAYER_STATES)
_GAMESTATE = cython.declare(cython.int, wire.GAMESTATE)
_CONFIGSTRING = cython.declare(cython.int, wire.CONFIGSTRING)
_BASELINE = cython.declare(cython.int, wire.BASELINE)
_CURRENT_STATE = cython.declare(cython.int, wire.CURRENT_STATE)
_SHARED_MAGIC = cython.declare(cython.int, wire.SHARED_MAGIC)
_NO_CLIENT = cython.declare(cython.int, wire.NO_CLIENT)
_VIEW = cython.declare(cython.int, VIEW)
_AS_ENTITY = cython.declare(cython.int, AS_ENTITY)
_IN_RING = cython.declare(cython.int, IN_RING)
_PLAYER_TYPE = cython.declare(cython.int, 1)

_REMOVED = cython.declare(cython.int, 1 << 10)
_CHANGED = cython.declare(cython.int, 1 << 11)

_TYPE = cython.declare(cython.int, ENTITY.at["eType"])
_FLAGS = cython.declare(cython.int, ENTITY.at["eFlags"])
_PLACE = cython.declare(cython.int, ENTITY.at["pos.trBase[0]"])
_SEQUENCE = cython.declare(cython.int, ENTITY.at["eventSequence"])
_VIEW_SEQUENCE = cython.declare(cython.int, PLAYER.at["eventSequence"])
_VIEW_CLIENT = cython.declare(cython.int, PLAYER.at["clientNum"])
_REVIVES = cython.declare(cython.int, wire.PERSISTANT + 9)
_DEAD = cython.declare(cython.int, 0x1)
_RESTARTED = cython.declare(cython.int, 4)


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


@cython.cfunc
def _ushorts(owner: Memory) -> cython.p_ushort:
    if cython.compiled:
        view: cython.ushort[::1] = owner
        return cython.address(view[0])
    return owner


_WORDS = (wire.MAX_MESSAGE_BYTES >> 2) + 2
_FIELDS = (ENTITY, SHARED, PLAYER)
_DECODE = array("H", huffman.DECODE)
_SMALL_FLOATS = array("i", SMALL_FLOATS)
_WIDTHS = array("B", [width for fields in _FIELDS for width in fields.widths])
# which bit makes a field's value negative; 0: none
_SIGN_BITS = array("B", [sign.bit_length() for fields in _FIELDS for sign in fields.signs])
# for the next 8 bits: how many zeros come before the first one
_ZEROS = array("B", [8] + [(byte & -byte).bit_length() - 1 for byte in range(1, 256)])
_BEYOND = cython.declare(cython.longlong, 1 << 32)
_WINDOW = cython.declare(cython.uint, huffman.WINDOW)
_DOT = cython.declare(cython.int, ord("."))
_PERCENT = cython.declare(cython.int, ord("%"))


@cython.final
@cython.cclass
class Bits:
    """A position in one message. Past its end there are zeros; `check` tells. Never holds more than 63 bits."""

    words: cython.p_uint  # the message, four bytes a word
    text: cython.p_uchar  # of the string being read
    codes: cython.p_ushort
    small_floats: cython.p_int
    widths: cython.p_uchar  # of an entity's fields, its shared part's and a player's
    sign_bits: cython.p_uchar
    zeros: cython.p_uchar
    count: cython.int  # of words in the message
    size: cython.int  # of the message in bytes
    at: cython.int  # the next word to take
    have: cython.int  # how many bits are taken and not yet used
    acc: cython.ulonglong  # these bits, the next one lowest
    _bytes: Any  # the words' memory
    _text: Any

    def __init__(self, payload: bytes = b"") -> None:
        words, text = array("I", bytes(4 * _WORDS)), array("B", bytes(wire.MAX_BIG_STRING + 1))
        self._bytes, self._text = memoryview(words).cast("B"), memoryview(text)
        self.words, self.text = _uints(words), _uchars(text)
        self.codes, self.small_floats = _ushorts(_DECODE), _ints(_SMALL_FLOATS)
        self.widths, self.sign_bits, self.zeros = _uchars(_WIDTHS), _uchars(_SIGN_BITS), _uchars(_ZEROS)
        self.take(payload)

    @cython.ccall
    def take(self, payload: bytes) -> cython.int:
        """Goes to the beginning of *payload*, which has at most as many bytes as a message may have."""
        size: cython.int = len(payload)
        if size > wire.MAX_MESSAGE_BYTES:
            raise BadDemo("bad_length", f"a message cannot have {size} bytes")
        self._bytes[:size] = payload
        self._bytes[size : size + 4] = b"\0\0\0\0"
        self.size = size
        self.count = (size + 3) >> 2
        self.at = self.have = 0
        self.acc = 0
        return 0

    @cython.ccall
    def position(self) -> cython.int:
        """Bits used so far."""
        return (self.at << 5) - self.have

    @cython.ccall
    def check(self) -> cython.int:
        """Raises BadDemo when more was read than there is."""
        if (self.at << 5) - self.have > self.size << 3:
            raise BadDemo("message_ends_early", "a message ends in the middle of a value")
        return 0

    @cython.cfunc
    @cython.inline
    @cython.exceptval(check=False)
    def _refill(self) -> cython.void:
        if self.at < self.count:
            word: cython.ulonglong = self.words[self.at]
            self.acc |= word << self.have
        self.at += 1
        self.have += 32

    @cython.ccall
    @cython.exceptval(check=False)
    def bit(self) -> cython.int:
        if self.have < 1:
            self._refill()
        value: cython.int = self.acc & 1
        self.acc >>= 1
        self.have -= 1
        return value

    @cython.ccall
    @cython.exceptval(check=False)
    def byte(self) -> cython.int:
        if self.have < 11:
            self._refill()
        entry: cython.int = self.codes[self.acc & _WINDOW]
        self.acc >>= entry >> 8
        self.have -= entry >> 8
        return entry & 255

    @cython.ccall
    @cython.exceptval(check=False)
    def peek_byte(self) -> cython.int:
        if self.have < 11:
            self._refill()
        return self.codes[self.acc & _WINDOW] & 255

    @cython.ccall
    @cython.exceptval(check=False)
    def bits(self, width: cython.int) -> cython.longlong:
        """An unsigned number of 1 to 32 bits: the lowest come raw, every whole byte above them as a code."""
        low: cython.int = width & 7
        if self.have < 32:
            self._refill()
        value: cython.longlong = self.acc & ((1 << low) - 1)
        self.acc >>= low
        self.have -= low
        while low < width:
            byte: cython.longlong = self.byte()
            value |= byte << low
            low += 8
        return value

    @cython.ccall
    @cython.exceptval(check=False)
    def short(self) -> cython.int:
        value: cython.longlong = self.bits(16)
        return value - 0x10000 if value & 0x8000 else value

    @cython.ccall
    @cython.exceptval(check=False)
    def long(self) -> cython.int:
        value: cython.longlong = self.bits(32)
        return value - _BEYOND if value >= _BEYOND >> 1 else value

    @cython.ccall
    def raw(self, count: cython.int) -> bytes:
        return bytes([self.byte() for _ in range(count)])

    @cython.ccall
    def string(self, limit: cython.int) -> bytes:
        """Up to a 0 byte, or *limit* bytes. A percent sign reads as a dot, as in the game."""
        length: cython.int = 0
        if limit > wire.MAX_BIG_STRING:
            raise ValueError(f"a string has at most {wire.MAX_BIG_STRING} bytes")
        while length < limit:
            byte: cython.int = self.byte()
            if byte == 0:
                break
            self.text[length] = _DOT if byte == _PERCENT else byte
            length += 1
        self.check()
        return bytes(self._text[:length])

    @cython.ccall
    @cython.exceptval(check=False)
    def entity_head(self) -> cython.int:
        """What stands before an entity's fields: number + removed << 10 + changed << 11 + fields << 12."""
        number: cython.int = self.bits(10)
        if number == _NO_ENTITY:
            return number
        if self.bit():
            return number | _REMOVED
        if self.bit() == 0:
            return number
        return number | _CHANGED | self.byte() << 12

    @cython.cfunc
    @cython.exceptval(check=False)
    def fields(  # noqa: PLR0912, PLR0915
        self, cells: cython.p_int, to: cython.int, first: cython.int, count: cython.int, zero_bit: cython.int
    ) -> cython.void:
        """Changes those of the *count* cells from *to* on that are sent; *first* is the first one's place among the
        widths. *zero_bit*: a 1 comes before all but a 0.

        Long, and the same few steps written out again and again: this is where a reader spends its time.
        """
        at: cython.int = self.at
        have: cython.int = self.have
        acc: cython.ulonglong = self.acc
        word: cython.ulonglong
        place: cython.int = 0
        run: cython.int
        width: cython.int
        low: cython.int
        entry: cython.int
        value: cython.longlong
        part: cython.longlong
        while True:
            if have < 32:
                if at < self.count:
                    word = self.words[at]
                    acc |= word << have
                at += 1
                have += 32
            run = self.zeros[acc & 255]  # each 0 is a field that stays
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
                run = acc & 1
                acc >>= 1
                have -= 1
                if run == 0:
                    cells[to + place] = 0
                    place += 1
                    continue
            width = self.widths[first + place]
            if width == 0:
                if acc & 1 == 0:
                    entry = self.codes[(acc >> 6) & _WINDOW]
                    cells[to + place] = self.small_floats[(acc >> 1) & 31 | (entry & 255) << 5]
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
                    if at < self.count:
                        word = self.words[at]
                        acc |= word << have
                    at += 1
                    have += 32
                entry = self.codes[acc & _WINDOW]
                part = entry & 255
                value |= part << low
                run = entry >> 8
                acc >>= run
                have -= run
                low += 8
            low = self.sign_bits[first + place]
            if low:
                part = 1
                part <<= low - 1
                if value & part:
                    value -= part << 1
            cells[to + place] = value
            place += 1
        self.at = at
        self.have = have
        self.acc = acc

    @cython.cfunc
    @cython.exceptval(check=False)
    def array(self, cells: cython.p_int, to: cython.int, width: cython.int) -> cython.void:
        """Those of the 16 cells from *to* on that a mask names."""
        mask: cython.int = self.bits(16)
        while mask:
            if mask & 1:
                cells[to] = self.short() if width == 16 else self.long()
            mask >>= 1
            to += 1


@cython.final
@cython.cclass
class States:
    """Rows of cells, and tables that say which row each entity and each player has; -1 where there is none.

    An entity's row holds its fields and then, in a TV's demo, its shared part; row 0 is all zeros, for entities as for
    players. A table in use keeps its rows from being used again.
    """

    cells: cython.p_int
    rows: cython.p_int  # table × 1024 + entity
    baselines: cython.p_int
    current: cython.p_int  # what the world was when a TV's recording began
    views: cython.p_int
    seats: cython.p_int  # table × 65 + client; the last is the recorder's view
    users: cython.p_int  # of each table
    table: cython.int  # the one filled last
    _free: cython.p_int  # rows to use next
    _free_views: cython.p_int
    _free_count: cython.int
    _free_views_count: cython.int
    _capacity: cython.int
    _views_capacity: cython.int
    _cells: Any  # the memory of each
    _rows: Any
    _baselines: Any
    _current: Any
    _views: Any
    _seats: Any
    _users: Any
    _free_memory: Any
    _free_views_memory: Any
    _memory: Any

    def __init__(self) -> None:
        self._rows, self._seats = _no_rows(_TABLES * _NUMBERS), _no_rows(_TABLES * _SEATS)
        self._baselines, self._current = _no_rows(_NUMBERS), _no_rows(_NUMBERS)
        self._users = array("i", bytes(4 * _TABLES))
        self.rows, self.seats = _ints(self._rows), _ints(self._seats)
        self.baselines, self.current, self.users = _ints(self._baselines), _ints(self._current), _ints(self._users)
        self._cells, self._views = array("i"), array("i")
        self._free_memory, self._free_views_memory = array("i"), array("i")
        self._capacity = self._views_capacity = self._free_count = self._free_views_count = 0
        self.table = 0
        self._grow(512)
        self._grow_views(128)

    def memory(self) -> tuple[Memory, Memory, Memory, Memory, Memory, Memory]:
        """Where lie: cells, rows, baselines, current, views, seats. Another tuple once any of them has moved."""
        memory: tuple[Memory, Memory, Memory, Memory, Memory, Memory] = self._memory
        return memory

    @cython.ccall
    def fresh(self, source: cython.int) -> cython.int:
        """A table nobody uses, with *source*'s entities (-1: none) and no players."""
        table: cython.int = 0
        place: cython.int
        while self.users[table]:
            table += 1
        self.table = table
        to: cython.int = table * _NUMBERS
        if source < 0:
            for place in range(to, to + _NUMBERS):
                self.rows[place] = -1
        else:
            _copy(self.rows, to, source * _NUMBERS, _NUMBERS)
        to = table * _SEATS
        for place in range(to, to + _SEATS):
            self.seats[place] = -1
        return table

    @cython.ccall
    def use(self, before: cython.int, now: cython.int) -> cython.int:
        """Whoever used table *before* uses *now*; -1: none."""
        if before >= 0:
            self.users[before] -= 1
        if now >= 0:
            self.users[now] += 1
        return 0

    @cython.ccall
    def forget(self) -> cython.int:
        """All baselines and current states; and nobody uses any table."""
        place: cython.int
        for place in range(_NUMBERS):
            self.baselines[place] = self.current[place] = -1
        for place in range(_TABLES):
            self.users[place] = 0
        return 0

    @cython.ccall
    def row(self, old: cython.int) -> cython.int:
        """A new row like *old*, to be filled and named in the last table before the next one is taken."""
        if self._free_count == 0:
            self._collect()
        self._free_count -= 1
        row: cython.int = self._free[self._free_count]
        _copy(self.cells, row * _ROW, old * _ROW, _ROW)
        return row

    @cython.ccall
    def view(self, old: cython.int) -> cython.int:
        """The same for players."""
        if self._free_views_count == 0:
            self._collect_views()
        self._free_views_count -= 1
        row: cython.int = self._free_views[self._free_views_count]
        _copy(self.views, row * _PLAYER_ROW, old * _PLAYER_ROW, _PLAYER_ROW)
        return row

    def check_table(self, table: int) -> None:
        _checked(table, _TABLES)

    def put_entity(self, number: int, fields: list[int], shared: list[int]) -> None:
        """Its states in the last table."""
        self._rows[self.table * _NUMBERS + _checked(number, _NO_ENTITY)] = self._put(fields, shared)

    def put_player(self, seat: int, cells: list[int]) -> None:
        """His states in the last table; the recorder's seat is VIEW."""
        row: int = self.view(0)
        self._views[row * _PLAYER_ROW : (row + 1) * _PLAYER_ROW] = _exactly(cells, _PLAYER_ROW)
        self._seats[self.table * _SEATS + _checked(seat, _SEATS)] = row

    def put_baseline(self, number: int, fields: list[int], shared: list[int]) -> None:
        self._baselines[_checked(number, _NO_ENTITY)] = self._put(fields, shared)

    def put_current(self, number: int, fields: list[int], shared: list[int]) -> None:
        self._current[_checked(number, _NO_ENTITY)] = self._put(fields, shared)

    def _put(self, fields: list[int], shared: list[int]) -> int:
        row: int = self.row(0)
        self._cells[row * _ROW : (row + 1) * _ROW] = _exactly(fields + shared, _ROW)
        return row

    def fields(self, row: int) -> list[int] | None:
        """An entity's; None for row -1."""
        return None if row < 0 else self._cells[row * _ROW : row * _ROW + _ENTITY].tolist()

    def shared(self, row: int) -> list[int] | None:
        return None if row < 0 else self._cells[row * _ROW + _ENTITY : (row + 1) * _ROW].tolist()

    def player(self, row: int) -> list[int] | None:
        return None if row < 0 else self._views[row * _PLAYER_ROW : (row + 1) * _PLAYER_ROW].tolist()

    def pairs(self, rows: Memory) -> dict[int, tuple[list[int], list[int]]]:
        """Fields and shared part of every entity that has one of *rows*."""
        return {number: (self.fields(row) or [], self.shared(row) or []) for number, row in enumerate(rows) if row >= 0}

    @cython.cfunc
    def _collect(self) -> cython.int:
        """Finds the rows no table names; more memory if they are few."""
        named = array("B", bytes(self._capacity))
        marks: cython.p_uchar = _uchars(named)
        table: cython.int
        marks[0] = 1
        for table in range(_TABLES):
            if self.users[table] or table == self.table:
                _mark(marks, self.rows, table * _NUMBERS, _NUMBERS)
        _mark(marks, self.baselines, 0, _NUMBERS)
        _mark(marks, self.current, 0, _NUMBERS)
        self._free_count = _unmarked(marks, self._capacity, self._free)
        if self._free_count < self._capacity - (self._capacity >> 2):
            self._grow(self._capacity)
        return 0

    @cython.cfunc
    def _collect_views(self) -> cython.int:
        named = array("B", bytes(self._views_capacity))
        marks: cython.p_uchar = _uchars(named)
        table: cython.int
        marks[0] = 1
        for table in range(_TABLES):
            if self.users[table] or table == self.table:
                _mark(marks, self.seats, table * _SEATS, _SEATS)
        self._free_views_count = _unmarked(marks, self._views_capacity, self._free_views)
        if self._free_views_count < self._views_capacity >> 1:
            self._grow_views(self._views_capacity)
        return 0

    @cython.cfunc
    def _grow(self, count: cython.int) -> cython.int:
        self._cells = self._cells + array("i", [0]) * (_ROW * count)
        self.cells = _ints(self._cells)
        self._free_memory = self._free_memory + array("i", [0]) * count
        self._free = _ints(self._free_memory)
        self._free_count = _count_down(self._free, self._free_count, self._capacity, count)
        self._capacity += count
        self._moved()
        return 0

    @cython.cfunc
    def _grow_views(self, count: cython.int) -> cython.int:
        self._views = self._views + array("i", [0]) * (_PLAYER_ROW * count)
        self.views = _ints(self._views)
        self._free_views_memory = self._free_views_memory + array("i", [0]) * count
        self._free_views = _ints(self._free_views_memory)
        self._free_views_count = _count_down(self._free_views, self._free_views_count, self._views_capacity, count)
        self._views_capacity += count
        self._moved()
        return 0

    @cython.cfunc
    def _moved(self) -> cython.int:
        self._memory = self._cells, self._rows, self._baselines, self._current, self._views, self._seats
        return 0


def _exactly(cells: list[int], count: int) -> Memory:
    """A row of another length would move all that lie behind it."""
    if len(cells) != count:
        raise ValueError(f"a state of {len(cells)} cells, which has {count}")
    return array("i", cells)


def _checked(number: int, below: int) -> int:
    if not 0 <= number < below:
        raise ValueError(f"there is no number {number}: they end before {below}")
    return number


def _no_rows(count: int) -> Memory:
    return array("i", [-1]) * count


@cython.cfunc
@cython.exceptval(check=False)
def _copy(cells: cython.p_int, to: cython.int, start: cython.int, count: cython.int) -> cython.void:
    if cython.compiled:
        memcpy(cells + to, cells + start, count * 4)
    else:
        cells[to : to + count] = cells[start : start + count]


@cython.cfunc
@cython.exceptval(check=False)
def _copy_between(
    cells: cython.p_int, to: cython.int, others: cython.p_int, start: cython.int, count: cython.int
) -> cython.void:
    place: cython.int
    for place in range(count):
        cells[to + place] = others[start + place]


@cython.cfunc
@cython.exceptval(check=False)
def _mark(marks: cython.p_uchar, rows: cython.p_int, start: cython.int, count: cython.int) -> cython.void:
    place: cython.int
    for place in range(start, start + count):
        if rows[place] > 0:
            marks[rows[place]] = 1


@cython.cfunc
@cython.exceptval(check=False)
def _unmarked(marks: cython.p_uchar, capacity: cython.int, free: cython.p_int) -> cython.int:
    """How many are free; those with the lowest numbers are taken first."""
    count: cython.int = 0
    row: cython.int
    for row in range(capacity - 1, 0, -1):
        if marks[row] == 0:
            free[count] = row
            count += 1
    return count


@cython.cfunc
@cython.exceptval(check=False)
def _count_down(free: cython.p_int, have: cython.int, capacity: cython.int, count: cython.int) -> cython.int:
    """New rows come to those that are free; the first one ever is that of zeros, and never free."""
    row: cython.int
    for row in range(capacity + count - 1, capacity - 1 if capacity else 0, -1):
        free[have] = row
        have += 1
    return have


@cython.final
@cython.cclass
class Decoder:
    """Reads messages in their order. What the last one said stands here until the next is read.

    `commands`: (sequence, content) of each.
    """

    bits = cython.declare(Bits, visibility="readonly")
    states = cython.declare(States, visibility="readonly")
    number = cython.declare(cython.int, visibility="readonly")
    acknowledge = cython.declare(cython.int, visibility="readonly")
    has_gamestate = cython.declare(cython.bint, visibility="readonly")
    has_snapshot = cython.declare(cython.bint, visibility="readonly")
    commands = cython.declare(list, visibility="readonly")
    sightings = cython.declare(list, visibility="readonly")
    # of all that was read
    messages = cython.declare(cython.int, visibility="readonly")
    gamestates = cython.declare(cython.int, visibility="readonly")
    snapshots = cython.declare(cython.int, visibility="readonly")  # valid ones
    invalid_snapshots = cython.declare(cython.int, visibility="readonly")  # what they build on is not there
    first_server_time_ms = cython.declare(cython.int, visibility="readonly")
    last_server_time_ms = cython.declare(cython.int, visibility="readonly")
    # of the gamestate that holds
    protocol = cython.declare(cython.int, visibility="readonly")  # 0: there is none yet
    command_sequence = cython.declare(cython.int, visibility="readonly")
    recorder = cython.declare(cython.int, visibility="readonly")
    checksum_feed = cython.declare(cython.int, visibility="readonly")
    configstrings = cython.declare(dict, visibility="readonly")
    # of the snapshot
    server_time_ms = cython.declare(cython.int, visibility="readonly")
    delta = cython.declare(cython.int, visibility="readonly")
    flags = cython.declare(cython.int, visibility="readonly")
    area_mask = cython.declare(bytes, visibility="readonly")
    valid = cython.declare(cython.bint, visibility="readonly")
    table = cython.declare(cython.int, visibility="readonly")
    source = cython.declare(cython.int, visibility="readonly")  # the table it builds on; -1: none
    pinned = cython.declare(cython.int, visibility="readonly")  # the table kept for whoever asked; -1: none

    _kept: cython.p_int  # message number & 31 → table
    _numbers: cython.p_int  # table → message number
    _written: cython.p_int  # entities that came in this snapshot
    _written_count: cython.int
    _kept_memory: Any
    _numbers_memory: Any
    _written_memory: Any
    # what was seen before
    _awaits: cython.bint  # a gamestate or commands came and no snapshot since
    _wanted: cython.p_uchar  # event → in which form it is to be told
    _wanted_memory: Any
    _event_base: cython.int
    _recorder: cython.int
    _last: cython.int  # the table looked at last
    _last_flags: cython.int
    _rings: cython.p_int  # client → event sequence seen last; -1: none
    _fallen: cython.p_int  # client → whether he lies dead, and where: four cells each
    _rings_memory: Any
    _fallen_memory: Any
    _view_client: cython.int
    _view_ring: cython.int
    _revives: cython.int

    def __init__(self) -> None:
        self.bits, self.states = Bits(), States()
        self.number = self.acknowledge = self.protocol = 0
        self.messages = self.gamestates = self.snapshots = self.invalid_snapshots = 0
        self.first_server_time_ms = self.last_server_time_ms = 0
        self.command_sequence = self.recorder = self.checksum_feed = 0
        self.server_time_ms = self.delta = self.flags = self.table = 0
        self.source = self.pinned = -1
        self.area_mask, self.configstrings = b"", {}
        self.commands, self.sightings = [], []
        self._awaits = False
        self.has_gamestate = self.has_snapshot = self.valid = False
        self._kept_memory, self._numbers_memory = _no_rows(_KEPT), _no_rows(_TABLES)
        self._written_memory, self._written_count = _no_rows(_NUMBERS), 0
        self._kept, self._numbers = _ints(self._kept_memory), _ints(self._numbers_memory)
        self._written = _ints(self._written_memory)
        self._event_base, self._recorder, self._last, self._last_flags = 0, -1, -1, 0
        self._wanted_memory = array("B", bytes(256))
        self._wanted = _uchars(self._wanted_memory)
        self._rings_memory, self._fallen_memory = _no_rows(_CLIENTS), array("i", bytes(4 * 4 * _CLIENTS))
        self._rings, self._fallen = _ints(self._rings_memory), _ints(self._fallen_memory)
        self._view_client = self._view_ring = self._revives = -1

    def advance(self, frames: Frames, *, quietly: bool = False) -> bool:
        """Reads the next message; False when there is none. *quietly*: reads on to one with a gamestate, with commands,
        with the first snapshot after these, or with `sightings`, which are those of `look`."""
        taken: tuple[int, bytes] | None = frames.take()
        while taken is not None:
            self.read(taken[0], taken[1])
            if not quietly:
                return True
            if self.has_gamestate:  # whoever asked does not yet know what to look for
                return True
            self.sightings = self.look() if self.has_snapshot and self.valid else []
            if self.sightings or self.commands or (self._awaits and self.has_snapshot):
                return True
            taken = frames.take()
        return False

    @cython.ccall
    def read(self, number: cython.int, payload: bytes) -> cython.int:
        """Raises BadDemo. Whatever stands behind a message's end is a mod's own and left alone."""
        bits: Bits = self.bits
        bits.take(payload)
        self.number = number
        self._awaits = not self.has_snapshot and (self._awaits or self.has_gamestate or len(self.commands) > 0)
        self.has_gamestate = self.has_snapshot = False
        self.commands = []
        self.acknowledge = bits.long()
        command: cython.int = bits.byte()
        while command != _END:
            if command == _SERVER_COMMAND:
                self.commands.append((bits.long(), bits.string(wire.MAX_STRING)))
            elif command == _SNAPSHOT:
                self._snapshot()
            elif command == _PLAYER_STATES:
                self._player_states()
            elif command == _GAMESTATE:
                self._gamestate()
            elif command != _NOP:
                raise BadDemo("bad_command", f"a message cannot have a command {command}")
            bits.check()
            command = bits.byte()
        bits.check()
        self._count()
        return 0

    @cython.cfunc
    def _count(self) -> cython.int:
        if self.has_gamestate:
            self.gamestates += 1
        elif self.gamestates == 0:
            raise BadDemo("no_gamestate", "this is no demo: it does not start with a gamestate")
        self.messages += 1
        if self.has_snapshot and self.valid:
            self.snapshots += 1
            self.last_server_time_ms = self.server_time_ms
            if self.snapshots == 1:
                self.first_server_time_ms = self.server_time_ms
        elif self.has_snapshot:
            self.invalid_snapshots += 1
        return 0

    @cython.cfunc
    def _find(self, number: cython.int) -> cython.int:
        """The table of that message's snapshot; -1 when it is not kept."""
        table: cython.int = self._kept[number & (_KEPT - 1)]
        return table if table >= 0 and self._numbers[table] == number else -1

    @cython.cfunc
    def _keep(self) -> cython.int:
        slot: cython.int = self.number & (_KEPT - 1)
        self.states.use(self._kept[slot], self.table)
        self._kept[slot] = self.table
        self._numbers[self.table] = self.number
        return 0

    @cython.ccall
    def pin(self) -> cython.int:
        """Keeps the last table, and no longer the one that was kept so before."""
        self.states.use(self.pinned, self.table)
        self.pinned = self.table
        return self.pinned

    @cython.cfunc
    def _snapshot(self) -> cython.int:
        if self.protocol == 0:
            raise BadDemo("no_gamestate", "a snapshot comes before any gamestate")
        bits: Bits = self.bits
        states: States = self.states
        self.server_time_ms = bits.long()
        self.delta = bits.byte()
        self.flags = bits.byte()
        area_bytes: cython.int = bits.byte()
        if area_bytes > wire.MAX_AREA_MASK:
            raise BadDemo("bad_area_mask", f"an area mask has at most {wire.MAX_AREA_MASK} bytes, not {area_bytes}")
        self.area_mask = bits.raw(area_bytes)
        self.source = self._find(self.number - self.delta) if self.delta else -1
        self.valid = self.delta == 0 or self.source >= 0
        self.table = states.fresh(self.source)
        self.has_snapshot = True
        self._read_player(_VIEW)
        self._entities()
        if self.valid:
            self._keep()
        return 0

    @cython.cfunc
    def _player_states(self) -> cython.int:
        if not self.has_snapshot:
            raise BadDemo("no_snapshot", "player states come without a snapshot")
        client: cython.int = self.bits.byte()
        while client != _NO_CLIENT:
            if client >= _CLIENTS or self.states.seats[self.table * _SEATS + client] >= 0:
                raise BadDemo("bad_client", f"a player state for client {client}")
            self._read_player(client)
            client = self.bits.byte()
        return 0

    @cython.cfunc
    def _read_player(self, seat: cython.int) -> cython.int:
        """A player's state: fields, then statistics, ammunition and clips."""
        bits: Bits = self.bits
        states: States = self.states
        count: cython.int = bits.byte()
        if count > _PLAYER:
            raise BadDemo("bad_player", f"a player has {_PLAYER} fields, not {count}")
        old: cython.int = states.seats[self.source * _SEATS + seat] if self.source >= 0 else 0
        row: cython.int = states.view(old if old > 0 else 0)
        states.seats[self.table * _SEATS + seat] = row
        to: cython.int = row * _PLAYER_ROW
        group: cython.int
        bits.fields(states.views, to, _PLAYER_AT, count, 0)
        if bits.bit():
            for group in range(4):
                if bits.bit():
                    bits.array(states.views, to + _STATS + group * 16, 32 if group == 3 else 16)
        if bits.bit():
            for group in range(4):
                if bits.bit():
                    bits.array(states.views, to + _AMMO + group * 16, 16)
        for group in range(4):
            if bits.bit():
                bits.array(states.views, to + _CLIP + group * 16, 16)
        return 0

    @cython.cfunc
    def _entities(self) -> cython.int:
        """What changed among the table's entities, which are its source's when this starts."""
        states: States = self.states
        rows: cython.p_int = states.rows
        table: cython.int = self.table * _NUMBERS
        last: cython.int = -1
        head: cython.int
        number: cython.int
        old: cython.int
        self._written_count = 0
        while True:
            head = self.bits.entity_head()
            number = head & _NO_ENTITY
            if number == _NO_ENTITY:
                return 0
            if number <= last:
                raise BadDemo("bad_entity", f"entity {number} comes after entity {last}")
            last = number
            self._written[self._written_count] = number
            self._written_count += 1
            old = rows[table + number]
            if old < 0:
                old = states.baselines[number]
            rows[table + number] = self._read_entity(head, old if old > 0 else 0)

    @cython.cfunc
    def _read_entity(self, head: cython.int, old: cython.int) -> cython.int:
        """The row of the state that *head* and what follows it make of *old*; -1: the entity is gone."""
        row: cython.int = old
        if head & _CHANGED:
            count: cython.int = head >> 12
            if count > _ENTITY:
                raise BadDemo("bad_entity", f"an entity has {_ENTITY} fields, not {count}")
            row = self.states.row(old)
            self.bits.fields(self.states.cells, row * _ROW, 0, count, 1)
        if self.protocol == 0:  # this is the first baseline
            self.protocol = _TV if self.bits.peek_byte() == _SHARED_MAGIC else wire.PLAYER_PROTOCOL
        if self.protocol == _TV:
            row = self._read_shared(row, old)
        return -1 if head & _REMOVED else row

    @cython.cfunc
    def _read_shared(self, row: cython.int, old: cython.int) -> cython.int:
        """*row* with the part of an entity's state that only a TV server sends."""
        bits: Bits = self.bits
        count: cython.int = 0
        place: cython.int
        if bits.byte() != _SHARED_MAGIC:
            raise BadDemo("bad_shared", "an entity's shared part does not start with its mark")
        gone: cython.int = bits.bit()
        if not gone:
            if not bits.bit():
                return row
            count = bits.byte()
            if count > _SHARED:
                raise BadDemo("bad_shared", f"an entity's shared part has {_SHARED} fields, not {count}")
        if row == old:
            row = self.states.row(old)
        to: cython.int = row * _ROW + _ENTITY
        if gone:
            for place in range(to, to + _SHARED):
                self.states.cells[place] = 0
        bits.fields(self.states.cells, to, _ENTITY, count, 1)
        return row

    @cython.cfunc
    def _gamestate(self) -> cython.int:
        """After the command's id. Which protocol it is shows behind the first baseline."""
        bits: Bits = self.bits
        slot: cython.int
        self.states.forget()
        for slot in range(_KEPT):
            self._kept[slot] = -1
        self._last = self.pinned = self.source = -1
        self.protocol = 0
        self.configstrings = {}
        self.command_sequence = bits.long()
        item: cython.int = bits.byte()
        while item != _END:
            if item == _CONFIGSTRING:
                self._configstring()
            elif item in (_BASELINE, _CURRENT_STATE):
                self._early_state(item)
            else:
                raise BadDemo("bad_gamestate", f"a gamestate cannot have an item {item}")
            bits.check()
            item = bits.byte()
        self.recorder = bits.long()
        self.checksum_feed = bits.long()
        bits.check()
        self.protocol = self.protocol or wire.PLAYER_PROTOCOL
        self.has_gamestate = True
        return 0

    @cython.cfunc
    def _configstring(self) -> cython.int:
        index: cython.int = self.bits.short()
        if not 0 <= index < wire.CONFIGSTRINGS:
            raise BadDemo("bad_configstring", f"there is no configstring {index}")
        self.configstrings[index] = self.bits.string(wire.MAX_BIG_STRING)
        return 0

    @cython.cfunc
    def _early_state(self, item: cython.int) -> cython.int:
        """A baseline, or what an entity was when a TV's recording began."""
        states: States = self.states
        head: cython.int = self.bits.entity_head()
        number: cython.int = head & _NO_ENTITY
        if number == _NO_ENTITY:
            raise BadDemo("bad_entity", f"there is no entity {_NO_ENTITY}")
        old: cython.int = 0
        if item == _CURRENT_STATE:
            self.protocol = _TV
            old = states.baselines[number] if states.baselines[number] > 0 else 0
        row: cython.int = self._read_entity(head, old)
        if item == _CURRENT_STATE:
            states.current[number] = row
        else:
            states.baselines[number] = row
        return 0

    def watch(self, event_base: int, wanted: bytes, recorder: int) -> None:
        """From here on `look` compares. *wanted*: for each of 256 events AS_ENTITY, IN_RING, both or 0. *recorder*:
        whose point of view it is; -1 for a TV's."""
        if len(wanted) != len(self._wanted_memory):
            raise ValueError("there are 256 events")
        self._event_base, self._recorder = event_base, recorder
        self._wanted_memory[:] = array("B", wanted)
        self.states.use(self._last, -1)
        self._last = -1
        self._forget_rings()

    @cython.cfunc
    @cython.exceptval(check=False)
    def _forget_rings(self) -> cython.void:
        client: cython.int
        for client in range(_CLIENTS):
            self._rings[client] = -1
            self._fallen[client * 4] = 0
        self._view_client = self._view_ring = self._revives = -1

    @cython.ccall
    def look(self) -> list[tuple[int, ...]]:
        """What is new in the snapshot, against the one looked at before. To be called with every valid one, in order.

        Each begins with EVENT (and the entity), RING (client, event, parameter), ROSE (client, the place where he lay,
        that where he stands: three cells each) or REVIVED (client).
        """
        sightings: list[tuple[int, ...]] = []
        self.sightings = sightings
        last: cython.int = self._last
        place: cython.int
        if last >= 0 and (self._last_flags ^ self.flags) & _RESTARTED:
            self._forget_rings()
        if last >= 0 and self.source == last:
            for place in range(self._written_count):  # all else is as it was
                self._look_at(self._written[place])
        else:
            for place in range(_NO_ENTITY):
                self._look_at(place)
        if self._recorder >= 0:
            self._look_at_view()
        self.states.use(last, self.table)
        self._last, self._last_flags = self.table, self.flags
        return sightings

    @cython.cfunc
    def _look_at(self, number: cython.int) -> cython.int:
        states: States = self.states
        row: cython.int = states.rows[self.table * _NUMBERS + number]
        if number < _CLIENTS:
            self._look_at_player(number, row)
        if row < 0:
            return 0
        event: cython.int = states.cells[row * _ROW + _TYPE] - self._event_base
        if event < 0 or event > 255 or not self._wanted[event] & _AS_ENTITY:
            return 0
        before: cython.int = states.rows[self._last * _NUMBERS + number] if self._last >= 0 else -1
        if before < 0 or not self._same(before, row):
            self.sightings.append((EVENT, number))
        return 0

    @cython.cfunc
    @cython.exceptval(check=False)
    def _same(self, one: cython.int, other: cython.int) -> cython.bint:
        cells: cython.p_int = self.states.cells
        place: cython.int
        if one != other:
            for place in range(_ENTITY):
                if cells[one * _ROW + place] != cells[other * _ROW + place]:
                    return False
        return True

    @cython.cfunc
    def _look_at_player(self, client: cython.int, row: cython.int) -> cython.int:
        """A player's own entity: its ring of events, and whether he rose from the dead."""
        cells: cython.p_int = self.states.cells
        at: cython.int = row * _ROW
        lay: cython.int = client * 4
        if row < 0 or cells[at + _TYPE] != _PLAYER_TYPE:
            self._rings[client] = -1
            self._fallen[lay] = 0
            return 0
        self._look_at_ring(client, self._rings[client], cells, at + _SEQUENCE)
        self._rings[client] = cells[at + _SEQUENCE]
        place: cython.p_int = self._fallen
        stands: cython.int = at + _PLACE
        if cells[at + _FLAGS] & _DEAD:
            place[lay] = 1
            _copy_between(place, lay + 1, cells, stands, 3)
        elif place[lay]:
            place[lay] = 0
            lay_at = (place[lay + 1], place[lay + 2], place[lay + 3])
            self.sightings.append((ROSE, client, *lay_at, cells[stands], cells[stands + 1], cells[stands + 2]))
        return 0

    @cython.cfunc
    def _look_at_view(self) -> cython.int:
        """What only the recorder's player state tells: he has no entity in his own demo."""
        views: cython.p_int = self.states.views
        at: cython.int = self.states.seats[self.table * _SEATS + _VIEW] * _PLAYER_ROW
        client: cython.int = views[at + _VIEW_CLIENT]
        if client == self._view_client:
            self._look_at_ring(client, self._view_ring, views, at + _VIEW_SEQUENCE)
        self._view_client, self._view_ring = client, views[at + _VIEW_SEQUENCE]
        if client == self._recorder:  # else he follows somebody
            if self._revives >= 0 and views[at + _REVIVES] > self._revives:
                self.sightings.append((REVIVED, client))
            self._revives = views[at + _REVIVES]
        return 0

    @cython.cfunc
    def _look_at_ring(self, client: cython.int, seen: cython.int, cells: cython.p_int, at: cython.int) -> cython.int:
        """*at*: a sequence, four events, their four parameters. More than four new ones overwrote each other."""
        now: cython.int = cells[at]
        if seen < 0 or seen == now:
            return 0
        new: cython.int = (now - seen) & 255
        sequence: cython.int
        for sequence in range(now - (new if new < 4 else 4), now):
            slot: cython.int = at + 1 + (sequence & 3)
            event: cython.int = cells[slot] & 255
            if self._wanted[event] & _IN_RING:
                self.sightings.append((RING, client, event, cells[slot + 4]))
        return 0

    def numbers(self) -> list[int]:
        """The entities in the snapshot."""
        at = self.table * _NUMBERS
        return [number for number in range(_NO_ENTITY) if self.states.rows[at + number] >= 0]

    def written(self) -> list[int]:
        """The entities that came in this snapshot, changed or gone."""
        return [self._written[place] for place in range(self._written_count)]

    def clients(self) -> list[int]:
        """Whose player states a TV's snapshot has."""
        return [client for client in range(_CLIENTS) if self.states.seats[self.table * _SEATS + client] >= 0]

    def entity(self, number: cython.int) -> list[int] | None:
        """Its fields in the snapshot."""
        return self.states.fields(self._row_of(number))

    def shared(self, number: cython.int) -> list[int] | None:
        """Its shared part."""
        return self.states.shared(self._row_of(number))

    @cython.cfunc
    def _row_of(self, number: cython.int) -> cython.int:
        if not 0 <= number < _NUMBERS:
            raise ValueError(f"there is no entity {number}")
        return self.states.rows[self.table * _NUMBERS + number]

    def player(self, client: cython.int) -> list[int] | None:
        """The player state of *client*, or the recorder's VIEW."""
        if not 0 <= client < _SEATS:
            raise ValueError(f"there is no client {client}")
        return self.states.player(self.states.seats[self.table * _SEATS + client])

    def baselines(self) -> dict[int, tuple[list[int], list[int]]]:
        """What an entity's first delta is against: fields and shared part."""
        return self.states.pairs(self.states._baselines)

    def current(self) -> dict[int, tuple[list[int], list[int]]]:
        """What the world was when a TV's recording began."""
        return self.states.pairs(self.states._current)
