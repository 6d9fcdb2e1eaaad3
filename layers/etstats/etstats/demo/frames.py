"""Records of a file, read and written: a number, a length, and that many bytes; -1 as length ends it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from etstats.demo.protocol import MAX_MESSAGE_BYTES
from etstats.errors import BadDemo

_HEADER = struct.Struct("<ii")
END = _HEADER.pack(-1, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One message as it lies in the file. *offset* is where its header starts, in bytes."""

    number: int
    payload: bytes
    offset: int


class Frames:
    """The records of *file*, once. Afterwards *ended* tells whether the file says itself that it is over."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.ended = False

    def __iter__(self) -> Iterator[Record]:
        """Stops quietly where the file is torn. Raises BadDemo for a length no message can have."""
        offset = 0
        while len(header := _read(self._file, _HEADER.size)) == _HEADER.size:
            number, length = _HEADER.unpack(header)
            if length == -1:
                self.ended = True
                return
            if not 0 <= length <= MAX_MESSAGE_BYTES:
                raise BadDemo("bad_length", f"a message cannot have {length} bytes", offset=offset)
            payload = _read(self._file, length)
            if len(payload) < length:
                return
            yield Record(number=number, payload=payload, offset=offset)
            offset += _HEADER.size + length


def as_record(number: int, payload: bytes) -> bytes:
    return _HEADER.pack(number, len(payload)) + payload


def _read(file: BinaryIO, count: int) -> bytes:
    """*count* bytes, or what is left: a pipe may give them in pieces."""
    content = file.read(count)
    while 0 < len(content) < count and (more := file.read(count - len(content))):
        content += more
    return content
