"""A table for somebody's spreadsheet: column names, and rows of plain values in their order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """*name* becomes the file's. None is an unknown figure: an empty cell, never zero."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
