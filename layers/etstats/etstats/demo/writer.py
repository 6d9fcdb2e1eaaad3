"""A demo file in the making: a gamestate, then messages, each snapshot as what differs from the one written before."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO

from etstats.demo.frames import END, as_record
from etstats.demo.message_writer import write_message
from etstats.demo.messages import Gamestate, Message, Snapshot
from etstats.demo.protocol import KEPT_SNAPSHOTS, MAX_MESSAGE_BYTES
from etstats.errors import BadDemo


class Writer:
    """Writes to *out* as it goes, and holds one snapshot. Raises BadDemo for a message larger than a client takes."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._gamestate: Gamestate | None = None
        self._last: Snapshot | None = None
        self.messages = 0
        self.snapshots = 0

    def begin(self, number: int, gamestate: Gamestate) -> None:
        """A gamestate, with which everything starts anew."""
        self._gamestate, self._last = gamestate, None
        self._write(Message(number=number, gamestate=gamestate), None)

    def write(self, message: Message) -> None:
        """*message* without a gamestate; its snapshot, if any, must be valid. Numbers must rise."""
        snapshot = message.snapshot
        if snapshot is None:
            self._write(message, None)
            return
        source = self._last
        back = 0 if source is None else message.number - source.number
        if not 0 < back < KEPT_SNAPSHOTS:
            source, back = None, 0
        snapshot = replace(snapshot, number=message.number, delta=back)
        self._write(replace(message, snapshot=snapshot), source)
        self._last = snapshot
        self.snapshots += 1

    def end(self) -> None:
        self._out.write(END)

    def _write(self, message: Message, source: Snapshot | None) -> None:
        assert self._gamestate is not None, "a demo begins with a gamestate"
        payload = write_message(message, self._gamestate, source)
        if len(payload) > MAX_MESSAGE_BYTES:
            raise BadDemo("too_large", f"a message of {len(payload)} bytes is more than a client takes")
        self._out.write(as_record(message.number, payload))
        self.messages += 1
