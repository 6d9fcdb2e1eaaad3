"""The mirror of `messages`: a gamestate, commands and a snapshot become one message's bytes."""

from __future__ import annotations

from etstats.demo import protocol as wire
from etstats.demo.bit_writer import BitWriter
from etstats.demo.delta_writer import write_entity, write_player, write_shared
from etstats.demo.messages import Gamestate, Message, Snapshot
from etstats.demo.protocol import ENTITY, NO_ENTITY, PLAYER, SHARED, TV_PROTOCOL


def write_message(message: Message, gamestate: Gamestate, source: Snapshot | None) -> bytes:
    """*gamestate* is the one that holds; *source* is what the message's snapshot builds on, None for a full one."""
    bits = BitWriter()
    bits.long(message.acknowledge)
    if message.gamestate is not None:
        write_gamestate(bits, message.gamestate)
    for command in message.commands:
        bits.byte(wire.SERVER_COMMAND)
        bits.long(command.sequence)
        bits.string(command.content)
    if message.snapshot is not None:
        write_snapshot(bits, message.snapshot, gamestate, source)
    bits.byte(wire.END)
    return bits.payload()


def write_gamestate(bits: BitWriter, gamestate: Gamestate) -> None:
    tv = gamestate.protocol == TV_PROTOCOL
    bits.byte(wire.GAMESTATE)
    bits.long(gamestate.command_sequence)
    for index, value in sorted(gamestate.configstrings.items()):
        bits.byte(wire.CONFIGSTRING)
        bits.short(index)
        bits.string(value)
    for number, state in sorted(gamestate.baselines.items()):
        bits.byte(wire.BASELINE)
        write_entity(bits, number, ENTITY.zero, state)
        if tv:
            write_shared(bits, SHARED.zero, gamestate.shared_baselines.get(number, SHARED.zero))
    for number, (state, part) in sorted(gamestate.current.items()):
        bits.byte(wire.CURRENT_STATE)
        write_entity(bits, number, gamestate.baselines.get(number, ENTITY.zero), state)
        write_shared(bits, gamestate.shared_baselines.get(number, SHARED.zero), part)
    bits.byte(wire.END)
    bits.long(gamestate.recorder)
    bits.long(gamestate.checksum_feed)


def write_snapshot(bits: BitWriter, snapshot: Snapshot, gamestate: Gamestate, source: Snapshot | None) -> None:
    """As what differs from *source*, which the reader must have; its own `delta` must say how far back that is."""
    bits.byte(wire.SNAPSHOT)
    bits.long(snapshot.server_time_ms)
    bits.byte(snapshot.delta)
    bits.byte(snapshot.flags)
    bits.byte(len(snapshot.area_mask))
    for byte in snapshot.area_mask:
        bits.byte(byte)
    write_player(bits, PLAYER.zero if source is None else source.player, snapshot.player)
    _write_entities(bits, snapshot, gamestate, source)
    bits.bits(NO_ENTITY, 10)
    if gamestate.protocol == TV_PROTOCOL:
        _write_players(bits, snapshot, source)


def _write_entities(bits: BitWriter, snapshot: Snapshot, gamestate: Gamestate, source: Snapshot | None) -> None:
    tv = gamestate.protocol == TV_PROTOCOL
    before = {} if source is None else source.entities
    shared_before = {} if source is None else source.shared
    for number in sorted(before.keys() | snapshot.entities.keys()):
        old, new = before.get(number), snapshot.entities.get(number)
        part = snapshot.shared.get(number) if tv and new is not None else None
        old_part = shared_before.get(number)
        if old is not None and old_part is part and old is new:
            continue
        if old is not None and old == new and old_part == part:
            continue
        write_entity(bits, number, gamestate.baselines.get(number, ENTITY.zero) if old is None else old, new)
        if tv:
            if old_part is None:
                old_part = gamestate.shared_baselines.get(number, SHARED.zero)
            write_shared(bits, old_part, part)


def _write_players(bits: BitWriter, snapshot: Snapshot, source: Snapshot | None) -> None:
    before = {} if source is None else source.players
    bits.byte(wire.PLAYER_STATES)
    for client, state in sorted(snapshot.players.items()):
        bits.byte(client)
        write_player(bits, before.get(client, PLAYER.zero), state)
    bits.byte(wire.NO_CLIENT)
