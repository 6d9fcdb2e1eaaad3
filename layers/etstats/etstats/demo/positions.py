"""Where players are and where they look, sampled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from etstats.demo.decode import VIEW, Decoder
from etstats.demo.messages import State
from etstats.demo.mods import VANILLA, Mod, choose_by
from etstats.demo.protocol import CLIENTS, ENTITY, PLAYER, POWERUPS, STATS, Place, as_floats
from etstats.demo.reader import Reader

_TYPE = ENTITY.at["eType"]
_PLAYER_TYPE = 1
_FLAGS = ENTITY.at["eFlags"]
_DEAD = 0x1
_PLACE = ENTITY.at["pos.trBase[0]"]
_POWERUPS = ENTITY.at["powerups"]
_ANGLES = ENTITY.at["apos.trBase[0]"]
_VIEW_CLIENT = PLAYER.at["clientNum"]
_VIEW_TYPE = PLAYER.at["pm_type"]
_VIEW_PLACE = PLAYER.at["origin[0]"]
_VIEW_ANGLES = PLAYER.at["viewangles[0]"]
_SPECTATOR = 2
_DEAD_TYPE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """*position* in the map's units, *angles* pitch, yaw and roll in degrees. *health* is None where it is not sent.
    *carrying*: he has an objective with him."""

    at_ms: int
    client: int
    position: Place
    angles: Place
    alive: bool
    health: int | None
    carrying: bool = False


def read_positions(source: BinaryIO | bytes, *, every_ms: int = 1000) -> Iterator[Position]:
    """Of all players of a TV's demo, else of the recorder (or whom he follows) and those he was told of.

    At the first snapshot of each *every_ms*; 0: at every one. Spectators are left out. Raises BadDemo.
    """
    due: int | None = None
    mod = VANILLA
    for decoder in Reader(source).steps():
        if decoder.has_gamestate:
            due, mod = None, choose_by(decoder.configstrings)
        if not decoder.has_snapshot or not decoder.valid or (due is not None and decoder.server_time_ms < due):
            continue
        due = (decoder.server_time_ms // every_ms + 1) * every_ms if every_ms > 0 else None
        yield from _sampled(decoder, mod)


def _sampled(decoder: Decoder, mod: Mod) -> Iterator[Position]:
    at_ms = decoder.server_time_ms
    views = _views(decoder)
    for client in range(CLIENTS):
        view, body = views.get(client), decoder.entity(client)
        if view is not None:
            if view[_VIEW_TYPE] != _SPECTATOR:
                yield _of_view(view, client, at_ms, mod)
        elif body is not None and body[_TYPE] == _PLAYER_TYPE:
            yield _of_body(body, client, at_ms, mod)


def _views(decoder: Decoder) -> dict[int, State]:
    """Of whoever is really seen through his own eyes; who follows somebody has that one's state."""
    seats = decoder.clients()
    states = {client: decoder.player(client) or [] for client in seats or [VIEW]}
    if seats:
        return {client: state for client, state in states.items() if state[_VIEW_CLIENT] == client}
    return {state[_VIEW_CLIENT]: state for state in states.values()}


def _of_body(state: State, client: int, at_ms: int, mod: Mod) -> Position:
    return Position(
        at_ms=at_ms,
        client=client,
        position=as_floats(state[_PLACE : _PLACE + 3]),
        angles=as_floats(state[_ANGLES : _ANGLES + 3]),
        alive=not state[_FLAGS] & _DEAD,
        health=None,
        carrying=any(state[_POWERUPS] >> flag & 1 for flag in mod.flags),
    )


def _of_view(state: State, client: int, at_ms: int, mod: Mod) -> Position:
    return Position(
        at_ms=at_ms,
        client=client,
        position=as_floats(state[_VIEW_PLACE : _VIEW_PLACE + 3]),
        angles=as_floats(state[_VIEW_ANGLES : _VIEW_ANGLES + 3]),
        alive=state[_VIEW_TYPE] != _DEAD_TYPE,
        health=state[STATS],
        carrying=any(state[POWERUPS + flag] for flag in mod.flags),
    )
