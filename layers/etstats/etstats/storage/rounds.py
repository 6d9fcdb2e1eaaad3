"""Reads rounds with their receipts, a page at a time."""

from __future__ import annotations

from typing import Any

from etstats.domain.companion import ENDSTATS_WINDOW
from etstats.domain.evening import PlayedRound, PlayedSession
from etstats.domain.receipt import Receipt
from etstats.domain.rounds import ListedRound
from etstats.domain.session import SESSION_GAP
from etstats.storage.database import Database
from etstats.storage.receipt import RECEIPT
from etstats.storage.rows import only, values

_OF_SESSION = """
    select * from round where session_id = :session_id and (:map = '' or map = :map)
    order by written_at, number, round_id limit :limit offset :offset"""
# each half by its own index, so that neither reads more than the page's end
_OF_MAP = """
    select * from (
        (select * from round where map = :map and counted order by written_at desc limit :upto)
        union all
        (select * from round where map = :map and not counted order by written_at desc limit :upto)) as played
    order by written_at desc, round_id desc limit :limit offset :offset"""


def rounds_of_session(
    db: Database, session_id: int, *, map: str = "", limit: int, offset: int = 0
) -> list[ListedRound]:
    """In the order played; *map* '': on all maps."""
    return _listed(db, _OF_SESSION, "written_at", session_id=session_id, map=map, limit=limit, offset=offset)


def rounds_on_map(db: Database, map: str, *, limit: int, offset: int = 0) -> list[ListedRound]:
    """Of all sessions, the latest first."""
    return _listed(db, _OF_MAP, "written_at desc", map=map, limit=limit, offset=offset, upto=limit + offset)


def _listed(db: Database, which: str, order: str, **parameters: object) -> list[ListedRound]:
    found = db.all(
        dict,
        f"""
        with wanted as ({which})
        select wanted.round_id, written_at, wanted.map,
               case when role in ('r1', 'r1_without_r2', 'aborted_r1') then 1 else wanted.number end as number,
               role, counted, uncounted_reason as reason, outcome, defender_team, winner_team, limit_s, time_s,
               duration_s, coalesce(ended_early, false) as gave_up, players, grade,
               (select position from match
                where match.session_id = wanted.session_id and wanted.round_id in (round1_id, round2_id)) as position,
               replaced_by is not null as replaced,
               {_file("wanted.round_id")} as stats, {_file("endstats_id")} as endstats,
               {_file("gametime_id")} as gametime,
               (select cast(testimony ->> 'whole' as boolean) from demo
                where demo.round_id = wanted.round_id and demo.sha256 = demo_sha256 limit 1) as demo_whole,
               exists (select from companion where companion.server = wanted.server and kind = 'endstats'
                                                   and earliest <= written_at) as endstats_expected,
               (select array_agg(code order by place, code) from (
                    select distinct case verdict when 'unknown' then 2 else 0 end as place,
                           case verdict when 'unknown' then 'unknown_' else 'off_' end || code as code
                    from json_to_recordset(cast(checks as json)) as held (code text, origin text, verdict text)
                    where verdict in ('off', 'broken') or (verdict = 'unknown' and origin = 'stats')
                    union
                    select 1, 'mark_' || code from player_mark
                    where player_mark.round_id = wanted.round_id and doubt <> 'none') as doubt) as doubts
        from wanted left join round_trust using (round_id)
        order by {order}, number, wanted.round_id""",  # noqa: S608  # our own fragments
        **parameters,
    )
    return [_round(row) for row in found]


def _file(column: str) -> str:
    return f"(select row_to_json(file) from (select {RECEIPT} from stats_file where file_id = {column}) as file)"  # noqa: S608


def _round(row: dict[str, Any]) -> ListedRound:
    return ListedRound(
        played=only(PlayedRound, row),
        stats=_receipt(row["stats"]),
        endstats=_receipt(row["endstats"]),
        gametime=_receipt(row["gametime"]),
        endstats_expected=row["endstats_expected"],
        replaced=row["replaced"],
        demo_whole=row["demo_whole"],
        doubts=tuple(row["doubts"] or ()),
    )


def _receipt(row: dict[str, Any] | None) -> Receipt | None:
    return None if row is None else values(Receipt, [row])[0]


def loose_files(db: Database, session: PlayedSession) -> list[Receipt]:
    """Files of the session's time that belong to none of its rounds: refused, of another kind, or not yet fetched.

    Their names tell the time; a gametime file's does not, so it has no place here unless a round is found for it.
    """
    return db.all(
        Receipt,
        f"""
        select {RECEIPT} from stats_file
        where server = :server and name between :first_name and :last_name
          and not exists (select from round where round_id = file_id)
          and not exists (select from round_trust where endstats_id = file_id)
        order by name""",  # noqa: S608  # our own columns
        server=session.server,
        first_name=f"{session.first_at - ENDSTATS_WINDOW:%Y-%m-%d-%H%M%S}",
        last_name=f"{session.last_at + SESSION_GAP:%Y-%m-%d-%H%M%S}",
    )
