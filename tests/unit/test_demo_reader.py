"""Any bytes are read or refused with our own error; a torn end is normal."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etstats.demo.decode import States
from etstats.demo.encode import Encoder
from etstats.demo.messages import Message
from etstats.demo.protocol import ENTITY, SHARED
from etstats.demo.reader import Reader
from etstats.errors import BadDemo

_END = struct.pack("<ii", -1, -1)


def _record(number: int, payload: bytes) -> bytes:
    return struct.pack("<ii", number, len(payload)) + payload


def _states() -> States:
    states = States()
    states.put_baseline(70, _entity(eType=4), SHARED.zero)
    return states


def _gamestate(number: int = 1) -> bytes:
    """Its commands begin with 8; client 3 recorded it."""
    encoder = Encoder()
    encoder.begin(0)
    strings = {0: rb"\mapname\adlernest\gamename\legacy"}
    encoder.gamestate(
        _states(), strings, tv=False, command_sequence=7, recorder=3, checksum_feed=99, with_current=False
    )
    return _record(number, encoder.end())


def _entity(**fields: int) -> list[int]:
    state = ENTITY.zero[:]
    for name, cell in fields.items():
        state[ENTITY.at[name]] = cell
    return state


def _snapshot(number: int, *, time_ms: int, delta: int = 0, entities: dict[int, list[int]] | None = None) -> bytes:
    """A snapshot whose every entity is written against its baseline."""
    states, encoder = _states(), Encoder()
    table = states.fresh(-1)
    for entity, state in (entities or {}).items():
        states.put_entity(entity, state, SHARED.zero)
    encoder.begin(0)
    encoder.snapshot(states, server_time_ms=time_ms, delta=delta, flags=0, area_mask=b"", table=table, source=-1)
    return _record(number, encoder.end())


def _read(content: bytes) -> tuple[Reader, list[Message]]:
    reader = Reader(content)
    return reader, list(reader)


def test_a_demo_is_a_gamestate_and_snapshots() -> None:
    reader, messages = _read(_gamestate() + _snapshot(2, time_ms=50, entities={70: _entity(eType=4, frame=9)}) + _END)
    assert (reader.messages, reader.snapshots, reader.truncated, reader.fault) == (2, 1, False, None)
    gamestate, snapshot = messages[0].gamestate, messages[1].snapshot
    assert gamestate is not None
    assert snapshot is not None
    assert (gamestate.protocol, gamestate.recorder, gamestate.command_sequence) == (84, 3, 7)
    assert snapshot.entities == {70: _entity(eType=4, frame=9)}


def test_an_entity_that_is_not_mentioned_stays() -> None:
    first = _snapshot(2, time_ms=50, entities={70: _entity(eType=4, frame=9), 71: _entity(eType=1)})
    _, messages = _read(_gamestate() + first + _snapshot(3, time_ms=100, delta=1) + _END)
    before, after = messages[1].snapshot, messages[2].snapshot
    assert before is not None
    assert after is not None
    assert after.entities == before.entities
    assert after.written == []


def test_a_snapshot_whose_source_is_missing_is_marked_and_no_source_itself() -> None:
    lost = _snapshot(5, time_ms=100, delta=1) + _snapshot(6, time_ms=150, delta=1)
    reader, messages = _read(_gamestate() + _snapshot(2, time_ms=50) + lost + _END)
    assert [message.snapshot.valid for message in messages if message.snapshot] == [True, False, False]
    assert (reader.snapshots, reader.invalid_snapshots) == (1, 2)
    assert reader.last_server_time_ms == 50


def test_a_source_is_forgotten_after_32_messages() -> None:
    snapshots = b"".join(_snapshot(number, time_ms=number * 50) for number in range(2, 35))
    reader, _ = _read(_gamestate() + snapshots + _snapshot(35, time_ms=9000, delta=33) + _END)
    assert (reader.snapshots, reader.invalid_snapshots) == (33, 1)


def test_a_second_gamestate_forgets_the_first_ones_snapshots() -> None:
    first = _gamestate() + _snapshot(2, time_ms=50)
    reader, _ = _read(first + _gamestate(3) + _snapshot(4, time_ms=10, delta=2) + _END)
    assert (reader.gamestates, reader.snapshots, reader.invalid_snapshots) == (2, 1, 1)


def test_what_follows_the_end_is_ignored() -> None:
    reader, _ = _read(_gamestate() + _END + b"anything")
    assert (reader.messages, reader.truncated) == (1, False)


def test_a_torn_end_is_read_up_to_the_tear() -> None:
    whole = _gamestate() + _snapshot(2, time_ms=50)
    for torn in (whole, whole + b"\1\0", whole + _snapshot(3, time_ms=100)[:-1]):
        reader, _ = _read(torn)
        assert (reader.messages, reader.truncated, reader.fault) == (2, True, None)


def test_damage_behind_the_gamestate_ends_the_demo_there() -> None:
    sound = _gamestate() + _snapshot(2, time_ms=50)
    reader, _ = _read(sound + _record(3, b"\0" * 40) + _snapshot(4, time_ms=100) + _END)
    assert (reader.messages, reader.truncated) == (2, True)
    assert reader.fault is not None
    assert reader.fault.offset == len(sound)


@pytest.mark.parametrize(
    "content", [b"", _END, b"RIFF\0\0\0\0WAVEfmt ", _snapshot(2, time_ms=50), _gamestate()[:-3], b"\0" * 4000]
)
def test_what_is_no_demo_is_refused(content: bytes) -> None:
    with pytest.raises(BadDemo):
        _read(content)


def test_a_pipe_that_gives_little_at_a_time_is_read_the_same() -> None:
    class Drip(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 3))

    reader = Reader(Drip(_gamestate() + _snapshot(2, time_ms=50) + _END))
    assert len(list(reader)) == 2


@given(st.binary(max_size=400), st.integers(0, 40))
def test_any_bytes_are_read_or_refused(noise: bytes, at: int) -> None:
    content = bytearray(_gamestate() + _snapshot(2, time_ms=50, entities={70: _entity(eType=4, frame=9)}) + _END)
    content[at : at + len(noise)] = noise
    for tried in (noise, bytes(content), _gamestate() + _record(2, noise) + _record(3, noise[::-1])):
        try:
            reader, messages = _read(tried)
        except BadDemo:
            continue
        assert reader.messages == len(messages)
