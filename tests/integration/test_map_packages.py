"""Packages of maps over a real SSH server: whole at once, never over another one, and away only what came from us."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from etstats.config import GameServer
from etstats.errors import BadFile, GameServerUnavailable
from etstats.gateways.game_server import GameServerConnection, read_private_key
from etstats.storage.database import Database
from etstats.storage.map_package import packages
from etstats.usecases.map_packages import BIN, BINNED_FOR, Packages
from tests.ssh_server import SshServer, ssh_server
from tests.unit.test_map_package import GOOD

NOW = datetime(2026, 3, 6, 21, tzinfo=UTC)


@dataclass(slots=True)
class Web:
    content: bytes

    def download(self, url: str, into: BinaryIO, *, at_most: int, within_s: float) -> int:
        return into.write(self.content)


@dataclass(slots=True)
class World:
    db: Database
    ssh: SshServer
    folder: Path
    now: datetime = NOW
    content: bytes = GOOD

    @property
    def server(self) -> GameServer:
        return replace(self.ssh.setting(), maps_folder=str(self.folder))

    def packages(self) -> Packages:
        return Packages(db=self.db, web=lambda: Web(self.content), open_server=self._open, now=lambda: self.now)

    def bring(self, name: str = "te_new.pk3") -> None:
        self.packages().fetch(self.server, name, "https://cdn.discordapp.com/x", by="2")

    def _open(self, server: GameServer, *, deadline_s: float) -> AbstractContextManager[GameServerConnection]:
        return GameServerConnection(server, read_private_key(self.ssh.private_key), deadline_s=20)

    def there(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.is_file())


@pytest.fixture
def world(db: Database, tmp_path: Path) -> Iterator[World]:
    folder = tmp_path / "legacy"
    folder.mkdir()
    with ssh_server(tmp_path) as server:
        yield World(db, server, folder)


def test_a_package_is_there_whole_and_readable_for_all(world: World) -> None:
    world.bring()
    assert world.there() == ["te_new.pk3"]
    path = world.folder / "te_new.pk3"
    assert path.read_bytes() == GOOD
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    (kept,) = packages(world.db, "alpha")
    assert (kept.name, kept.maps, kept.brought_by) == ("te_new.pk3", ["other", "te_new"], "2")


def test_what_is_there_is_never_written_over(world: World) -> None:
    (world.folder / "TE_new.pk3").write_bytes(b"somebody's")
    with pytest.raises(BadFile) as refused:
        world.bring()
    assert refused.value.code == "collision"
    assert world.there() == ["TE_new.pk3"]
    assert packages(world.db, "alpha") == []


def test_what_may_not_be_there_is_not_brought(world: World) -> None:
    world.content = b"MZ"
    with pytest.raises(BadFile):
        world.bring()
    assert world.there() == []


def test_only_what_came_from_us_goes_and_lies_in_the_bin_for_a_week(world: World) -> None:
    (world.folder / "goldrush.pk3").write_bytes(b"theirs")
    assert not world.packages().bin(world.server, "goldrush.pk3")
    world.bring()
    assert world.packages().bin(world.server, "te_new.pk3")
    assert world.there() == ["goldrush.pk3"]
    (binned,) = (world.folder / BIN).iterdir()
    assert binned.read_bytes() == GOOD
    world.bring()  # one of that name may come again
    world.now += BINNED_FOR + timedelta(minutes=1)
    world.bring("te_other.pk3")
    assert list((world.folder / BIN).iterdir()) == []
    assert [one.name for one in packages(world.db, "alpha")] == ["te_other.pk3", "te_new.pk3"]


def test_a_folder_that_is_not_there_says_so(world: World) -> None:
    world.folder.rmdir()
    with pytest.raises((BadFile, GameServerUnavailable)):
        world.bring()
