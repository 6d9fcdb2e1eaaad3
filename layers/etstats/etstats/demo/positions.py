"""Where players are and where they look, sampled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from etstats.demo.deltas import State
from etstats.demo.messages import Snapshot
from etstats.demo.protocol import CLIENTS, ENTITY, PLAYER, STATS, as_float
from etstats.demo.reader import Reader

_TYPE = ENTITY.at["eType"]
_PLAYER_TYPE = 1
_FLAGS = ENTITY.at["eFlags"]
_DEAD = 0x1
_PLACE = ENTITY.at["pos.trBase[0]"]
_ANGLES = ENTITY.at["apos.trBase[0]"]
_VIEW_CLIENT = PLAYER.at["clientNum"]
_VIEW_TYPE = PLAYER.at["pm_type"]
_VIEW_PLACE = PLAYER.at["origin[0]"]
_VIEW_ANGLES = PLAYER.at["viewangles[0]"]
_SPECTATOR = 2
_DEAD_TYPE = 3

_Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """*position* in the map's units, *angles* pitch, yaw and roll in degrees. *health* is None where it is not sent."""

    at_ms: int
    client: int
    position: _Triple
    angles: _Triple
    alive: bool
    health: int | None
    carrying: bool = False


def read_positions(source: BinaryIO | bytes, *, every_ms: int = 1000) -> Iterator[Position]:
    """Of all players of a TV's demo, else of the recorder (or whom he follows) and those he was told of.

    At the first snapshot of each *every_ms*; 0: at every one. Spectators are left out. Raises BadDemo.
    """
    due: int | None = None
    for message in Reader(source):
        if message.gamestate is not None:
            due = None
        snapshot = message.snapshot
        if snapshot is None or not snapshot.valid or (due is not None and snapshot.server_time_ms < due):
            continue
        at_ms = snapshot.server_time_ms
        due = (at_ms // every_ms + 1) * every_ms if every_ms > 0 else None
        yield from _sampled(snapshot)


def _sampled(snapshot: Snapshot) -> Iterator[Position]:
    own = {client: state for client, state in snapshot.players.items() if state[_VIEW_CLIENT] == client}
    if not snapshot.players and 0 <= (client := snapshot.player[_VIEW_CLIENT]) < CLIENTS:
        own = {client: snapshot.player}
    entities = snapshot.entities.items()
    bodies = {number: state for number, state in entities if number < CLIENTS and state[_TYPE] == _PLAYER_TYPE}
    for client in sorted(own.keys() | bodies.keys()):
        if client not in own:
            yield _of_body(bodies[client], client, snapshot.server_time_ms)
        elif own[client][_VIEW_TYPE] != _SPECTATOR:
            yield _of_view(own[client], client, snapshot.server_time_ms)


def _of_body(state: State, client: int, at_ms: int) -> Position:
    return Position(
        at_ms=at_ms,
        client=client,
        position=_triple(state, _PLACE),
        angles=_triple(state, _ANGLES),
        alive=not state[_FLAGS] & _DEAD,
        health=None,
    )


def _of_view(state: State, client: int, at_ms: int) -> Position:
    return Position(
        at_ms=at_ms,
        client=client,
        position=_triple(state, _VIEW_PLACE),
        angles=_triple(state, _VIEW_ANGLES),
        alive=state[_VIEW_TYPE] != _DEAD_TYPE,
        health=state[STATS],
    )


def _triple(state: State, place: int) -> _Triple:
    return as_float(state[place]), as_float(state[place + 1]), as_float(state[place + 2])
