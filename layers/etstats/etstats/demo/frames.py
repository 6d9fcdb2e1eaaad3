"""Records of a file, read and written: a number, a length, and that many bytes; -1 as length ends it."""

from __future__ import annotations

import struct
from typing import BinaryIO

from etstats.demo.protocol import MAX_MESSAGE_BYTES
from etstats.errors import BadDemo

_HEADER = struct.Struct("<ii")
_HEADER_BYTES = _HEADER.size
_NUMBERS = 1 << 31
_CHUNK_BYTES = 1 << 16
END = _HEADER.pack(-1, -1)


class Frames:
    """The records of *file*, once. *ended* tells at last whether the file says itself that it is over."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._chunk = b""
        self._at = 0  # how much of the chunk is used
        self._began = 0  # where in the file the chunk begins
        self.offset = 0
        """Where the last record starts, in bytes."""
        self.ended = False

    def take(self) -> tuple[int, bytes] | None:
        """The next message's number and payload; None where the file ends or is torn. Raises BadDemo for a length no
        message can have."""
        if len(self._chunk) - self._at < _HEADER_BYTES and not self._has(_HEADER_BYTES):
            return None
        number, length = _HEADER.unpack_from(self._chunk, self._at)
        if length == -1:
            self.ended = True
            return None
        self.offset = self._began + self._at
        if not 0 <= length <= MAX_MESSAGE_BYTES:
            raise BadDemo("bad_length", f"a message cannot have {length} bytes")
        starts = self._at + _HEADER_BYTES
        if len(self._chunk) - starts < length:
            if not self._has(_HEADER_BYTES + length):
                return None
            starts = _HEADER_BYTES
        self._at = starts + length
        return number, self._chunk[starts : self._at]

    def _has(self, count: int) -> bool:
        """Whether there are *count* more bytes; a pipe may give them in pieces. The chunk then begins with them."""
        self._began += self._at
        parts, have = [self._chunk[self._at :]], len(self._chunk) - self._at
        while have < count and (part := self._file.read(_CHUNK_BYTES)):
            parts.append(part)
            have += len(part)
        self._chunk, self._at = b"".join(parts), 0
        return have >= count


def as_record(number: int, payload: bytes) -> bytes:
    """Raises BadDemo for a number a file cannot hold, which only damage brings about."""
    if not -_NUMBERS <= number < _NUMBERS:
        raise BadDemo("bad_number", f"a message cannot have the number {number}")
    return _HEADER.pack(number, len(payload)) + payload
