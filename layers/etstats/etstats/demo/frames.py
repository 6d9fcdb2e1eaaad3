"""Records of a file, read and written: a number, a length, and that many bytes; -1 as length ends it."""

from __future__ import annotations

import struct
from typing import BinaryIO

from etstats.demo.protocol import MAX_MESSAGE_BYTES
from etstats.errors import BadDemo

_HEADER = struct.Struct("<ii")
_HEADER_BYTES = _HEADER.size
END = _HEADER.pack(-1, -1)


class Frames:
    """The records of *file*, once. *ended* tells at last whether the file says itself that it is over."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._next = 0
        self.offset = 0
        """Where the last record starts, in bytes."""
        self.ended = False

    def take(self) -> tuple[int, bytes] | None:
        """The next message's number and payload; None where the file ends or is torn. Raises BadDemo for a length no
        message can have."""
        header = _read(self._file, _HEADER_BYTES)
        if len(header) < _HEADER_BYTES:
            return None
        number, length = _HEADER.unpack(header)
        if length == -1:
            self.ended = True
            return None
        self.offset = self._next
        if not 0 <= length <= MAX_MESSAGE_BYTES:
            raise BadDemo("bad_length", f"a message cannot have {length} bytes")
        payload = _read(self._file, length)
        self._next += _HEADER_BYTES + length
        return (number, payload) if len(payload) == length else None


def as_record(number: int, payload: bytes) -> bytes:
    return _HEADER.pack(number, len(payload)) + payload


def _read(file: BinaryIO, count: int) -> bytes:
    """*count* bytes, or what is left: a pipe may give them in pieces."""
    content = file.read(count)
    if len(content) == count:
        return content
    while 0 < len(content) < count and (more := file.read(count - len(content))):
        content += more
    return content
