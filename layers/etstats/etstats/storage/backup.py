"""What no file in the bucket can bring back, read out of the database row by row, and written into an empty one.

Rows travel as PostgreSQL's own JSON and are never looked at in between: what a column holds comes back as it was.
"""
# ruff: noqa: S608  # SQL is made of names out of the catalogue; nothing a backup says becomes SQL before it was found there

from __future__ import annotations

from collections.abc import Iterator, Sequence

from etstats.errors import BadInput
from etstats.storage.database import Database
from etstats.storage.rebuild import DERIVED, KEPT, Table, tables_among

# Kept, and yet in no backup: what migrating makes, what only matters for minutes, and how the lost system was.
LEFT_OUT = (
    *("migration", "cooldown", "interaction", "post_channel", "breaker", "server_seen"),
    *("health", "problem", "job_answer"),
)
# the bucket has the bytes; a backup of everything has them as well
_IN_BUCKET = {"stats_file": ("content",)}
BACKED_UP = tuple(table for table in KEPT if table not in LEFT_OUT)
_AT_ONCE = 200


class NotEmpty(BadInput):
    """A backup is restored into nothing."""


def tables_to_back_up(db: Database, *, everything: bool) -> list[Table]:
    """What others refer to comes first; with the columns that are read out."""
    names = (*BACKED_UP, *DERIVED) if everything else BACKED_UP
    found = tables_among(db, names)
    return found if everything else [_without_bytes(table) for table in found]


def _without_bytes(table: Table) -> Table:
    left = [column for column in table.columns if column not in _IN_BUCKET.get(table.name, ())]
    return Table(name=table.name, columns=left, key=table.key, depended_on=table.depended_on)


def migrations_run(db: Database) -> list[int]:
    return db.values("select number from migration order by number")


def hold_still(db: Database) -> None:
    """Until the transaction ends it sees one moment, whatever is written meanwhile."""
    db.run("set transaction isolation level repeatable read, read only")


def read_rows(db: Database, table: Table) -> Iterator[str]:
    """Every row as JSON, some at a time. Inside a transaction."""
    columns, key = ", ".join(table.columns), ", ".join(table.key)
    db.run(
        f"""declare backup_rows no scroll cursor for
            select cast(to_jsonb(kept) as text) from (select {columns} from {table.name} order by {key}) as kept"""
    )
    while rows := db.values(f"fetch {_AT_ONCE} from backup_rows"):
        yield from rows
    db.run("close backup_rows")


def write_rows(db: Database, table: Table, rows: Sequence[str]) -> None:
    """Rows as `read_rows` gave them, with the columns *table* names."""
    columns = ", ".join(table.columns)
    db.run(
        f"""insert into {table.name} ({columns}) overriding system value
            select {columns} from json_populate_recordset(cast(null as {table.name}), cast(:rows as json))""",
        rows=f"[{','.join(rows)}]",
    )


def find_columns(db: Database, name: str, columns: Sequence[str]) -> Table:
    """The table *name* with just these columns. Raises BadInput where there are none such."""
    found = next(iter(tables_among(db, [name])), None)
    if found is None or not set(columns) <= set(found.columns):
        raise BadInput(f"The backup has a table {name} with columns that this schema does not have.")
    return Table(name=found.name, columns=list(columns), key=found.key, depended_on=found.depended_on)


def go_on_counting(db: Database) -> None:
    """Numbers that the database gives out go on after the highest there is."""
    counted = db.values(
        """select relname || ' ' || attname from pg_class join pg_attribute on attrelid = pg_class.oid
           where relkind = 'r' and relnamespace = current_schema()::regnamespace and attidentity <> ''"""
    )
    for table, column in (one.split(" ") for one in counted):
        db.run(
            f"""select setval(pg_get_serial_sequence('{table}', '{column}'), coalesce(max({column}), 0) + 1, false)
                from {table}"""
        )


def require_empty(db: Database) -> None:
    """Raises NotEmpty."""
    for table in tables_among(db, (*BACKED_UP, *DERIVED)):
        if db.values(f"select 1 from {table.name} limit 1"):
            raise NotEmpty(
                f"The database is not empty: {table.name} has rows. Restore into a new one; where a restore was"
                " interrupted after its rows were in, `etstats rebuild --apply` does the rest."
            )
