"""A demo's bits: the code, values and states; whatever is packed reads back."""

from __future__ import annotations

import struct
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.demo import huffman, huffman_tree
from etstats.demo.bit_writer import BitWriter
from etstats.demo.bits import BitReader
from etstats.demo.delta_writer import write_entity, write_player, write_shared
from etstats.demo.deltas import State, read_entity, read_player, read_shared
from etstats.demo.protocol import ENTITY, PLAYER, SHARED, SMALL_FLOATS, Fields, as_float

_WIDTHS = st.integers(1, 32)


def test_the_codes_come_from_the_frequencies() -> None:
    assert huffman_tree.derive_codes() == huffman.CODES


def test_no_code_starts_another() -> None:
    codes = sorted(huffman.CODES)
    assert not any(after.startswith(before) for before, after in pairwise(codes))


def test_a_byte_costs_as_many_bits_as_its_code() -> None:
    for value, code in enumerate(huffman.CODES):
        bits = BitWriter()
        bits.byte(value)
        reader = BitReader(bits.payload())
        assert reader.byte() == value
        assert reader.position == len(code)


def test_a_ten_bit_number_is_two_raw_bits_and_one_code() -> None:
    bits = BitWriter()
    bits.bits(0b0000_0001_11, 10)  # low two bits raw, then the code of 1: 11011
    assert bits.payload() == bytes([0b01101111])  # 7 bits, so no further byte


def test_a_whole_number_is_sent_as_a_small_float() -> None:
    bits = BitWriter()
    bits.cell(struct.unpack("<i", struct.pack("<f", -12.0))[0], 0)
    reader = BitReader(bits.payload())
    assert reader.bit() == 0
    assert reader.bits(13) == 4096 - 12
    assert as_float(SMALL_FLOATS[4096 - 12]) == -12.0


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), _WIDTHS)))
def test_numbers_read_back(values: list[tuple[int, int]]) -> None:
    bits = BitWriter()
    for value, width in values:
        bits.bits(value, width)
    reader = BitReader(bits.payload())
    assert [reader.bits(width) for _, width in values] == [value & ((1 << width) - 1) for value, width in values]
    reader.check()


@given(st.binary(max_size=200))
def test_strings_read_back_except_the_percent_sign(content: bytes) -> None:
    text = content.replace(b"\0", b"")
    bits = BitWriter()
    bits.string(text)
    assert BitReader(bits.payload()).string(1023) == text.replace(b"%", b".")


def _cells(fields: Fields) -> st.SearchStrategy[State]:
    return st.tuples(*(_cell(*kind) for kind in zip(fields.widths, fields.signs, strict=True))).map(list)


def _cell(width: int, sign: int) -> st.SearchStrategy[int]:
    if width == 0:  # a float that is -0.0 goes out as nothing, so it cannot come back
        floats = st.one_of(st.sampled_from(SMALL_FLOATS), st.integers(-(2**31) + 1, 2**31 - 1))
        return st.one_of(st.just(0), floats)
    return st.one_of(st.just(0), st.integers(-sign, sign - 1) if sign else st.integers(0, (1 << width) - 1))


def _players() -> st.SearchStrategy[State]:
    shorts = st.integers(-(2**15), 2**15 - 1)
    arrays = st.dictionaries(st.integers(0, 191).filter(lambda place: not 48 <= place < 64), shorts, max_size=12)
    powerups = st.dictionaries(st.integers(48, 63), st.integers(-(2**31), 2**31 - 1), max_size=3)
    return st.tuples(_cells(PLAYER), arrays, powerups).map(
        lambda parts: parts[0] + [{**parts[1], **parts[2]}.get(place, 0) for place in range(192)]
    )


@settings(max_examples=40)
@given(_cells(ENTITY), _cells(ENTITY), st.integers(0, 1022))
def test_an_entity_reads_back(old: State, new: State, number: int) -> None:
    bits = BitWriter()
    write_entity(bits, number, old, new)
    write_entity(bits, 1022, new, None)
    reader = BitReader(bits.payload())
    head = reader.entity_head()
    assert head & 1023 == number
    assert read_entity(reader, head, old) == new
    assert reader.entity_head() == 1022 | 1 << 10
    reader.check()


@given(_cells(SHARED), _cells(SHARED))
def test_a_shared_part_reads_back(old: State, new: State) -> None:
    bits = BitWriter()
    write_shared(bits, old, new)
    write_shared(bits, new, None)
    reader = BitReader(bits.payload())
    assert read_shared(reader, old) == new
    assert read_shared(reader, new) == SHARED.zero
    reader.check()


@settings(max_examples=40)
@given(_players(), _players())
def test_a_player_reads_back(old: State, new: State) -> None:
    bits = BitWriter()
    write_player(bits, old, new)
    reader = BitReader(bits.payload())
    assert read_player(reader, old) == new
    reader.check()


def test_a_state_that_did_not_change_is_the_same_one() -> None:
    bits = BitWriter()
    write_entity(bits, 7, ENTITY.zero, ENTITY.zero)
    reader = BitReader(bits.payload())
    assert read_entity(reader, reader.entity_head(), ENTITY.zero) is ENTITY.zero
