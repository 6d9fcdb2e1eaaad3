"""A part of a demo as a demo of its own, and a TV's demo as one player's point of view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from etstats.demo.configstring import Configstrings
from etstats.demo.messages import Gamestate, Message, ServerCommand, Snapshot
from etstats.demo.protocol import CLIENTS, PLAYER, PLAYER_PROTOCOL, TV_PROTOCOL
from etstats.demo.reader import Reader
from etstats.demo.writer import Writer
from etstats.errors import BadDemo

_CLIENT = PLAYER.at["clientNum"]
EVER_MS = 1 << 31  # beyond any server time
_PART_BYTES = 900  # of a configstring, in one command


@dataclass(frozen=True, slots=True, kw_only=True)
class CutDemo:
    """What was written. Times are those of the first and the last snapshot in it."""

    messages: int
    snapshots: int
    first_server_time_ms: int
    last_server_time_ms: int


def cut(source: BinaryIO | bytes, out: BinaryIO, *, from_ms: int = -EVER_MS, to_ms: int = EVER_MS) -> CutDemo:
    """Writes what is in *source* from *from_ms* to *to_ms*, both included, to *out*, as a demo of the same kind.

    It never reaches over a map change: where time begins anew, the first map with something in that time counts.
    Raises BadDemo, also when there is nothing in that time.
    """
    return _Cut(source, out, from_ms, to_ms, None).run()


def point_of_view(
    source: BinaryIO | bytes,
    out: BinaryIO,
    *,
    client: int,
    from_ms: int = -EVER_MS,
    to_ms: int = EVER_MS,
) -> CutDemo:
    """Like `cut`, from a TV's demo to a player's: what *client* would have recorded, were nothing hidden from him.

    Moments without him are left out; commands sent to him alone are not in a TV's demo.
    """
    if not 0 <= client < CLIENTS:
        raise BadDemo("bad_client", f"clients are numbered from 0 to {CLIENTS - 1}; there is no {client}")
    return _Cut(source, out, from_ms, to_ms, client).run()


class _Cut:
    def __init__(self, source: BinaryIO | bytes, out: BinaryIO, from_ms: int, to_ms: int, client: int | None) -> None:
        if from_ms > to_ms:
            raise BadDemo("bad_range", f"a cut cannot begin at {from_ms} ms and end before, at {to_ms} ms")
        self.reader = Reader(source)
        self.writer = Writer(out)
        self.from_ms, self.to_ms, self.client = from_ms, to_ms, client
        self.strings = Configstrings({})
        self.sequence = 0  # of the last command that has happened
        self.taken = 0  # of the last command read
        self.waiting: list[Message] = []  # with commands, for the next snapshot
        self.shift = 0  # from message numbers read to those written
        self.first_ms: int | None = None
        self.last_ms = 0

    def run(self) -> CutDemo:
        for message in self._of_one_map():
            snapshot = message.snapshot
            if snapshot is None:
                self.waiting.append(message)
            elif snapshot.server_time_ms > self.to_ms and self.first_ms is not None:
                break
            elif self.first_ms is None and not self._starts(snapshot):
                self._skip(message)
            else:
                self._keep(message, snapshot)
        if self.first_ms is None:
            raise BadDemo("empty_cut", "the demo has nothing in that time" + self._whom())
        self.writer.end()
        return CutDemo(
            messages=self.writer.messages,
            snapshots=self.writer.snapshots,
            first_server_time_ms=self.first_ms,
            last_server_time_ms=self.last_ms,
        )

    def _whom(self) -> str:
        return "" if self.client is None else f" of client {self.client}"

    def _of_one_map(self) -> Iterator[Message]:
        """Messages with the commands that were not read before, up to a gamestate once writing has begun."""
        for message in self.reader:
            if message.gamestate is not None:
                if self.first_ms is not None:
                    return
                self._enter(message.gamestate)
            commands = [command for command in message.commands if command.sequence > self.taken]
            if commands:
                self.taken = commands[-1].sequence
            if commands or message.snapshot is not None:
                yield replace(message, gamestate=None, commands=commands)

    def _enter(self, gamestate: Gamestate) -> None:
        if self.client is not None and gamestate.protocol != TV_PROTOCOL:
            raise BadDemo("no_tv_demo", "only a TV's demo has every player's point of view")
        self.strings = Configstrings(gamestate.configstrings)
        self.sequence = self.taken = gamestate.command_sequence
        self.waiting = []

    def _starts(self, snapshot: Snapshot) -> bool:
        in_time = self.from_ms <= snapshot.server_time_ms <= self.to_ms
        return in_time and self._seen(snapshot) is not None

    def _skip(self, message: Message) -> None:
        """What *message* and those before it say has happened before the cut."""
        for earlier in (*self.waiting, message):
            for command in earlier.commands:
                self.strings.apply(command.content)
                self.sequence = command.sequence
        self.waiting = []

    def _keep(self, message: Message, snapshot: Snapshot) -> None:
        earlier: list[ServerCommand] = []
        if self.first_ms is None:
            earlier = self._begin(message.number)
            earlier += [command for waited in self.waiting for command in waited.commands]
            self.first_ms = snapshot.server_time_ms
        else:
            for waited in self.waiting:
                self._write(waited, None)
        self.waiting = []
        seen = self._seen(snapshot)
        if seen is not None:
            self.last_ms = snapshot.server_time_ms
        if seen is not None or message.commands:
            self._write(replace(message, commands=earlier + message.commands), seen)

    def _write(self, message: Message, snapshot: Snapshot | None) -> None:
        self.writer.write(replace(message, number=message.number + self.shift, snapshot=snapshot))

    def _begin(self, number: int) -> list[ServerCommand]:
        """The gamestate as it is now; gives back commands that begin a configstring whose end is yet to come."""
        self.shift = max(0, 2 - number)  # a client takes positive numbers only
        begun = self._begun_parts()
        gamestate = self.reader.gamestate
        assert gamestate is not None
        written = replace(
            gamestate,
            configstrings=self.strings.values,
            command_sequence=self.sequence - len(begun),
            current={},
        )
        if self.client is not None:
            written = replace(written, protocol=PLAYER_PROTOCOL, recorder=self.client, shared_baselines={})
        self.writer.begin(number + self.shift - 1, written)
        return begun

    def _begun_parts(self) -> list[ServerCommand]:
        if self.strings.begun is None:
            return []
        index, value = self.strings.begun
        parts = [value[at : at + _PART_BYTES] for at in range(0, len(value), _PART_BYTES)] or [b""]
        first = self.sequence - len(parts) + 1
        return [
            ServerCommand(sequence=first + place, content=b'bcs%d %d "%s"' % (0 if place == 0 else 1, index, part))
            for place, part in enumerate(parts)
        ]

    def _seen(self, snapshot: Snapshot) -> Snapshot | None:
        """The snapshot to write; None if it cannot be, or the player is not in it."""
        if not snapshot.valid or self.client is None:
            return snapshot if snapshot.valid else None
        view = snapshot.players.get(self.client)
        if view is None:
            return None
        whose = view[_CLIENT]  # of whom he follows, when he does
        entities = {number: state for number, state in snapshot.entities.items() if number != whose}
        return replace(snapshot, player=view, entities=entities, shared={}, players={})
