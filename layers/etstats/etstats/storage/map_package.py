"""Packages of maps that we brought to game servers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from etstats.domain.map_package import MapPackage
from etstats.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPackage:
    package_id: int
    name: str
    maps: list[str]
    size: int
    sha256: str
    brought_by: str
    brought_at: datetime

    @property
    def binned_as(self) -> str:
        """What it is called in the bin, where several of one name may lie."""
        return f"{self.package_id}-{self.name}"


_COLUMNS = "package_id, name, maps, size, sha256, brought_by, brought_at"


def packages(db: Database, server: str) -> list[KeptPackage]:
    """Those that are there, the newest first."""
    return db.all(
        KeptPackage,
        f"""select {_COLUMNS} from map_package where server = :server and binned_at is null
            order by brought_at desc, package_id desc""",  # noqa: S608  # our own fragment
        server=server,
    )


def note_brought(db: Database, server: str, package: MapPackage, *, by: str, now: datetime) -> None:
    db.run(
        """insert into map_package (server, name, sha256, size, maps, brought_by, brought_at)
           values (:server, :name, :sha256, :size, cast(:maps as text[]), :by, :now)""",
        server=server,
        name=package.name,
        sha256=package.sha256,
        size=package.size,
        maps=list(package.maps),
        by=by,
        now=now,
    )


def note_binned(db: Database, package_id: int, *, now: datetime) -> None:
    db.run("update map_package set binned_at = :now where package_id = :id", id=package_id, now=now)


def to_empty(db: Database, server: str, *, before: datetime) -> list[KeptPackage]:
    """What has lain in the bin since *before*."""
    return db.all(
        KeptPackage,
        f"""select {_COLUMNS} from map_package where server = :server and emptied_at is null and binned_at < :before
            order by package_id""",  # noqa: S608  # our own fragment
        server=server,
        before=before,
    )


def note_emptied(db: Database, package_id: int, *, now: datetime) -> None:
    db.run("update map_package set emptied_at = :now where package_id = :id", id=package_id, now=now)
