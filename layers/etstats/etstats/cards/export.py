"""Tables as files: CSV for a spreadsheet, JSON for a program."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date

from etstats.domain.table import Table
from etstats.interactions.reply import Attachment, Message

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


# Discord takes 10 MiB and ten files with a message
_PACK_FROM_BYTES = 4 * 1024 * 1024
_MOST_FILES = 10


def card(told: str, tables: Sequence[Table], *, stem: str, as_json: bool) -> Message:
    """*told*: the sentence above the files; their names begin with *stem*. Tables without rows are left out.
    What would be too large for a message is packed."""
    filled = [table for table in tables if table.rows]
    files = [_json(stem, filled)] if as_json else [_csv(stem, table) for table in filled]
    if len(files) > _MOST_FILES or sum(len(file.content) for file in files) > _PACK_FROM_BYTES:
        files = [_packed(stem, files)]
    return Message(content=told, files=tuple(files), private=True)


def _packed(stem: str, files: Sequence[Attachment]) -> Attachment:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name), file.content, zipfile.ZIP_DEFLATED)
    return Attachment(name=f"{stem}.zip", content=packed.getvalue(), media_type="application/zip")


def _json(stem: str, tables: Sequence[Table]) -> Attachment:
    """One object, a list of objects for each table. An unknown figure is null."""
    document = {table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in tables}
    text = json.dumps(document, ensure_ascii=False, indent=1, default=_plain)
    return Attachment(name=f"{stem}.json", content=text.encode(), media_type="application/json")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _csv(stem: str, table: Table) -> Attachment:
    """An unknown figure is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    # the mark at the beginning tells spreadsheets that it is UTF-8
    return Attachment(
        name=f"{stem}-{table.name}.csv", content=text.getvalue().encode("utf-8-sig"), media_type="text/csv"
    )


def _cell(value: object) -> object:
    """A player called =1+1 must not become a formula in somebody's spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
