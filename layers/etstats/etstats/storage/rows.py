"""Rows on their way into PostgreSQL and back: many travel as one JSON value and become rows on the other side.

For a whole round that takes 3.5 ms where row by row takes 40 to 60; and what a card tells comes with one statement.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
Row = Mapping[str, object]


def as_json(value: object) -> str:
    """For `json_populate_recordset`: enums by value, times in ISO form, bytes as bytea reads them."""
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(f"{type(value).__name__} has no place in a row")


def only(kind: type[T], row: Mapping[str, Any]) -> T:
    """The *kind* that is among the columns of *row*."""
    return kind(**{name: row[name] for name in _fields(kind)})


def values(kind: type[T], rows: Iterable[Mapping[str, Any]] | None) -> tuple[T, ...]:
    """What `json_agg` made of rows, as *kind*s again; None, what it makes of no rows, is none."""
    times = [name for name, declared in _fields(kind).items() if declared.startswith("datetime")]
    return tuple(kind(**_with_times(row, times)) for row in rows or ())


def _with_times(row: Mapping[str, Any], times: Iterable[str]) -> dict[str, Any]:
    """JSON knows no times."""
    return {**row, **{name: row[name] and datetime.fromisoformat(row[name]) for name in times}}


@cache
def _fields(kind: type) -> dict[str, str]:
    """Names and declared types."""
    return {field.name: str(field.type) for field in fields(kind)}
