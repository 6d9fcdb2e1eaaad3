"""A demo's messages, one after another, from a file that is read once from its start to its end."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from etstats.demo.frames import Frames
from etstats.demo.messages import Decoder, Gamestate, Message
from etstats.errors import BadDemo


class Reader:
    """The messages of *source*, a file open for reading bytes, or bytes. To be iterated once.

    A demo whose end is missing or damaged is normal: what stands before is given, *truncated* becomes True, and
    *fault* tells what is wrong if anything but the end is. A file that holds no gamestate is refused with BadDemo.
    """

    def __init__(self, source: BinaryIO | bytes) -> None:
        self._frames = Frames(BytesIO(source) if isinstance(source, bytes) else source)
        self._decoder = Decoder()
        self.messages = 0
        self.snapshots = 0  # valid ones
        self.invalid_snapshots = 0  # their source is not in the file
        self.gamestates = 0
        self.first_server_time_ms: int | None = None
        self.last_server_time_ms: int | None = None
        self.truncated = False
        self.fault: BadDemo | None = None

    @property
    def gamestate(self) -> Gamestate | None:
        """The one that holds for the message read last."""
        return self._decoder.gamestate

    def __iter__(self) -> Iterator[Message]:
        try:
            yield from self._sound_messages()
        except BadDemo as fault:
            if self.gamestates == 0:
                raise
            self.fault = fault
        self.truncated = self.fault is not None or not self._frames.ended
        if self.gamestates == 0:
            raise BadDemo("no_gamestate", "this is no demo: it ends before its first gamestate is complete")

    def _sound_messages(self) -> Iterator[Message]:
        for record in self._frames:
            try:
                message = self._decoder.read(record.number, record.payload)
            except BadDemo as fault:
                raise BadDemo(fault.code, str(fault), offset=record.offset) from fault
            if message.gamestate is None and self.gamestates == 0:
                raise BadDemo(
                    "no_gamestate", "this is no demo: it does not start with a gamestate", offset=record.offset
                )
            self._count(message)
            yield message

    def _count(self, message: Message) -> None:
        self.messages += 1
        if message.gamestate is not None:
            self.gamestates += 1
        snapshot = message.snapshot
        if snapshot is None:
            return
        if not snapshot.valid:
            self.invalid_snapshots += 1
            return
        self.snapshots += 1
        if self.first_server_time_ms is None:
            self.first_server_time_ms = snapshot.server_time_ms
        self.last_server_time_ms = snapshot.server_time_ms
