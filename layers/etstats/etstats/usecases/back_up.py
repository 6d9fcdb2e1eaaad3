"""Backups: what no raw file brings back goes into the bucket once a day, and from the bucket alone all comes back.

A backup holds the rows that people and time made; a restore puts them into an empty database and computes the rest from
the files, as `etstats rebuild` does. Written and read piece by piece: memory does not grow with the database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

from etstats.domain.backup import Backup
from etstats.domain.progress import Told, nobody
from etstats.errors import BadInput
from etstats.parsing.backup_file import BackupWriter, Heading, Part, TableBegins, read_backup
from etstats.storage import backup as book
from etstats.storage.database import Database
from etstats.storage.migrate import migrate, migrations
from etstats.storage.rebuild import Table
from etstats.usecases.rebuild import Rebuild

FOLDER = "backups/"
MAX_BYTES = 8 * 1024**3
# one a day, and a late tick does not move it on
EVERY = timedelta(hours=23)
_NAME = "%Y-%m-%dT%H-%M-%SZ"
_NAMED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)(-everything)?\.jsonl\.gz")
_ROWS_AT_ONCE = 200
_PIECE = 1 << 20


class Listed(Protocol):
    """Raises BucketUnavailable."""

    def keys(self, prefix: str) -> Iterable[str]: ...


class Bucket(Listed, Protocol):
    """Raises BadFile(code="missing") and BucketUnavailable."""

    def put_file(self, key: str, file: BinaryIO, *, sha256: str) -> None: ...
    def download(self, key: str, into: BinaryIO, *, at_most: int) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """*files*: how many were computed again; None: the backup had all there is."""

    key: str
    made_at: datetime
    rows: int
    files: int | None


def folder_of(schema: str) -> str:
    """Where a community's backups are, by the schema of its data."""
    return f"{FOLDER}{schema}/" if schema else FOLDER


def newest(bucket: Listed, schema: str) -> tuple[str, datetime] | None:
    """The key of the schema's newest backup and when it was made."""
    folder = folder_of(schema)
    named = [found for key in bucket.keys(folder) if (found := _NAMED.fullmatch(key.removeprefix(folder)))]
    if not named:
        return None
    latest = max(named, key=lambda one: one[1])
    return folder + latest[0], datetime.strptime(latest[1], _NAME).replace(tzinfo=UTC)


def back_up_daily(db: Database, bucket: Bucket, *, now: datetime) -> Backup | None:
    """None: there is one of the last 23 hours."""
    known = newest(bucket, db.schema)
    return None if known is not None and now - known[1] < EVERY else back_up(db, bucket, now=now)


def back_up(db: Database, bucket: Bucket, *, now: datetime, everything: bool = False, told: Told = nobody) -> Backup:
    """Writes one. *everything*: what files would bring back as well. Raises Unavailable with nothing written."""
    name = now.astimezone(UTC).strftime(_NAME) + ("-everything" if everything else "") + ".jsonl.gz"
    key = folder_of(db.schema) + name
    known = {one.number: one.checksum for one in migrations()}
    with TemporaryFile() as file, db.transaction():
        book.hold_still(db)
        ran = {number: known.get(number, "") for number in book.migrations_run(db)}
        writer = BackupWriter(file, Heading(made_at=now.astimezone(UTC), everything=everything, migrations=ran))
        tables = book.tables_to_back_up(db, everything=everything)
        for number, table in enumerate(tables):
            told(number, len(tables))
            writer.table(table.name, table.columns, book.read_rows(db, table))
        writer.end()
        size = file.tell()
        bucket.put_file(key, file, sha256=_digest(file))
    return Backup(key=key, rows=writer.rows, size=size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restorer:
    """*rebuild* makes what computes everything else from the bucket. *tell* is given a line of progress."""

    db: Database
    bucket: Bucket
    rebuild: Callable[[], Rebuild]
    tell: Callable[[str], None]

    def restore(self, key: str = "") -> Restored:
        """The database as it was; *key* '': from the newest. Raises BadFile or BadInput with nothing written."""
        key = key or self._newest()
        with TemporaryFile() as file:
            size = self.bucket.download(key, file, at_most=MAX_BYTES)
            self.tell(f"{key}: {size:,} bytes")
            heading = _whole(file)
            self._migrate_to(heading)
            with self.db.transaction():
                rows = self._write(_parts(file))
                book.go_on_counting(self.db)
        migrate(self.db)
        self.tell(f"{rows} rows are in")
        files = None if heading.everything else self._compute()
        return Restored(key=key, made_at=heading.made_at, rows=rows, files=files)

    def _newest(self) -> str:
        found = newest(self.bucket, self.db.schema)
        if found is None:
            folder = folder_of(self.db.schema)
            raise BadInput(
                f"The bucket has no backup under {folder}. Without one, `etstats rebuild` brings back figures."
            )
        return found[0]

    def _migrate_to(self, heading: Heading) -> None:
        """The schema the rows were read from, with nothing in it; newer migrations find rows as they expect them."""
        known = {one.number: one for one in migrations()}
        for number, checksum in heading.migrations.items():
            if number not in known or known[number].checksum != checksum:
                raise BadInput(
                    f"The backup is of a schema with migration {number:04}, which this version does not have."
                )
        migrate(self.db, [known[number] for number in sorted(heading.migrations)])
        book.require_empty(self.db)

    def _write(self, parts: Iterable[Part]) -> int:
        table: Table | None = None
        waiting: list[str] = []
        rows = 0
        for part in parts:
            if isinstance(part, str):
                waiting.append(part)
            if table and waiting and (not isinstance(part, str) or len(waiting) == _ROWS_AT_ONCE):
                book.write_rows(self.db, table, waiting)
                rows += len(waiting)
                waiting = []
            if isinstance(part, TableBegins):
                table = book.find_columns(self.db, part.name, part.columns)
        if table and waiting:
            book.write_rows(self.db, table, waiting)
        return rows + len(waiting)

    def _compute(self) -> int:
        rebuild = self.rebuild()
        try:
            rebuild.compute()
            rebuild.apply()
        finally:
            rebuild.end()
        for key in rebuild.lost:
            self.tell(f"{key} is not in the bucket any more")
        return rebuild.files


def _digest(file: BinaryIO) -> str:
    """In hexadecimal."""
    whole = sha256()
    file.seek(0)
    while piece := file.read(_PIECE):
        whole.update(piece)
    return whole.hexdigest()


def _parts(file: BinaryIO) -> Iterator[Part]:
    file.seek(0)
    return read_backup(file)


def _whole(file: BinaryIO) -> Heading:
    """Reads it to its end, so that nothing is written of one that is damaged. Raises BadFile."""
    first, *_ = [part for part in _parts(file) if isinstance(part, Heading)]
    return first
