"""A demo's bits: the code, values and states; whatever is packed reads back."""

from __future__ import annotations

import struct
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.demo import decode, encode, huffman, huffman_tree
from etstats.demo.messages import Snapshot, State
from etstats.demo.protocol import ENTITY, PLAYER, SHARED, SMALL_FLOATS, Fields, as_float
from etstats.demo.reader import Reader
from etstats.errors import BadDemo
from tests.demo_builder import DemoBuilder

_WIDTHS = st.integers(1, 32)


def test_the_codes_come_from_the_frequencies() -> None:
    assert huffman_tree.derive_codes() == huffman.CODES


def test_no_code_starts_another() -> None:
    codes = sorted(huffman.CODES)
    assert not any(after.startswith(before) for before, after in pairwise(codes))


def test_a_byte_costs_as_many_bits_as_its_code() -> None:
    for value, code in enumerate(huffman.CODES):
        bits = encode.Bits()
        bits.byte(value)
        reader = decode.Bits(bits.payload())
        assert reader.byte() == value
        assert reader.position() == len(code)


def test_a_ten_bit_number_is_two_raw_bits_and_one_code() -> None:
    bits = encode.Bits()
    bits.bits(0b0000_0001_11, 10)  # low two bits raw, then the code of 1: 11011
    assert bits.payload() == bytes([0b01101111])  # 7 bits, so no further byte


def test_a_whole_number_is_sent_as_a_small_float() -> None:
    bits = encode.Bits()
    bits.cell(struct.unpack("<i", struct.pack("<f", -12.0))[0], 0)
    reader = decode.Bits(bits.payload())
    assert reader.bit() == 0
    assert reader.bits(13) == 4096 - 12
    assert as_float(SMALL_FLOATS[4096 - 12]) == -12.0


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), _WIDTHS)))
def test_numbers_read_back(values: list[tuple[int, int]]) -> None:
    bits = encode.Bits()
    for value, width in values:
        bits.bits(value, width)
    reader = decode.Bits(bits.payload())
    assert [reader.bits(width) for _, width in values] == [value & ((1 << width) - 1) for value, width in values]
    reader.check()


@given(st.binary(max_size=200))
def test_strings_read_back_except_the_percent_sign(content: bytes) -> None:
    text = content.replace(b"\0", b"")
    bits = encode.Bits()
    bits.string(text)
    assert decode.Bits(bits.payload()).string(1023) == text.replace(b"%", b".")


_DICE = st.integers(0, 2**32 - 1).map(Random)


def _state(dice: Random, fields: Fields) -> State:
    """Half of its cells are 0; the rest is as likely small as large."""
    return [_cell(dice, *kind) if dice.random() < 0.5 else 0 for kind in zip(fields.widths, fields.signs, strict=True)]


def _cell(dice: Random, width: int, sign: int) -> int:
    if width == 0:  # a float that is -0.0 goes out as nothing, so it cannot come back
        return dice.choice((dice.choice(SMALL_FLOATS), dice.randint(-(2**31) + 1, 2**31 - 1)))
    low, high = (-sign, sign - 1) if sign else (0, (1 << width) - 1)
    return dice.choice((low, high, dice.randint(low, high)))


def _player(dice: Random) -> State:
    shorts = [dice.randint(-(2**15), 2**15 - 1) if dice.random() < 0.1 else 0 for _ in range(192)]
    shorts[48:64] = [dice.randint(-(2**31), 2**31 - 1) if dice.random() < 0.1 else 0 for _ in range(16)]
    return _state(dice, PLAYER) + shorts


def _snapshots(demo: DemoBuilder) -> list[Snapshot]:
    return [message.snapshot for message in Reader(demo.content()) if message.snapshot is not None]


@settings(max_examples=40)
@given(_DICE, st.integers(0, 1022))
def test_an_entity_reads_back(dice: Random, number: int) -> None:
    old, new = _state(dice, ENTITY), _state(dice, ENTITY)
    demo = DemoBuilder().snapshot(1000, {number: old}).snapshot(1050, {number: new}).snapshot(1100)
    assert [snapshot.entities for snapshot in _snapshots(demo)] == [{number: old}, {number: new}, {}]


@settings(max_examples=40)
@given(_DICE, st.integers(0, 1022))
def test_a_shared_part_reads_back(dice: Random, number: int) -> None:
    old, new = _state(dice, SHARED), _state(dice, SHARED)
    demo = DemoBuilder(tv=True)
    for part in (old, new):
        demo.snapshot(1000, {number: ENTITY.zero}, shared={number: part})
    demo.snapshot(1100)
    assert [snapshot.shared for snapshot in _snapshots(demo)] == [{number: old}, {number: new}, {}]


@settings(max_examples=40)
@given(_DICE)
def test_a_player_reads_back(dice: Random) -> None:
    old, new = _player(dice), _player(dice)
    demo = DemoBuilder(tv=True)
    for state in (old, new):
        demo.snapshot(1000, view=state, players={5: state})
    read = _snapshots(demo)
    assert [snapshot.player for snapshot in read] == [old, new]
    assert [snapshot.players for snapshot in read] == [{5: old}, {5: new}]


def test_whole_numbers_that_fit_are_small_floats_and_no_others() -> None:
    small = {cell: number for number, cell in enumerate(SMALL_FLOATS)}
    for number in (*range(-5000, 5000), 0.5, -0.5, 1e9, -1e-9, -0.0, float("inf"), float("nan")):
        cell = struct.unpack("<i", struct.pack("<f", number))[0]
        assert encode.small_float(cell) == small.get(cell, -1)


def test_many_rows_are_kept_apart() -> None:
    """More entities that change at once than there is room for at first."""
    demo = DemoBuilder()
    for step in range(40):
        demo.snapshot(1000 + step, {number: a_state(number, step) for number in range(900)})
    for step, snapshot in enumerate(_snapshots(demo)):
        assert snapshot.entities == {number: a_state(number, step) for number in range(900)}


def a_state(number: int, step: int) -> State:
    state = ENTITY.zero[:]
    state[ENTITY.at["eType"]], state[ENTITY.at["time"]] = 1, number * 1000 + step
    return state


def test_a_message_a_client_would_not_take_is_refused() -> None:
    bits = encode.Bits()
    for _ in range(40_000):
        bits.byte(177)
    with pytest.raises(BadDemo):
        bits.payload()


def test_no_number_reaches_beyond_what_there_is() -> None:
    """The compiled core does not look at bounds itself."""
    decoder = decode.Decoder()
    for number in (-1, 1024, 2**30):
        with pytest.raises(ValueError, match="there is no"):
            decoder.entity(number)
        with pytest.raises(ValueError, match="there is no"):
            decoder.player(number)
        with pytest.raises(ValueError, match="there is no"):
            decode.States().put_entity(number, ENTITY.zero, SHARED.zero)
    with pytest.raises(ValueError, match="at most"):
        decode.Bits(b"1234").string(9000)
    with pytest.raises(ValueError, match="256 events"):
        decoder.watch(62, b"", -1)
    with pytest.raises(ValueError, match="a state of 3 cells"):
        decode.States().put_player(0, [1, 2, 3])
