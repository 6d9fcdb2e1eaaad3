"""One message's bits become a gamestate, server commands and a snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field

from etstats.demo import protocol as wire
from etstats.demo.bits import BitReader
from etstats.demo.deltas import REMOVED, State, read_entity, read_player, read_shared
from etstats.demo.protocol import ENTITY, PLAYER, SHARED
from etstats.errors import BadDemo


@dataclass(frozen=True, slots=True, kw_only=True)
class Gamestate:
    """Everything a client is told when it connects, or the map changes. *recorder* is a client number.

    *baselines*: entity number → what its first delta is against; *shared_baselines* and *current* (what the world was,
    with its shared part, when recording began) only in a TV's demo.
    """

    protocol: int
    command_sequence: int
    recorder: int
    checksum_feed: int
    configstrings: dict[int, bytes]
    baselines: dict[int, State]
    shared_baselines: dict[int, State]
    current: dict[int, tuple[State, State]]


@dataclass(slots=True, kw_only=True)
class Snapshot:
    """The world at one server time. Never changed once read; states are shared between snapshots.

    *valid* is False when the snapshot it builds on is not there: then only its time is to be believed. *entities*:
    number → state; *written*: the numbers that came in this message. In a TV's demo *shared* has the entities' shared
    parts and *players* client number → player state; *player* is the recorder's view (of whom it follows).
    """

    number: int
    server_time_ms: int
    delta: int
    flags: int
    area_mask: bytes
    valid: bool
    player: State
    entities: dict[int, State]
    shared: dict[int, State]
    written: list[int]
    players: dict[int, State] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCommand:
    """A line for the client's console."""

    sequence: int
    content: bytes


@dataclass(slots=True, kw_only=True)
class Message:
    """What one record says. *acknowledge* is the recorder's last command the server has seen."""

    number: int
    acknowledge: int = 0
    gamestate: Gamestate | None = None
    commands: list[ServerCommand] = field(default_factory=list)
    snapshot: Snapshot | None = None


class Decoder:
    """Reads messages in their order; keeps the baselines and the last 32 snapshots, which later ones build on."""

    def __init__(self) -> None:
        self.gamestate: Gamestate | None = None
        self._kept: list[Snapshot | None] = [None] * wire.KEPT_SNAPSHOTS

    def read(self, number: int, payload: bytes) -> Message:
        """Raises BadDemo. Whatever stands behind a message's end is a mod's own and left alone."""
        bits = BitReader(payload)
        message = Message(number=number, acknowledge=bits.long())
        while (command := bits.byte()) != wire.END:
            if command == wire.SERVER_COMMAND:
                message.commands.append(
                    ServerCommand(sequence=bits.long(), content=bits.string(wire.MAX_STRING)),
                )
            elif command == wire.SNAPSHOT:
                message.snapshot = self._snapshot(bits, number)
            elif command == wire.PLAYER_STATES:
                self._player_states(bits, message.snapshot)
            elif command == wire.GAMESTATE:
                message.gamestate = self.gamestate = read_gamestate(bits)
                self._kept = [None] * wire.KEPT_SNAPSHOTS
            elif command != wire.NOP:
                raise BadDemo("bad_command", f"a message cannot have a command {command}")
            bits.check()
        bits.check()
        return message

    def source_of(self, number: int, delta: int) -> Snapshot | None:
        """The snapshot that the one of message *number* builds on, if it is there."""
        source = self._kept[(number - delta) & (wire.KEPT_SNAPSHOTS - 1)]
        return source if source is not None and source.number == number - delta else None

    def _snapshot(self, bits: BitReader, number: int) -> Snapshot:
        if self.gamestate is None:
            raise BadDemo("no_gamestate", "a snapshot comes before any gamestate")
        time_ms, delta, flags, area_bytes = bits.long(), bits.byte(), bits.byte(), bits.byte()
        if area_bytes > wire.MAX_AREA_MASK:
            raise BadDemo("bad_area_mask", f"an area mask has at most {wire.MAX_AREA_MASK} bytes, not {area_bytes}")
        area_mask = bits.raw(area_bytes)
        source = self.source_of(number, delta) if delta else None
        snapshot = Snapshot(
            number=number,
            server_time_ms=time_ms,
            delta=delta,
            flags=flags,
            area_mask=area_mask,
            valid=delta == 0 or source is not None,
            player=read_player(bits, source.player if source else PLAYER.zero),
            entities=source.entities.copy() if source else {},
            shared=source.shared.copy() if source else {},
            written=[],
        )
        read_entities(bits, snapshot, self.gamestate)
        if snapshot.valid:
            self._kept[number & (wire.KEPT_SNAPSHOTS - 1)] = snapshot
        return snapshot

    def _player_states(self, bits: BitReader, snapshot: Snapshot | None) -> None:
        if snapshot is None:
            raise BadDemo("no_snapshot", "player states come without a snapshot")
        source = self.source_of(snapshot.number, snapshot.delta) if snapshot.delta else None
        old = source.players if source else {}
        while (client := bits.byte()) != wire.NO_CLIENT:
            if client >= wire.CLIENTS or client in snapshot.players:
                raise BadDemo("bad_client", f"a player state for client {client}")
            snapshot.players[client] = read_player(bits, old.get(client, PLAYER.zero))


