"""Every file's public receipt: how far it came, when, and why not further; and how much the database holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from etstats.domain.receipt import MISSED_AFTER, Absent, Missing, Receipt
from etstats.storage.database import Database

RECEIPT = (
    "name, state, fetched_size is not null or stored_at is not null as fetched, "
    "seen_at, stored_at, parsed_at, published_at, refusal_code, refusal, note"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    sessions: int
    rounds: int
    counted_rounds: int


def receipts(db: Database) -> list[Receipt]:
    """Every file the database knows, by name."""
    return db.all(
        Receipt,
        f"select {RECEIPT} from stats_file order by name",  # noqa: S608  # our own columns
    )


def holdings(db: Database) -> Holdings:
    return db.all(
        Holdings,
        """select (select count(*) from session) as sessions, count(*) as rounds,
                  count(*) filter (where counted) as counted_rounds
           from round""",
    )[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Missing:
    absent: str
    server: str
    file: str
    map: str
    number: int
    since: datetime


_LACKING = """
    with ended as (
        select round.*, name as file, stored_at + cast(:after as interval) as noticed_at
        from round join stats_file on file_id = round_id
        where round.written_at >= coalesce(cast(:since as timestamp), '-infinity')),
    lacking as (
        select 'first_round' as absent, server, file, map, number, noticed_at as since
        from ended where role = 'r2_without_r1'
        union all
        select 'second_round', server, file, map, number,
               noticed_at + make_interval(secs => coalesce(time_s, limit_s, 0))
        from ended where role = 'r1_without_r2' and replaced_by is null
        union all
        select 'endstats', server, file, map, number, noticed_at
        from ended join round_trust using (round_id)
        where role in ('r1', 'r2', 'r1_without_r2', 'r2_without_r1') and endstats_id is null
          and exists (select from companion where companion.server = ended.server and kind = 'endstats'
                                              and companion.earliest <= written_at)
        union all
        select 'stats', companion.server, stats_file.name, map, number, stored_at + cast(:after as interval)
        from companion join stats_file using (file_id)
        where kind = 'endstats' and earliest >= coalesce(cast(:since as timestamp), '-infinity')
          and not exists (select from round_trust where endstats_id = file_id))
    select absent, server, file, map, number, since from lacking
    where since <= :now order by since, server, file, absent"""


def missing(db: Database, *, now: datetime, since: datetime | None = None) -> list[Missing]:
    """What should have come by *now* and has not, longest ago first; of rounds that ended before *since* nothing.

    A first round is given the time its second may take at most. Endstats files are missed on servers that were
    sending them by then.
    """
    rows = db.all(
        _Missing,
        _LACKING,
        after=MISSED_AFTER,
        since=since,
        now=now,
    )
    return [
        Missing(
            absent=Absent(row.absent), server=row.server, file=row.file, map=row.map, number=row.number, since=row.since
        )
        for row in rows
    ]
