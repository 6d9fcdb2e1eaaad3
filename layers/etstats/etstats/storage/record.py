"""Reads records: a few rows for each map, kept by the transaction that stores a round; and the best sessions, each
figure's from an index of its own. Neither costs more when the archive grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from etstats.domain.record import TOLD, Record, RecordFigure, Scope
from etstats.storage.database import Database

PLACES = 3  # as many as are kept of each map

_OF_A_SESSION: dict[RecordFigure, str] = {
    RecordFigure.KILLS: "kills",
    RecordFigure.DAMAGE: "damage_given",
    RecordFigure.HEADSHOTS: "gun_headshot_hits",
    RecordFigure.XP: "xp",
    RecordFigure.REVIVES: "revives_given",
    RecordFigure.REVIVED: "times_revived",
    RecordFigure.GIBS: "gibs",
    RecordFigure.USEFUL: "useful_kills",
    RecordFigure.STOLEN: "objectives_stolen",
    RecordFigure.RETURNED: "objectives_returned",
    RecordFigure.PLANTED: "dynamites_planted",
    RecordFigure.DEFUSED: "dynamites_defused",
}


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


def records(
    db: Database, scope: Scope, *, figure: RecordFigure | None = None, map: str = "", places: int = 2
) -> list[Record]:
    """The best *places* of every figure, or of one, on one map or on any (''); ties go to the newest, then by name.

    At most `PLACES` are kept. Unknown figures, rounds that do not count, bots and who hides hold no record. A
    session's has no map.
    """
    if scope is Scope.SESSION:
        return _of_sessions(db, [figure] if figure else list(TOLD[scope]), places, "")
    return _found(
        db,
        "partition by figure",
        "(map = :map or :map = '') and (figure = :figure or :figure = '')",
        "place <= :places",
        scope=scope.value,
        map=map,
        figure=figure.value if figure else "",
        places=places,
        guid="",
    )


def records_by_map(db: Database, scope: Scope, figure: RecordFigure) -> list[Record]:
    """The holder and the runner-up on every map, the highest value first. Raises ValueError for sessions."""
    _refuse_sessions(scope)
    found = _found(
        db, "partition by map", "figure = :figure", "place <= 2", scope=scope.value, figure=figure.value, guid=""
    )
    return sorted(found, key=lambda one: (one.place, -one.value, one.map))


def records_of(
    db: Database, guid: str, scope: Scope, *, figure: RecordFigure | None = None, map: str = ""
) -> list[Record]:
    """Where a player, hidden or not, is among the best `PLACES` of each map, or of all sessions: first places first."""
    if scope is Scope.SESSION:
        every = _of_sessions(db, [figure] if figure else list(TOLD[scope]), PLACES, guid)
        found = [one for one in every if one.guid == guid]
    else:
        found = _found(
            db,
            "partition by map, figure",
            "(map = :map or :map = '') and (figure = :figure or :figure = '')",
            "person = :guid",
            scope=scope.value,
            map=map,
            figure=figure.value if figure else "",
            guid=guid,
        )
    return sorted(found, key=lambda one: (one.place, _told(one), -one.value, one.map))


def _refuse_sessions(scope: Scope) -> None:
    if scope is Scope.SESSION:
        raise ValueError("a session is played on several maps")


def _found(db: Database, partition: str, among: str, wanted: str, **parameters: object) -> list[Record]:
    """Kept records, each with its place in its *partition*: our own fragments of SQL."""
    rows = db.all(
        _Row,
        f"""
        select figure, cast(place as integer) as place, value, at, person as guid, placed.name,
               coalesce(player.name, placed.name) as now_called, map, placed.rounds
        from (select *, row_number() over (
                  {partition} order by value desc, at desc, name collate "C", rounds, person) as place
              from player_record where scope = :scope and {among}
                and (person = :guid or person not in (select guid from hidden_person))) as placed
             left join player on player.guid = person
        where {wanted}""",  # noqa: S608
        **parameters,
    )
    return sorted(map(_record, rows), key=lambda one: (_told(one), one.place))


def _of_sessions(db: Database, figures: list[RecordFigure], places: int, guid: str) -> list[Record]:
    best = " union all ".join(
        f"""(select '{one.value}' as figure, row_number() over () as place, best.* from (
                 select cast({_OF_A_SESSION[one]} as double precision) as value, last_at as at, guid, name
                 from player_session where {_OF_A_SESSION[one]} > 0
                   and (guid = :guid or guid not in (select guid from hidden_person))
                 order by {_OF_A_SESSION[one]} desc, last_at desc, name collate "C", guid limit :places) as best)"""  # noqa: S608
        for one in figures
    )
    rows = db.all(
        _Row,
        f"""
        select figure, cast(place as integer) as place, value, at, guid, best.name,
               coalesce(player.name, best.name) as now_called, '' as map, cast('{{}}' as bigint[]) as rounds
        from ({best}) as best left join player using (guid)""",  # noqa: S608
        places=places,
        guid=guid,
    )
    return sorted(map(_record, rows), key=lambda one: (_told(one), one.place))


def _told(one: Record) -> int:
    return list(RecordFigure).index(one.figure)


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