def read_entities(bits: BitReader, snapshot: Snapshot, gamestate: Gamestate) -> None:
    """What changed among *snapshot*'s entities, which are its source's when this starts."""
    entities, shared, written = snapshot.entities, snapshot.shared, snapshot.written
    baselines, shared_baselines = gamestate.baselines, gamestate.shared_baselines
    tv = gamestate.protocol == wire.TV_PROTOCOL
    last = -1
    while True:
        head = bits.entity_head()
        number = head & 1023
        if number == wire.NO_ENTITY:
            return
        if number <= last:
            raise BadDemo("bad_entity", f"entity {number} comes after entity {last}")
        last = number
        written.append(number)
        old = entities.get(number)
        if tv:
            old_shared = shared.get(number)
        if head & REMOVED:
            entities.pop(number, None)
        else:
            entities[number] = read_entity(bits, head, baselines.get(number, ENTITY.zero) if old is None else old)
        if tv:
            if old_shared is None:
                old_shared = shared_baselines.get(number, SHARED.zero)
            part = read_shared(bits, old_shared)
            if head & REMOVED:
                shared.pop(number, None)
            else:
                shared[number] = part


def read_gamestate(bits: BitReader) -> Gamestate:
    """After the command's id. Which protocol it is shows behind the first baseline."""
    sequence = bits.long()
    reading = _GamestateItems(bits)
    while (item := bits.byte()) != wire.END:
        reading.take(item)
        bits.check()
    recorder, checksum_feed = bits.long(), bits.long()
    bits.check()
    return Gamestate(
        protocol=reading.protocol or wire.PLAYER_PROTOCOL,
        command_sequence=sequence,
        recorder=recorder,
        checksum_feed=checksum_feed,
        configstrings=reading.configstrings,
        baselines=reading.baselines,
        shared_baselines=reading.shared_baselines,
        current=reading.current,
    )


class _GamestateItems:
    def __init__(self, bits: BitReader) -> None:
        self.bits = bits
        self.protocol = 0  # not known yet
        self.configstrings: dict[int, bytes] = {}
        self.baselines: dict[int, State] = {}
        self.shared_baselines: dict[int, State] = {}
        self.current: dict[int, tuple[State, State]] = {}

    def take(self, item: int) -> None:
        if item == wire.CONFIGSTRING:
            self._configstring()
        elif item == wire.BASELINE:
            self._baseline()
        elif item == wire.CURRENT_STATE:
            self._current()
        else:
            raise BadDemo("bad_gamestate", f"a gamestate cannot have an item {item}")

    def _configstring(self) -> None:
        index = self.bits.short()
        if not 0 <= index < wire.CONFIGSTRINGS:
            raise BadDemo("bad_configstring", f"there is no configstring {index}")
        self.configstrings[index] = self.bits.string(wire.MAX_BIG_STRING)

    def _baseline(self) -> None:
        head = self._head()
        number = head & wire.NO_ENTITY
        self.baselines[number] = self._state(head, ENTITY.zero)
        if self.protocol == 0:
            marked = self.bits.peek_byte() == wire.SHARED_MAGIC
            self.protocol = wire.TV_PROTOCOL if marked else wire.PLAYER_PROTOCOL
        if self.protocol == wire.TV_PROTOCOL:
            self.shared_baselines[number] = read_shared(self.bits, SHARED.zero)

    def _current(self) -> None:
        self.protocol = wire.TV_PROTOCOL
        head = self._head()
        number = head & wire.NO_ENTITY
        state = self._state(head, self.baselines.get(number, ENTITY.zero))
        self.current[number] = state, read_shared(self.bits, self.shared_baselines.get(number, SHARED.zero))

    def _head(self) -> int:
        head = self.bits.entity_head()
        if head & wire.NO_ENTITY == wire.NO_ENTITY:
            raise BadDemo("bad_entity", f"there is no entity {wire.NO_ENTITY}")
        return head

    def _state(self, head: int, old: State) -> State:
        return ENTITY.zero if head & REMOVED else read_entity(self.bits, head, old)
