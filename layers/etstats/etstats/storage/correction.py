"""Corrections: rows of their own, which no file and no rebuild ever touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from etstats.domain.correction import KINDS, Correction, Kind, What, attributes
from etstats.storage.database import Database


def hold(db: Database) -> None:
    """Until the transaction ends nobody stores a file and nobody else makes a correction."""
    db.run("select pg_advisory_xact_lock(hashtextextended('corrections', 2))")


def corrections(db: Database) -> list[Correction]:
    """All of them, withdrawn ones too, in the order they were made."""
    return from_rows(db.values("select to_json(correction) from correction order by correction_id"))


def from_rows(rows: Sequence[Mapping[str, Any]] | None) -> list[Correction]:
    """Corrections from their rows as JSON has them."""
    return [_from_row(row) for row in rows or ()]


def _from_row(row: Mapping[str, Any]) -> Correction:
    kind = KINDS[Kind(row["kind"])]
    about: dict[str, Any] = {
        one.name: _time(row[one.name]) if one.name in _TIMES else row[one.name] for one in fields(kind)
    }
    return Correction(
        correction_id=row["correction_id"],
        what=kind(**about),
        made_by=row["made_by"],
        reason=row["reason"],
        made_at=datetime.fromisoformat(row["made_at"]),
        withdrawn_by=row["withdrawn_by"],
        withdrawn_at=_time(row["withdrawn_at"]),
    )


_TIMES = ("since", "until")


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def add(db: Database, kind: Kind, what: What, *, by: str, reason: str, now: datetime) -> int:
    """The new correction's number."""
    about = attributes(what)
    columns = ", ".join(about)
    values = ", ".join(f":{name}" for name in about)
    return int(
        db.values(
            f"""insert into correction (kind, {columns}, made_by, reason, made_at)
                values (:kind, {values}, :by, :reason, :now) returning correction_id""",  # noqa: S608  # our own names
            kind=kind.value,
            **about,
            by=by,
            reason=reason,
            now=now,
        )[0]
    )


def withdraw(db: Database, correction_id: int, *, by: str, now: datetime) -> None:
    db.run(
        "update correction set withdrawn_by = :by, withdrawn_at = :now where correction_id = :id",
        by=by,
        now=now,
        id=correction_id,
    )
