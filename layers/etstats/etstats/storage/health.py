"""What was seen of each part of the system, what the database tells by itself, and problems from their beginning to
their end."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from etstats.domain.health import WAITING_TOO_LONG, Facts, Observed, Seen
from etstats.domain.problem import Problem
from etstats.storage.database import Database
from etstats.storage.rows import as_json, values


def note_seen(db: Database, observed: Iterable[Observed], *, now: datetime) -> None:
    """Each part's latest, one statement for all."""
    rows = [
        {"part": one.part, "light": one.light.value, "said": one.said[:300], "figure": one.figure} for one in observed
    ]
    if rows:
        db.run(
            """
            insert into health as had (part, light, said, figure, seen_at, since, good_at)
            select part, light, said, figure, :now, :now, case light when 'good' then cast(:now as timestamptz) end
            from json_populate_recordset(cast(null as health), cast(:rows as json)) order by part
            on conflict (part) do update set
                light = excluded.light, said = excluded.said, figure = excluded.figure, seen_at = excluded.seen_at,
                since = case when had.light = excluded.light then had.since else excluded.seen_at end,
                good_at = coalesce(excluded.good_at, had.good_at)
            where had.seen_at <= excluded.seen_at""",
            rows=as_json(rows),
            now=now,
        )


def forget_unseen(db: Database, *, now: datetime, after: timedelta) -> None:
    """Parts that are not there any more, such as a game server nobody visits."""
    db.run(
        "delete from health where seen_at < cast(:now as timestamptz) - cast(:after as interval)", now=now, after=after
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    files: list[dict[str, Any]] | None
    last_round_at: datetime | None
    files_waiting: int
    refused: int
    posts_waiting: int
    channels_blocked: int
    last_post_at: datetime | None
    demos_stuck: int
    demos_failed: int
    last_demo_at: datetime | None
    seen: list[dict[str, Any]] | None


# what a row and the facts have in common
_COUNTED = tuple(one.name for one in fields(_Row) if one.name not in ("files", "seen"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    server: str
    stored_at: datetime


_FILES = """
    select max(parsed_at) as last_round_at,
           count(*) filter (where state in ('seen', 'stored') and fetched_size is not null and note is null
               and coalesce(stored_at, seen_at) < :late) as waiting,
           count(*) filter (where state = 'rejected' and stored_at > :yesterday) as refused
    from stats_file"""
_POSTS = """
    select count(*) filter (
               where posted_at is null and failure is null and due_at < :late and channel_id not in (
                   select channel_id from post_channel where problem is not null)) as waiting,
           max(posted_at) as last_post_at
    from outbox"""
_DEMOS = """
    select count(*) filter (where state in ('received', 'analysing') and received_at < :late
               and coalesce(claimed_until, received_at) < :now) as stuck,
           count(*) filter (where state = 'failed' and received_at > :yesterday) as failed,
           max(analysed_at) filter (where state = 'ready') as last_demo_at
    from demo"""
_SERVERS = """
    select json_agg(one) from (
        select server, max(stored_at) as stored_at from stats_file where stored_at is not null group by server
    ) as one"""
# what was looked at, and what is left alone
_PARTS = """
    select json_agg(part_seen order by part) from (
        select part, light, said, figure, seen_at, since, good_at from health
        union all
        select 'breaker/' || name, case state when 'closed' then 'good' else 'warn' end,
               coalesce(reason, ''), null, :now, coalesce(opened_at, changed_at), good_at from breaker
    ) as part_seen"""


def read_facts(db: Database, *, now: datetime) -> Facts:
    """One statement. Raises DatabaseUnavailable."""
    began = time.perf_counter()
    (row,) = db.all(
        _Row,
        f"""
        with file as ({_FILES}), post as ({_POSTS}), shown as ({_DEMOS})
        select ({_SERVERS}) as files, ({_PARTS}) as seen, last_round_at, file.waiting as files_waiting, refused,
               post.waiting as posts_waiting, last_post_at, shown.stuck as demos_stuck, shown.failed as demos_failed,
               last_demo_at, (select count(*) from post_channel where problem is not null) as channels_blocked
        from file, post, shown""",  # noqa: S608  # our own fragments
        now=now,
        late=now - WAITING_TOO_LONG,
        yesterday=now - timedelta(days=1),
    )
    took_ms = (time.perf_counter() - began) * 1000
    counted = {name: getattr(row, name) for name in _COUNTED}
    last_file_at = {one.server: one.stored_at for one in values(_File, row.files)}
    return Facts(
        answered_ms=took_ms, last_file_at=last_file_at, seen=tuple(_seen(one) for one in row.seen or ()), **counted
    )


def _seen(row: dict[str, Any]) -> Seen:
    return values(Seen, [row])[0]


def database_size(db: Database) -> int:
    """In bytes, as it lies on the disk."""
    return int(db.values("select pg_database_size(current_database())")[0])


# -- problems --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    part: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Problems that began and that are over, by their numbers."""

    opened: tuple[int, ...]
    closed: tuple[int, ...]


def settle_problems(
    db: Database, bad: Sequence[Bad], unknown: Sequence[str], *, channel_id: str, now: datetime, quiet_for: timedelta
) -> Changed:
    """Opens what is *bad* and closes what has been well for *quiet_for*; each is put into the outbox once, and its end
    once more where its beginning was told. What is *unknown* stays as it was. Part of the caller's transaction."""
    opened = db.values(
        """
        with told as (
            select part, said from json_populate_recordset(cast(null as problem), cast(:bad as json))
        ), again as (
            update problem set good_since = null from told where problem.part = told.part and closed_at is null
        )
        insert into problem (part, said, opened_at) select part, said, :now from told
        where part not in (select part from problem where closed_at is null)
        on conflict do nothing returning problem_id""",
        bad=as_json([{"part": one.part, "said": one.said} for one in bad]),
        now=now,
    )
    db.run(
        """update problem set good_since = :now
           where closed_at is null and good_since is null and part <> all (cast(:stay as text[]))""",
        now=now,
        stay=[*(one.part for one in bad), *unknown],
    )
    closed = db.values(
        """update problem set closed_at = :now
           where closed_at is null and good_since <= cast(:now as timestamptz) - cast(:quiet as interval)
           returning problem_id""",
        now=now,
        quiet=quiet_for,
    )
    if channel_id:
        _tell(db, "problem", opened, channel_id, now)
        _tell(db, "over", _told_of(db, closed), channel_id, now)
    return Changed(opened=tuple(opened), closed=tuple(closed))


def _told_of(db: Database, closed: Sequence[int]) -> list[int]:
    """Those whose beginning may be out: the post of one that is not tells its end as well."""
    return db.values(
        """select subject_id from outbox where kind = 'problem' and subject_id = any (cast(:ids as bigint[]))
               and (posted_at is not null or tried_at is not null)""",
        ids=list(closed),
    )


def _tell(db: Database, kind: str, ids: Sequence[int], channel_id: str, now: datetime) -> None:
    db.run(
        """insert into outbox (kind, subject_id, channel_id, happened_at, created_at, due_at)
           select cast(:kind as text), problem_id, :channel, cast(:now as timestamptz) at time zone 'UTC', :now, :now
           from problem
           where problem_id = any (cast(:ids as bigint[]))
           on conflict do nothing""",
        kind=kind,
        ids=list(ids),
        channel=channel_id,
        now=now,
    )


def find_problem(db: Database, problem_id: int) -> Problem | None:
    return db.find(
        Problem,
        """select problem_id, part, said, opened_at, closed_at, exists (
               select from outbox where kind = 'over' and subject_id = problem_id) as has_end
           from problem where problem_id = :id""",
        id=problem_id,
    )


def problems(db: Database, *, since: datetime) -> list[Problem]:
    """Those that last, and those that were over *since* then; the latest first."""
    return db.all(
        Problem,
        """select problem_id, part, said, opened_at, closed_at, false as has_end from problem
           where closed_at is null or closed_at > :since order by opened_at desc, problem_id desc""",
        since=since,
    )


def note_past(db: Database, part: str, said: str, *, opened_at: datetime, now: datetime) -> int:
    """The number of a problem that is over already, and could not be written down while it lasted. Again: the same."""
    known = "select problem_id from problem where part = :part and opened_at = :opened_at"
    return int(
        db.values(
            f"""with had as ({known}), made as (
                    insert into problem (part, said, opened_at, closed_at)
                    select cast(:part as text), :said, cast(:opened_at as timestamptz), :now
                    where not exists (select from had) returning problem_id)
                select problem_id from had union all select problem_id from made""",  # noqa: S608  # our own fragment
            part=part,
            said=said,
            opened_at=opened_at,
            now=now,
        )[0]
    )


def queue_over(db: Database, problem_id: int, *, channel_id: str, now: datetime) -> None:
    _tell(db, "over", [problem_id], channel_id, now)
