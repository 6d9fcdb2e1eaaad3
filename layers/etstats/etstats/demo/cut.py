"""A part of a demo as a demo of its own, and a TV's demo as one player's point of view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from etstats.demo.configstring import Configstrings
from etstats.demo.decode import VIEW, Decoder
from etstats.demo.encode import Encoder
from etstats.demo.frames import END, as_record
from etstats.demo.protocol import CLIENTS, KEPT_SNAPSHOTS, PLAYER, TV_PROTOCOL
from etstats.demo.reader import Reader
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


_Commands = list[tuple[int, bytes]]


class _Cut:
    def __init__(self, source: BinaryIO | bytes, out: BinaryIO, from_ms: int, to_ms: int, client: int | None) -> None:
        if from_ms > to_ms:
            raise BadDemo("bad_range", f"a cut cannot begin at {from_ms} ms and end before, at {to_ms} ms")
        self.reader = Reader(source)
        self.decoder = self.reader.decoder
        self.writing = _Writing(self.decoder, out, client)
        self.from_ms, self.to_ms, self.client = from_ms, to_ms, client
        self.strings = Configstrings({})
        self.sequence = 0  # of the last command that has happened
        self.taken = 0  # of the last command read
        self.waiting: list[tuple[int, int, _Commands]] = []  # number, acknowledge, commands: for the next snapshot
        self.first_ms: int | None = None
        self.last_ms = 0

    def run(self) -> CutDemo:
        for commands in self._of_one_map():
            decoder = self.decoder
            if not decoder.has_snapshot:
                self.waiting.append((decoder.number, decoder.acknowledge, commands))
            elif decoder.server_time_ms > self.to_ms and self.first_ms is not None:
                break
            elif self.first_ms is None and not self._starts():
                self._skip(commands)
            else:
                self._keep(commands)
        if self.first_ms is None:
            raise BadDemo("empty_cut", "the demo has nothing in that time" + self._whom())
        self.writing.end()
        return CutDemo(
            messages=self.writing.messages,
            snapshots=self.writing.snapshots,
            first_server_time_ms=self.first_ms,
            last_server_time_ms=self.last_ms,
        )

    def _whom(self) -> str:
        return "" if self.client is None else f" of client {self.client}"

    def _of_one_map(self) -> Iterator[_Commands]:
        """Of each message the commands that were not read before, up to a gamestate once writing has begun."""
        for decoder in self.reader.steps():
            if decoder.has_gamestate:
                if self.first_ms is not None:
                    return
                self._enter()
            commands: _Commands = []
            if decoder.commands:
                commands = [command for command in decoder.commands if command[0] > self.taken]
            if commands:
                self.taken = commands[-1][0]
            if commands or decoder.has_snapshot:
                yield commands

    def _enter(self) -> None:
        if self.client is not None and self.decoder.protocol != TV_PROTOCOL:
            raise BadDemo("no_tv_demo", "only a TV's demo has every player's point of view")
        self.strings = Configstrings(self.decoder.configstrings)
        self.sequence = self.taken = self.decoder.command_sequence
        self.waiting = []

    def _starts(self) -> bool:
        in_time = self.from_ms <= self.decoder.server_time_ms <= self.to_ms
        return in_time and self.writing.can_show()

    def _skip(self, commands: _Commands) -> None:
        """What this message and those before it say has happened before the cut."""
        for sequence, content in self._waited() + commands:
            self.strings.apply(content)
            self.sequence = sequence

    def _waited(self) -> _Commands:
        waited = [command for _, _, commands in self.waiting for command in commands]
        self.waiting = []
        return waited

    def _keep(self, commands: _Commands) -> None:
        if self.first_ms is None:
            commands = self._begin() + self._waited() + commands
            self.first_ms = self.decoder.server_time_ms
        for number, acknowledge, waited in self.waiting:
            self.writing.message(number, acknowledge, waited)
        self.waiting = []
        shown = self.writing.can_show()
        if shown:
            self.last_ms = self.decoder.server_time_ms
        if shown or commands:
            self.writing.message(self.decoder.number, self.decoder.acknowledge, commands, shown=shown)

    def _begin(self) -> _Commands:
        """The gamestate as it is now; gives back commands that begin a configstring whose end is yet to come."""
        begun = self._begun_parts()
        self.writing.begin(self.strings.values, self.sequence - len(begun))
        return begun

    def _begun_parts(self) -> _Commands:
        if self.strings.begun is None:
            return []
        index, value = self.strings.begun
        parts = [value[at : at + _PART_BYTES] for at in range(0, len(value), _PART_BYTES)] or [b""]
        first = self.sequence - len(parts) + 1
        return [
            (first + place, b'bcs%d %d "%s"' % (0 if place == 0 else 1, index, part))
            for place, part in enumerate(parts)
        ]


class _Writing:
    """What the decoder has just read goes out, as *client* sees it or (None) as it is."""

    def __init__(self, decoder: Decoder, out: BinaryIO, client: int | None) -> None:
        self.decoder, self.encoder = decoder, Encoder()
        self.out = out
        self.client = client
        self.shift = 0  # from message numbers read to those written
        self.last: int | None = None  # the number of the snapshot written last
        self.hidden = -1  # the entity left out of it
        self.messages = 0
        self.snapshots = 0

    def can_show(self) -> bool:
        """Whether there is a snapshot that makes sense, and the player in it."""
        return bool(self.decoder.valid) and (self.client is None or self.decoder.player(self.client) is not None)

    def begin(self, configstrings: dict[int, bytes], command_sequence: int) -> None:
        decoder = self.decoder
        self.shift = max(0, 2 - decoder.number)  # a client takes positive numbers only
        self.encoder.begin(0)
        self.encoder.gamestate(
            decoder.states,
            configstrings,
            tv=self.client is None and decoder.protocol == TV_PROTOCOL,
            command_sequence=command_sequence,
            recorder=decoder.recorder if self.client is None else self.client,
            checksum_feed=decoder.checksum_feed,
            with_current=False,
        )
        self._write(decoder.number - 1)

    def message(self, number: int, acknowledge: int, commands: _Commands, *, shown: bool = False) -> None:
        """*shown*: with the snapshot."""
        self.encoder.begin(acknowledge)
        for sequence, content in commands:
            self.encoder.command(sequence, content)
        if shown:
            self._snapshot()
        self._write(number)

    def _snapshot(self) -> None:
        decoder = self.decoder
        seat = VIEW if self.client is None else self.client
        back = 0 if self.last is None else decoder.number - self.last
        if not 0 < back < KEPT_SNAPSHOTS:
            back = 0
        hidden = self._hidden()
        self.encoder.snapshot(
            decoder.states,
            server_time_ms=decoder.server_time_ms,
            delta=back,
            flags=decoder.flags,
            area_mask=decoder.area_mask,
            table=decoder.table,
            source=decoder.pinned if back else -1,
            seat=seat,
            hidden=hidden,
            hidden_before=self.hidden if back else -1,
        )
        decoder.pin()
        self.last, self.hidden = decoder.number, hidden
        self.snapshots += 1

    def _hidden(self) -> int:
        """A player's own body, or that of whom he follows: the camera is in it."""
        view = None if self.client is None else self.decoder.player(self.client)
        return -1 if view is None else view[_CLIENT]

    def end(self) -> None:
        self.out.write(END)

    def _write(self, number: int) -> None:
        self.out.write(as_record(number + self.shift, self.encoder.end()))
        self.messages += 1
