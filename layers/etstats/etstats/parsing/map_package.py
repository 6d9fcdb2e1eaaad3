"""A package of maps (.pk3) → which maps are in it. Anything else is refused with BadFile, and the reason has a code.

A pk3 is a zip. The game mounts it beside its own files and hands it to everybody who joins, so nothing goes in but what
a map is made of: no program, no path that leads out, nothing packed so tightly that it fills a disk.
"""

from __future__ import annotations

import hashlib
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO

from etstats.domain.server import MapPackage
from etstats.errors import BadFile

MOST_BYTES = 50 * 1024 * 1024
_MOST_UNPACKED = 600 * 1024 * 1024
_MOST_ENTRIES = 20_000
_MAGIC = b"PK\x03\x04"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,59}\.pk3")
# the game's own: pak0.pk3, mp_bin.pk3, legacy_v2.83.pk3
_RESERVED = re.compile(r"(?i)(pak\d|mp_|sp_|legacy_|z_).*")
_MAP = re.compile(r"maps/([a-z0-9_][a-z0-9_.-]{0,62})\.bsp")
_BSP = b"IBSP"
_PROGRAMS = (".dll", ".so", ".exe", ".dylib", ".qvm", ".lua", ".bat", ".sh", ".cfg", ".jar", ".com", ".scr")
_ENCRYPTED = 1 << 0
# all that a damaged zip is known to raise while it is read
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, EOFError),
    *(ValueError, OSError, OverflowError, KeyError, IndexError),
)


def read_map_package(name: str, content: bytes) -> MapPackage:
    """Raises BadFile: bad_name, reserved_name, too_large, no_zip, unsafe, program, no_map, bad_map."""
    if not _NAME.fullmatch(name):
        raise BadFile("bad_name", "a package is called letters, digits, _ . - and .pk3 at its end")
    if _RESERVED.fullmatch(name):
        raise BadFile("reserved_name", "packages of that name are the game's own")
    if len(content) > MOST_BYTES:
        raise BadFile("too_large", f"it has more than {MOST_BYTES >> 20} MB")
    if not content.startswith(_MAGIC):
        raise BadFile("no_zip", "it does not begin as a zip does")
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            maps = _maps(package)
    except _DAMAGED as fault:
        raise BadFile("no_zip", "it is a damaged zip") from fault
    return MapPackage(name=name, maps=maps, size=len(content), sha256=hashlib.sha256(content).hexdigest())


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
