"""What a message says, as plain values. Reading events builds none of them; they are for what is not an event yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from etstats.demo import protocol as wire
from etstats.demo.decode import VIEW, Decoder

State = list[int]  # never changed once made: snapshots share states


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


def gamestate_of(decoder: Decoder) -> Gamestate:
    """The one that holds."""
    tv = decoder.protocol == wire.TV_PROTOCOL
    baselines = decoder.baselines()
    return Gamestate(
        protocol=decoder.protocol,
        command_sequence=decoder.command_sequence,
        recorder=decoder.recorder,
        checksum_feed=decoder.checksum_feed,
        configstrings=decoder.configstrings,
        baselines={number: state for number, (state, _) in baselines.items()},
        shared_baselines={number: part for number, (_, part) in baselines.items()} if tv else {},
        current=decoder.current(),
    )


class Messages:
    """Follows a decoder from its first message on, and tells each as a value."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._kept: list[Snapshot | None] = [None] * wire.KEPT_SNAPSHOTS

    def last(self) -> Message:
        """What the decoder has just read."""
        decoder = self._decoder
        if decoder.has_gamestate:
            self._kept = [None] * wire.KEPT_SNAPSHOTS
        return Message(
            number=decoder.number,
            acknowledge=decoder.acknowledge,
            gamestate=gamestate_of(decoder) if decoder.has_gamestate else None,
            commands=[ServerCommand(sequence=sequence, content=content) for sequence, content in decoder.commands],
            snapshot=self._snapshot() if decoder.has_snapshot else None,
        )

    def _snapshot(self) -> Snapshot:
        decoder = self._decoder
        source = self._kept[(decoder.number - decoder.delta) & (wire.KEPT_SNAPSHOTS - 1)] if decoder.delta else None
        if source is not None and source.number != decoder.number - decoder.delta:
            source = None
        snapshot = Snapshot(
            number=decoder.number,
            server_time_ms=decoder.server_time_ms,
            delta=decoder.delta,
            flags=decoder.flags,
            area_mask=decoder.area_mask,
            valid=bool(decoder.valid),
            player=decoder.player(VIEW) or [],
            entities=source.entities.copy() if source else {},
            shared=source.shared.copy() if source else {},
            written=decoder.written(),
            players={client: decoder.player(client) or [] for client in decoder.clients()},
        )
        self._update(snapshot)
        if snapshot.valid:
            self._kept[snapshot.number & (wire.KEPT_SNAPSHOTS - 1)] = snapshot
        return snapshot

    def _update(self, snapshot: Snapshot) -> None:
        """What came, among the entities of what the snapshot builds on."""
        decoder = self._decoder
        tv = decoder.protocol == wire.TV_PROTOCOL
        for number in snapshot.written:
            state, part = decoder.entity(number), decoder.shared(number)
            if state is None or part is None:
                snapshot.entities.pop(number, None)
                snapshot.shared.pop(number, None)
                continue
            snapshot.entities[number] = state
            if tv:
                snapshot.shared[number] = part
