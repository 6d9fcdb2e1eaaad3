"""A package of maps comes to a game server, or one that came from us goes into the bin there for a week."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

from etstats.config import GameServer
from etstats.domain.map_package import Brought
from etstats.domain.progress import Told, nobody
from etstats.domain.upload import ATTACHED_BYTES
from etstats.errors import BadFile
from etstats.parsing.map_package import read_map_package
from etstats.storage import map_package as book
from etstats.storage.database import Database

BIN = "etstats-bin"
BINNED_FOR = timedelta(days=7)
_WITHIN_S = 12.0
_DEADLINE_S = 12.0


class Opened(Protocol):
    """A connection to a game server. Raises BadFile and GameServerUnavailable."""

    def put_new(self, folder: str, name: str, file: BinaryIO, *, told: Told) -> None: ...
    def size(self, folder: str, name: str) -> int | None: ...
    def move(self, folder: str, name: str, to_folder: str, to_name: str) -> None: ...
    def remove(self, folder: str, name: str) -> None: ...


class Web(Protocol):
    """Raises BadInput for what cannot be fetched, and Unavailable."""

    def download(self, url: str, into: BinaryIO, *, at_most: int, within_s: float) -> int: ...


class Opens(Protocol):
    def __call__(self, server: GameServer, *, deadline_s: float) -> AbstractContextManager[Opened]: ...


def _nothing() -> None:
    """What is called where nobody wants to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packages:
    db: Database
    web: Callable[[], Web]
    open_server: Opens
    now: Callable[[], datetime]

    def fetch(self, server: GameServer, name: str, url: str, *, by: str, told: Told = nobody) -> Brought:
        """Brings what is attached to a message. Raises BadFile for what may not be there, and Unavailable."""
        with TemporaryFile() as file:
            self.web().download(url, file, at_most=ATTACHED_BYTES, within_s=_WITHIN_S)
            return self.bring(server, name, file, by=by, told=told)

    def bring(
        self, server: GameServer, name: str, file: BinaryIO, *, by: str, again: bool = False,
        within_s: float = _DEADLINE_S, told: Told = nobody, begun: Callable[[], None] = _nothing,
    ) -> Brought:  # fmt: skip
        """Looks inside, and puts it there; *begun* is called in between. *again*: an earlier try may have come as far
        as that, so what is there of this name and size is what it put. Raises BadFile and Unavailable."""
        package = read_map_package(name, file)
        if any((one.name, one.sha256) == (package.name, package.sha256) for one in book.packages(self.db, server.name)):
            return Brought(package=package, before=True)
        begun()
        with self.open_server(server, deadline_s=within_s) as opened:
            if not (again and opened.size(server.maps_folder, package.name) == package.size):
                file.seek(0)
                opened.put_new(server.maps_folder, package.name, file, told=told)
            book.note_brought(self.db, server.name, package, by=by, now=self.now())
            self._empty_bin(server, opened)
        return Brought(package=package, before=False)

    def bin(self, server: GameServer, name: str) -> bool:
        """False for one that did not come from us. Raises BadFile and GameServerUnavailable."""
        ours = next((one for one in book.packages(self.db, server.name) if one.name == name), None)
        if ours is None:
            return False
        with self.open_server(server, deadline_s=_DEADLINE_S) as opened:
            try:
                opened.move(server.maps_folder, ours.name, BIN, ours.binned_as)
            except BadFile as fault:
                if fault.code != "vanished":  # somebody has taken it away by hand
                    raise
            book.note_binned(self.db, ours.package_id, now=self.now())
            self._empty_bin(server, opened)
        return True

    def _empty_bin(self, server: GameServer, opened: Opened) -> None:
        for one in book.to_empty(self.db, server.name, before=self.now() - BINNED_FOR):
            try:
                opened.remove(f"{server.maps_folder}/{BIN}", one.binned_as)
            except BadFile as fault:
                if fault.code != "vanished":
                    continue
            book.note_emptied(self.db, one.package_id, now=self.now())
