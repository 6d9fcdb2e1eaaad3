"""Many rows in one statement: they travel as one JSON parameter and become rows inside PostgreSQL.

For a whole round that takes 3.5 ms where row by row takes 40 to 60.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum

from etstats.storage.database import Database

Row = Mapping[str, object]


def insert_rows(db: Database, table: str, rows: Sequence[Row], *, replacing: str = "") -> None:
    """Inserts *rows*, whose keys are columns of *table*. *replacing* names the key columns whose rows are overwritten.

    *table*, *replacing* and the keys are our own words, never anything a player typed.
    """
    if not rows:
        return
    columns = list(rows[0])
    conflict = ""
    if replacing:
        keys = {key.strip() for key in replacing.split(",")}
        updates = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in keys)
        conflict = f"on conflict ({replacing}) do update set {updates}"
    listed = ", ".join(columns)
    db.run(
        f"""insert into {table} ({listed})
            select {listed} from json_populate_recordset(cast(null as {table}), cast(:rows as json))
            {conflict}""",  # noqa: S608
        rows=json.dumps(rows, default=_plain, ensure_ascii=False),
    )


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(f"{type(value).__name__} has no place in a row")
