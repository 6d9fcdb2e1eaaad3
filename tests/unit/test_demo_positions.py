"""Positions: whose, how often, and out of which state."""

from __future__ import annotations

import pytest

from etstats.demo.positions import Position, read_positions
from etstats.demo.protocol import POWERUPS, SMALL_FLOATS, STATS
from tests.demo_builder import LEGACY, VANILLA, DemoBuilder, a_view, an_entity


def _cell(number: int) -> int:
    return SMALL_FLOATS[number + 4096]


def _view(client: int, x: int, **fields: int) -> list[int]:
    place = {"origin[0]": _cell(x), "viewangles[1]": _cell(90)}
    return a_view({STATS: 120}, clientNum=client, **place, **fields)


def _body(x: int, **fields: int) -> list[int]:
    return an_entity(eType=1, **{"pos.trBase[0]": _cell(x), "apos.trBase[1]": _cell(-45)}, **fields)


def test_a_tv_demo_has_every_player_and_no_spectator() -> None:
    players = {0: _view(0, 5), 1: _view(1, -7, pm_type=3), 2: _view(0, 5), 3: _view(3, 9, pm_type=2)}
    demo = DemoBuilder(tv=True).snapshot(1000, {0: _body(5), 1: _body(-7)}, players=players)
    assert list(read_positions(demo.content())) == [
        Position(at_ms=1000, client=0, position=(5, 0, 0), angles=(0, 90, 0), alive=True, health=120),
        Position(at_ms=1000, client=1, position=(-7, 0, 0), angles=(0, 90, 0), alive=False, health=120),
    ]


def test_a_players_demo_has_himself_and_whom_he_was_told_of() -> None:
    demo = DemoBuilder().snapshot(1000, {1: _body(3), 2: _body(4, eFlags=1), 90: _body(8)}, view=_view(0, 5))
    assert [(seen.client, seen.position[0], seen.alive, seen.health) for seen in read_positions(demo.content())] == [
        (0, 5.0, True, 120),
        (1, 3.0, True, None),
        (2, 4.0, False, None),
    ]


def test_the_first_snapshot_of_each_interval_is_sampled() -> None:
    demo = DemoBuilder()
    for at_ms in (950, 1000, 1050, 1990, 2040, 4000):
        demo.snapshot(at_ms, view=_view(0, 1))
    assert [seen.at_ms for seen in read_positions(demo.content())] == [950, 1000, 2040, 4000]
    assert len(list(read_positions(demo.content(), every_ms=0))) == 6


@pytest.mark.parametrize(("serverinfo", "flag"), [(LEGACY, 5), (LEGACY, 6), (VANILLA, 6), (VANILLA, 7)])
def test_who_carries_an_objective(serverinfo: bytes, flag: int) -> None:
    own = a_view({POWERUPS + flag: 1}, clientNum=0)
    demo = DemoBuilder(serverinfo).snapshot(1000, {1: _body(3, powerups=1 << flag), 2: _body(4)}, view=own)
    assert [seen.carrying for seen in read_positions(demo.content())] == [True, True, False]
