"""What is cut reads back as the same states, commands and events."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.demo.cut import cut, point_of_view
from etstats.demo.demo import Demo
from etstats.demo.events import Event
from etstats.demo.messages import Snapshot
from etstats.demo.reader import Reader
from etstats.errors import BadDemo
from tests.demo_builder import DemoBuilder, a_view, an_entity

_State = tuple[int, dict[int, list[int]], dict[int, list[int]], list[int], dict[int, list[int]]]


def _cut(content: bytes, from_ms: int, to_ms: int) -> bytes:
    out = BytesIO()
    cut(content, out, from_ms=from_ms, to_ms=to_ms)
    return out.getvalue()


def _states(content: bytes) -> list[_State]:
    snapshots = [message.snapshot for message in Reader(content) if message.snapshot]
    return [_state(snapshot) for snapshot in snapshots if snapshot.valid]


def _state(snapshot: Snapshot) -> _State:
    return snapshot.server_time_ms, snapshot.entities, snapshot.shared, snapshot.player, snapshot.players


def _events(content: bytes, *, but: tuple[str, ...] = ("round",)) -> list[Event]:
    return [event for event in Demo(content).events() if event.kind not in but]


def _evening(*, tv: bool) -> DemoBuilder:
    """Twenty snapshots, 50 ms apart from 1000: one player moves, one comes and goes, commands all along."""
    demo = DemoBuilder(tv=tv)
    for step in range(20):
        entities = {0: an_entity(eType=1, frame=step), 70: an_entity(eType=4)}
        if step % 4 < 2:
            entities[1] = an_entity(eType=1, frame=step // 8)
        if step in (5, 6, 12):
            entities[90] = an_entity(eType=62 + 68, otherEntityNum=1, eventParm=step)
        view = a_view(commandTime=step, clientNum=0)
        commands = [b'cs 689 "n\\vid%d\\t\\1"' % step, b'chat "vid: %d" 0' % step]
        here = [client for client in range(2) if client in entities]
        states = {client: a_view(commandTime=step, clientNum=client) for client in here}
        demo.snapshot(1000 + 50 * step, entities, commands=commands, view=view, players=states if tv else None)
    return demo


_EVENINGS = {tv: _evening(tv=tv).content() for tv in (False, True)}


@pytest.mark.parametrize("tv", [False, True])
def test_a_cut_at_any_snapshot_has_its_states_and_events(tv: bool) -> None:
    whole = _EVENINGS[tv]
    states, events = _states(whole), _events(whole)
    for first in range(20):
        from_ms, to_ms = 1000 + 50 * first, 1000 + 50 * min(first + 7, 19)
        part = _cut(whole, from_ms, to_ms)
        assert _states(part) == [state for state in states if from_ms <= state[0] <= to_ms]
        expected = [event for event in events if from_ms <= event.at_ms <= to_ms]
        found = _events(part)
        # an event entity that is a snapshot old is new in the first snapshot of a cut
        assert [event for event in found if event.at_ms > from_ms or event.kind != "kill"] == [
            event for event in expected if event.at_ms > from_ms or event.kind != "kill"
        ]


@pytest.mark.parametrize("tv", [False, True])
def test_a_cut_of_a_cut_is_the_cut(tv: bool) -> None:
    once = _cut(_cut(_EVENINGS[tv], 1100, 1800), 1300, 1500)
    assert _states(once) == _states(_cut(_EVENINGS[tv], 1300, 1500))
    assert _events(once) == _events(_cut(_EVENINGS[tv], 1300, 1500))


def test_a_cut_knows_what_was_said_about_players_before() -> None:
    demo = Demo(_cut(_EVENINGS[False], 1500, 1500))
    list(demo.events())
    assert demo.about().players[0].name == "vid10"  # told in this very snapshot
    first = next(iter(Reader(_cut(_EVENINGS[False], 1500, 1500)))).gamestate
    assert first is not None
    assert first.configstrings[689] == rb"n\vid9\t\1"


def test_a_cut_between_the_parts_of_a_long_configstring() -> None:
    long = b"x" * 950
    parts = [rb'bcs0 689 "n\%s"' % long, b'bcs1 689 "%s"' % long, rb'bcs2 689 "end\t\1"']
    demo = DemoBuilder()
    for step, part in enumerate(parts):
        demo.snapshot(1000 + 50 * step, commands=[part])
    for from_ms in (1000, 1050, 1100):
        (change,) = [event for event in _events(_cut(demo.content(), from_ms, 1100)) if event.kind == "name"]
        assert getattr(change, "name", None) == (long + long + b"end").decode()


def test_a_cut_where_snapshots_were_lost() -> None:
    demo = DemoBuilder().snapshot(1000, {70: an_entity(eType=4)}).snapshot(1050, lost=True)
    demo.snapshot(1100, commands=[b'cs 689 "n\\x\\t\\1"']).snapshot(1150, {70: an_entity(eType=4, frame=3)}, full=True)
    part = _cut(demo.content(), 1100, 1150)
    assert [state[0] for state in _states(part)] == [1150]
    demo_part = Demo(_cut(demo.content(), 1000, 1150))
    assert [event.at_ms for event in demo_part.events() if event.kind == "name"] == [1150]


def test_a_point_of_view_is_the_players_own_state_without_his_body() -> None:
    out = BytesIO()
    cut_demo = point_of_view(_EVENINGS[True], out, client=1, from_ms=1050, to_ms=1400)
    assert (cut_demo.first_server_time_ms, cut_demo.last_server_time_ms) == (1050, 1400)
    read = Demo(out.getvalue())
    assert len(list(read.events())) > 0
    assert (read.about().protocol, read.about().recorder) == (84, 1)
    states = _states(out.getvalue())
    assert [state[0] for state in states] == [1050, 1200, 1250, 1400]
    for at_ms, entities, shared, player, players in states:
        assert 0 in entities
        assert 1 not in entities
        assert player == a_view(commandTime=(at_ms - 1000) // 50, clientNum=1)
        assert (shared, players) == ({}, {})


@pytest.mark.parametrize(
    ("tv", "client", "from_ms", "to_ms"),
    [(True, None, 9000, 9999), (True, None, 1100, 1000), (True, 64, 0, 9999), (True, 9, 0, 9999), (False, 0, 0, 9999)],
)
def test_what_cannot_be_cut_is_refused(tv: bool, client: int | None, from_ms: int, to_ms: int) -> None:
    with pytest.raises(BadDemo):
        if client is None:
            cut(_EVENINGS[tv], BytesIO(), from_ms=from_ms, to_ms=to_ms)
        else:
            point_of_view(_EVENINGS[tv], BytesIO(), client=client, from_ms=from_ms, to_ms=to_ms)


def test_message_numbers_that_lie_too_far_apart_are_refused() -> None:
    """A cut begins with a positive number; from a negative one the way to the largest is too long."""
    demo = DemoBuilder().snapshot(1000).snapshot(1050, full=True).content()
    second = 8 + struct.unpack_from("<i", demo, 4)[0]
    third = second + 8 + struct.unpack_from("<i", demo, second + 4)[0]
    torn = bytearray(demo)
    struct.pack_into("<i", torn, second, -(2**31))
    struct.pack_into("<i", torn, third, 2**31 - 1)
    with pytest.raises(BadDemo, match="number"):
        _cut(bytes(torn), 1000, 1050)


@settings(max_examples=60)
@given(st.binary(min_size=1, max_size=30), st.integers(0, len(_EVENINGS[True])))
def test_damaged_demos_are_cut_up_to_the_damage_or_refused(noise: bytes, at: int) -> None:
    whole = _EVENINGS[True]
    damaged = whole[:at] + noise + whole[at + len(noise) :]
    try:
        part = _cut(damaged, 0, 99_999)
    except BadDemo:
        return
    assert not (reader := Reader(part)).truncated
    assert list(reader)
    assert reader.fault is None
