"""Reads records: a few rows for each map, kept by the transaction that stores a round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from etstats.domain.record import Record, RecordFigure, Scope
from etstats.storage.database import Database

PLACES = 3  # as many as are kept of each map


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    figure: str
    place: int
    value: float
    at: datetime
    guid: str
    name: str
    now_called: str
    map: str
    rounds: list[int]


def records(db: Database, scope: Scope, *, map: str = "", places: int = 2) -> list[Record]:
    """The best *places* of every figure, on one map or on any (''); ties go to the newest, then by name.

    At most `PLACES` are kept. Unknown figures, rounds that do not count and bots hold no record.
    """
    rows = db.all(
        _Row,
        """
        select figure, cast(place as integer) as place, value, at, person as guid, placed.name,
               coalesce(player.name, placed.name) as now_called, map, placed.rounds
        from (select *, row_number() over (
                  partition by figure order by value desc, at desc, name collate "C", rounds, person) as place
              from player_record where scope = :scope and (map = :map or :map = '')) as placed
             left join player on player.guid = person
        where place <= :places""",
        scope=scope.value,
        map=map,
        places=places,
    )
    told = list(RecordFigure)
    found = [_record(row) for row in rows]
    return sorted(found, key=lambda one: (told.index(one.figure), one.place))


def _record(row: _Row) -> Record:
    return Record(
        figure=RecordFigure(row.figure),
        place=row.place,
        value=row.value,
        at=row.at,
        guid=row.guid,
        name=row.name,
        now_called=row.now_called,
        map=row.map,
        rounds=tuple(row.rounds),
    )
