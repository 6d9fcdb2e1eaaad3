"""Brings a database to the newest schema: numbered SQL files, each run once, remembered with its checksum.

Two at once are harmless (advisory lock), and so is a crash (one transaction per file).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from etstats.errors import BadInput
from etstats.storage.database import Database

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x65747374  # "etst"


class BadMigration(BadInput):
    """A migration that has run was changed afterwards, or is unknown to this version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def title(self) -> str:
        return f"{self.number:04}_{self.name}"

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    number: int
    checksum: str


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """What the package brings, in order."""
    return sorted(_found(folder), key=lambda migration: migration.number)


def _found(folder: Path) -> Iterator[Migration]:
    for path in folder.iterdir():
        if named := re.fullmatch(r"(\d{4})_([a-z0-9_]+)\.sql", path.name):
            yield Migration(number=int(named[1]), name=named[2], sql=path.read_text(encoding="utf-8"))


def migrate(db: Database, wanted: list[Migration] | None = None) -> list[Migration]:
    """Runs what has not run yet and returns it. Raises BadMigration before touching anything when history differs."""
    wanted = migrations() if wanted is None else wanted
    ran = []
    for migration in wanted:
        with db.transaction():
            db.run("select pg_advisory_xact_lock(:lock)", lock=_LOCK)
            _make_schema(db)
            _make_ledger(db)
            done = {row.number: row.checksum for row in db.all(_Done, "select number, checksum from migration")}
            _check(wanted, done)
            if migration.number not in done:
                db.run(migration.sql)
                _note(db, migration)
                ran.append(migration)
    return ran


def communities_there(db: Database) -> list[str]:
    """The schemas of all communities that have one of their own."""
    return db.values("select nspname::text from pg_namespace where nspname like 'community\\_%' order by 1")


def _make_schema(db: Database) -> None:
    if db.schema:
        db.run(f"create schema if not exists {db.schema}")


def _make_ledger(db: Database) -> None:
    db.run("""create table if not exists migration (
        number integer primary key, name text not null, checksum text not null,
        ran_at timestamptz not null default now())""")


def _note(db: Database, migration: Migration) -> None:
    db.run(
        "insert into migration (number, name, checksum) values (:number, :name, :checksum)",
        number=migration.number,
        name=migration.name,
        checksum=migration.checksum,
    )


def _check(wanted: list[Migration], done: dict[int, str]) -> None:
    known = {migration.number: migration for migration in wanted}
    for number, checksum in sorted(done.items()):
        if number not in known:
            raise BadMigration(
                f"The database has run migration {number:04}, which this version does not know. Deploy a newer version."
            )
        if known[number].checksum != checksum:
            raise BadMigration(
                f"Migration {number:04}_{known[number].name}.sql was changed after it ran. "
                "Restore it and put the change into a new migration."
            )
