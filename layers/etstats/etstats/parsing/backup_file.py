"""The form of a backup: gzip over lines of JSON, written and read one line at a time.

    ["etstats backup", 1, {"made_at": …, "everything": false, "migrations": {"1": "<checksum>", …}}]
    ["table", "correction", ["correction_id", …]]      its rows follow
    {"correction_id": 1, …}
    ["rows", 1]                                        how many there were
    ["sha256", "…"]                                    of every byte before this line; it is the last

A line that begins with [ is about the file, one that begins with { is a row.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from etstats.errors import BadFile

_MAGIC, _VERSION = "etstats backup", 1
# the longest row is that of a stats file with its bytes
_LONGEST_LINE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """*migrations*: the schema's, number → checksum."""

    made_at: datetime
    everything: bool
    migrations: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBegins:
    name: str
    columns: tuple[str, ...]


Part = Heading | TableBegins | str


class BackupWriter:
    """Writes into an open file; nothing is whole before `end`."""

    def __init__(self, into: BinaryIO, heading: Heading) -> None:
        self._zip = gzip.GzipFile(fileobj=into, mode="wb", mtime=0)
        self._digest = hashlib.sha256()
        self.rows = 0
        migrations = {str(number): checksum for number, checksum in sorted(heading.migrations.items())}
        about = {"made_at": heading.made_at.isoformat(), "everything": heading.everything, "migrations": migrations}
        self._say([_MAGIC, _VERSION, about])

    def table(self, name: str, columns: Iterable[str], rows: Iterable[str]) -> None:
        """One table's rows, each a JSON object on one line."""
        self._say(["table", name, list(columns)])
        before = self.rows
        for row in rows:
            self._line(row)
            self.rows += 1
        self._say(["rows", self.rows - before])

    def end(self) -> None:
        self._say(["sha256", self._digest.hexdigest()])
        self._zip.close()

    def _say(self, what: list[Any]) -> None:
        self._line(json.dumps(what))

    def _line(self, text: str) -> None:
        told = text.encode() + b"\n"
        self._digest.update(told)
        self._zip.write(told)


def read_backup(source: BinaryIO) -> Iterator[Part]:
    """Its heading, then each table's beginning and its rows as they stand. Raises BadFile at the first thing wrong:
    whoever has come to the end has read the whole of what was written."""
    digest = hashlib.sha256()
    rows: int | None = None  # of the table that is being read
    heading = False
    try:
        with gzip.GzipFile(fileobj=source, mode="rb") as lines:
            while line := lines.readline(_LONGEST_LINE):
                text = _text(line)
                if text.startswith("{") and rows is not None:
                    rows += 1
                    yield text
                else:
                    said = _said(text)
                    if said[0] == "sha256":
                        _check_end(said, digest.hexdigest(), rows, lines.read(1))
                        return
                    if said[0] == "rows":
                        _check_rows(said, rows)
                        rows = None
                    elif said[0] == "table" and heading and rows is None:
                        rows = 0
                        yield _table(said)
                    elif said[0] == _MAGIC and not heading:
                        heading = True
                        yield _heading(said)
                    else:
                        raise _bad("has a line that does not belong there")
                digest.update(line)
    except (OSError, EOFError, zlib.error) as fault:
        raise _bad("is damaged or cut off") from fault
    raise _bad("ends before its end")


def _bad(how: str) -> BadFile:
    return BadFile("bad_backup", f"The backup {how}. Take the one before it")


def _text(line: bytes) -> str:
    try:
        return line.decode().removesuffix("\n")
    except UnicodeDecodeError as fault:
        raise _bad("is damaged") from fault


def _said(text: str) -> list[Any]:
    try:
        said = json.loads(text)
    except ValueError as fault:
        raise _bad("is damaged") from fault
    if not isinstance(said, list) or not said:
        raise _bad("is damaged")
    return said


def _heading(said: list[Any]) -> Heading:
    try:
        _, version, about = said
        if version != _VERSION:
            raise _bad(f"has format {version}, which this version does not know")
        migrations = {int(number): str(checksum) for number, checksum in about["migrations"].items()}
        made_at = datetime.fromisoformat(about["made_at"])
        return Heading(made_at=made_at, everything=bool(about["everything"]), migrations=migrations)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise _bad("has a heading that cannot be read") from fault


def _table(said: list[Any]) -> TableBegins:
    if len(said) != 3 or not isinstance(said[2], list):
        raise _bad("has a table that cannot be read")
    return TableBegins(name=str(said[1]), columns=tuple(str(one) for one in said[2]))


def _check_rows(said: list[Any], rows: int | None) -> None:
    if rows is None or said[1:] != [rows]:
        raise _bad("has not as many rows as it says")


def _check_end(said: list[Any], digest: str, rows: int | None, more: bytes) -> None:
    if said[1:] != [digest] or rows is not None or more:
        raise _bad("is not what was written: its checksum differs")
