"""A demo's messages, one after another, from a file that is read once from its start to its end."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from etstats.demo.decode import Decoder
from etstats.demo.frames import Frames
from etstats.demo.messages import Gamestate, Message, Messages, gamestate_of
from etstats.errors import BadDemo


class Reader:
    """The messages of *source*, a file open for reading bytes, or bytes. To be iterated once.

    A demo whose end is missing or damaged is normal: what stands before is given, *truncated* becomes True, and
    *fault* tells what is wrong if anything but the end is. A file that holds no gamestate is refused with BadDemo.
    """

    def __init__(self, source: BinaryIO | bytes) -> None:
        self._frames = Frames(BytesIO(source) if isinstance(source, bytes) else source)
        self.decoder = Decoder()
        self.truncated = False
        self.fault: BadDemo | None = None

    @property
    def gamestate(self) -> Gamestate | None:
        """The one that holds for the message read last."""
        return gamestate_of(self.decoder) if self.decoder.protocol else None

    @property
    def messages(self) -> int:
        return self.decoder.messages

    @property
    def snapshots(self) -> int:
        """Valid ones."""
        return self.decoder.snapshots

    @property
    def invalid_snapshots(self) -> int:
        """Those whose source is not in the file."""
        return self.decoder.invalid_snapshots

    @property
    def gamestates(self) -> int:
        return self.decoder.gamestates

    @property
    def first_server_time_ms(self) -> int | None:
        return self.decoder.first_server_time_ms if self.snapshots else None

    @property
    def last_server_time_ms(self) -> int | None:
        return self.decoder.last_server_time_ms if self.snapshots else None

    def __iter__(self) -> Iterator[Message]:
        messages = Messages(self.decoder)
        for _ in self.steps():
            yield messages.last()

    def steps(self, *, quietly: bool = False) -> Iterator[Decoder]:
        """The same without values: what the decoder says holds until the next message is asked for. *quietly*: only
        where there is something to tell."""
        decoder, frames = self.decoder, self._frames
        try:
            while decoder.advance(frames, quietly=quietly):
                yield decoder
        except BadDemo as fault:
            self.fault = BadDemo(fault.code, str(fault), offset=frames.offset)
            if decoder.gamestates == 0:
                raise self.fault from fault
        self.truncated = self.fault is not None or not frames.ended
        if decoder.gamestates == 0:
            raise BadDemo("no_gamestate", "this is no demo: it ends before its first gamestate is complete")
