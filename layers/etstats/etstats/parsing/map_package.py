"""A package of maps (.pk3) → which maps are in it. Anything else is refused with BadFile, and the reason has a code.

A pk3 is a zip. The game mounts it beside its own files and hands it to everybody who joins, so nothing goes in but what
a map is made of: no program, no path that leads out, nothing packed so tightly that it fills a disk.
"""

from __future__ import annotations

import lzma
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from typing import BinaryIO, cast

from etstats.domain.demo import sha256_of
from etstats.domain.map_package import MOST_BYTES, MapPackage, name_fault
from etstats.errors import BadFile

_MOST_UNPACKED = 1024**3
_MOST_ENTRIES = 20_000
_MOST_AT_ONCE = 8 * 1024 * 1024  # what a list of so many entries may take
_MAGIC = b"PK\x03\x04"
_MAP = re.compile(r"maps/([a-z0-9_][a-z0-9_.-]{0,62})\.bsp")
_BSP = b"IBSP"
_PROGRAMS = (".dll", ".so", ".exe", ".dylib", ".qvm", ".lua", ".bat", ".sh", ".cfg", ".jar", ".com", ".scr")
_ENCRYPTED = 1 << 0
# all that a damaged zip is known to raise while it is read
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, EOFError),
    *(ValueError, OSError, OverflowError, KeyError, IndexError),
)


_FAULTS = {
    "bad_name": "a package is called letters, digits, _ . - and .pk3 at its end",
    "reserved_name": "packages of that name are the game's own",
}


def read_map_package(name: str, file: BinaryIO) -> MapPackage:
    """Only as much of *file* as needs be lies in memory. Raises BadFile: bad_name, reserved_name, too_large, no_zip,
    unsafe, program, no_map, bad_map."""
    if why := name_fault(name):
        raise BadFile(why, _FAULTS[why])
    size = file.seek(0, os.SEEK_END)
    if size > MOST_BYTES:
        raise BadFile("too_large", f"it has more than {MOST_BYTES >> 20} MB")
    file.seek(0)
    if file.read(len(_MAGIC)) != _MAGIC:
        raise BadFile("no_zip", "it does not begin as a zip does")
    try:
        with zipfile.ZipFile(cast(BinaryIO, _Sips(file))) as package:
            maps = _maps(package)
    except _DAMAGED as fault:
        raise BadFile("no_zip", "it is a damaged zip") from fault
    return MapPackage(name=name, maps=maps, size=size, sha256=sha256_of(file))


class _Sips:
    """A file of which nobody reads more at once than memory has room for: zipfile reads a package's list of entries in
    one piece, however long the package says that is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        told = self._file.read(_MOST_AT_ONCE + 1 if size < 0 else min(size, _MOST_AT_ONCE + 1))
        if len(told) > _MOST_AT_ONCE:
            raise BadFile("unsafe", "its list of entries is longer than a map's")
        return told


def _maps(package: zipfile.ZipFile) -> tuple[str, ...]:
    entries = package.infolist()
    _check(entries)
    found = {match[1]: one for one in entries if (match := _MAP.fullmatch(one.filename.lower()))}
    if not found:
        raise BadFile("no_map", "there is no maps/….bsp in it")
    for one in found.values():
        with package.open(one) as opened:
            if opened.read(len(_BSP)) != _BSP:
                raise BadFile("bad_map", "what is called a map in it is none")
    return tuple(sorted(found))


def _check(entries: Iterable[zipfile.ZipInfo]) -> None:
    unpacked = 0
    for number, one in enumerate(entries):
        unpacked += one.file_size
        if number >= _MOST_ENTRIES or unpacked > _MOST_UNPACKED:
            raise BadFile("unsafe", "it unpacks to more than a map has")
        if _leads_out(one.filename) or one.flag_bits & _ENCRYPTED or stat.S_ISLNK(one.external_attr >> 16):
            raise BadFile("unsafe", "there are entries in it that lead elsewhere or are locked")
        if one.filename.lower().endswith(_PROGRAMS):
            raise BadFile("program", "there are programs or settings in it")


def _leads_out(name: str) -> bool:
    parts = name.split("/")
    return not name.isprintable() or "\\" in name or ":" in name or name.startswith("/") or ".." in parts
