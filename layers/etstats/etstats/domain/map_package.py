"""A package of maps: a pk3 that a game server mounts beside its own files and hands to everybody who joins."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_BYTES = 200 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,59}\.pk3")
# the game's own: pak0.pk3, mp_bin.pk3, legacy_v2.83.pk3
_RESERVED = re.compile(r"(?i)(pak\d|mp_|sp_|legacy_|z_).*")


def name_fault(name: str) -> str:
    """Why no package may be called that, `bad_name` or `reserved_name`; '': it may."""
    if not _NAME.fullmatch(name):
        return "bad_name"
    return "reserved_name" if _RESERVED.fullmatch(name) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPackage:
    """A pk3 with the names of the maps in it."""

    name: str
    maps: tuple[str, ...]
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """*before*: the same bytes were there under that name."""

    package: MapPackage
    before: bool
