"""A demo file in the making: a gamestate, then messages, each snapshot as what differs from the one written before."""

from __future__ import annotations

from typing import BinaryIO

from etstats.demo import protocol as wire
from etstats.demo.decode import VIEW, States
from etstats.demo.encode import Encoder
from etstats.demo.frames import END, as_record
from etstats.demo.messages import Gamestate, Message, Snapshot
from etstats.demo.protocol import SHARED


class Writer:
    """Writes to *out* as it goes, and holds two snapshots. Raises BadDemo for a message larger than a client takes."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._states = States()
        self._encoder = Encoder()
        self._last: int | None = None  # the number of the message with the last snapshot
        self._table = -1  # its states
        self.messages = 0
        self.snapshots = 0

    def begin(self, number: int, gamestate: Gamestate) -> None:
        """A gamestate, with which everything starts anew."""
        states, none = self._states, SHARED.zero
        states.forget()
        self._last, self._table = None, -1
        for entity, state in gamestate.baselines.items():
            states.put_baseline(entity, state, gamestate.shared_baselines.get(entity, none))
        for entity, (state, part) in gamestate.current.items():
            states.put_current(entity, state, part)
        self._encoder.begin(0)
        self._encoder.gamestate(
            states,
            gamestate.configstrings,
            tv=gamestate.protocol == wire.TV_PROTOCOL,
            command_sequence=gamestate.command_sequence,
            recorder=gamestate.recorder,
            checksum_feed=gamestate.checksum_feed,
            with_current=True,
        )
        self._write(number)

    def write(self, message: Message, *, full: bool = False) -> None:
        """*message* without a gamestate; its snapshot, if any, must be valid. Numbers must rise. *full*: the snapshot
        builds on nothing, though it could."""
        encoder, snapshot = self._encoder, message.snapshot
        encoder.begin(message.acknowledge)
        for command in message.commands:
            encoder.command(command.sequence, command.content)
        if snapshot is not None:
            self._snapshot(message.number, snapshot, full)
        self._write(message.number)

    def _snapshot(self, number: int, snapshot: Snapshot, full: bool) -> None:
        back = 0 if self._last is None else number - self._last
        if full or not 0 < back < wire.KEPT_SNAPSHOTS:
            back = 0
        table = self._filled(snapshot)
        self._encoder.snapshot(
            self._states,
            server_time_ms=snapshot.server_time_ms,
            delta=back,
            flags=snapshot.flags,
            area_mask=snapshot.area_mask,
            table=table,
            source=self._table if back else -1,
        )
        self._states.use(self._table, table)
        self._last, self._table = number, table
        self.snapshots += 1

    def _filled(self, snapshot: Snapshot) -> int:
        states = self._states
        table = states.fresh(-1)
        states.put_player(VIEW, snapshot.player)
        for client, state in snapshot.players.items():
            states.put_player(client, state)
        for entity, state in snapshot.entities.items():
            states.put_entity(entity, state, snapshot.shared.get(entity, SHARED.zero))
        return table

    def end(self) -> None:
        self._out.write(END)

    def _write(self, number: int) -> None:
        self._out.write(as_record(number, self._encoder.end()))
        self.messages += 1
