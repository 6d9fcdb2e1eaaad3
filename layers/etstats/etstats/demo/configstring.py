r"""What a server tells all clients by number: 1024 strings, some of them `\key\value` lists, kept up to date."""

from __future__ import annotations

import re

from etstats.demo.protocol import CONFIGSTRINGS
from etstats.errors import BadDemo

SERVERINFO = 0
SYSTEMINFO = 1
WARMUP_END = 5
LEVEL_START = 11
INTERMISSION = 12
WINNER = 14
WOLFINFO = 21
SERVER_TOGGLES = 32
PLAYERS = 689
OBJECTIVE_PLACES = 769
STRINGS = 911

_MAX_PARTS_BYTES = 1 << 16
_COLOUR = re.compile(r"\^[^^]", re.DOTALL)
_WORD = re.compile(r'"([^"]*)"?|([^\s"]+)')


def as_text(content: bytes) -> str:
    """For people: UTF-8 where it is, else byte by byte."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def without_colours(text: str) -> str:
    """`^1red` → `red`; a caret before another one stands for itself."""
    return _COLOUR.sub("", text)


def read_pairs(content: bytes) -> dict[str, str]:
    r"""`\key\value\key\value`, with or without the first backslash. Keys in lower case."""
    parts = as_text(content).split("\\")
    if parts[0] == "":
        parts = parts[1:]
    return {key.lower(): value for key, value in zip(parts[::2], parts[1::2], strict=False)}


def words(command: str) -> list[str]:
    """A console line's words: split at white space, double quotes group, nothing escapes a quote."""
    return [quoted or plain for quoted, plain in _WORD.findall(command)]


class Configstrings:
    """The strings as they stand, kept up to date by server commands."""

    def __init__(self, at_start: dict[int, bytes]) -> None:
        self.values = dict(at_start)
        self.begun: tuple[int, bytes] | None = None  # a value too long for one command, and as much of it as came

    def text(self, index: int) -> str:
        return as_text(self.values.get(index, b""))

    def pairs(self, index: int) -> dict[str, str]:
        return read_pairs(self.values.get(index, b""))

    def apply(self, command: bytes) -> int | None:
        """The index *command* changes, if it changes one now. Raises BadDemo for a value without end."""
        if not command.startswith((b"cs ", b"bcs")):
            return None
        name, _, rest = command.partition(b" ")
        if name not in (b"cs", b"bcs0", b"bcs1", b"bcs2"):
            return None
        number, _, value = rest.lstrip(b" ").partition(b" ")
        if not number.isdigit() or int(number[:6]) >= CONFIGSTRINGS:
            return None
        return self._applied(name, int(number[:6]), _unquoted(value))

    def _applied(self, name: bytes, index: int, value: bytes) -> int | None:
        if name == b"bcs0":
            self.begun = index, value
        if name in (b"bcs1", b"bcs2"):
            if self.begun is None or self.begun[0] != index:  # its beginning was lost
                return None
            value = self.begun[1] + value
            if len(value) > _MAX_PARTS_BYTES:
                raise BadDemo("endless_configstring", f"configstring {index} has no end")
            self.begun = (index, value) if name == b"bcs1" else None
        if name in (b"bcs0", b"bcs1"):
            return None
        if value:
            self.values[index] = value
        else:
            self.values.pop(index, None)
        return index


def _unquoted(value: bytes) -> bytes:
    value = value.strip(b" \r\n\t") if b'"' not in value else value
    start = value.find(b'"')
    return value if start < 0 else value[start + 1 :].partition(b'"')[0]
