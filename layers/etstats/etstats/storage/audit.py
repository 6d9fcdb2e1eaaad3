"""The audit log. Its rows are never taken out, and what is over never changes: the table itself sees to that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from etstats.domain.audit import BROKE_OFF, CONFIRM_WITHIN, DONE_WITHIN, TOO_LATE, Answer, Entry, State
from etstats.interactions.request import Asked
from etstats.storage.database import Database

_COLUMNS = """audit_id, interaction_id, confirmed_by, guild_id, actor_id, actor, tier, command, server, arguments,
    state, asked_at, warned_at, ended_at, result, channel_id, percent, good_till"""
_WORDS = 1_500


def begin(
    db: Database,
    asked: Asked,
    *,
    tier: int,
    command: str,
    server: str = "",
    arguments: Mapping[str, object],
    state: State,
    good_till: datetime | None = None,
) -> tuple[Entry, bool]:
    """Writes down what is about to be asked or done; False when this interaction was here before."""
    made = db.all(
        Entry,
        f"""
        insert into audit (interaction_id, guild_id, channel_id, actor_id, actor, tier, command, server, arguments,
            state, asked_at, good_till)
        values (:interaction, :guild, :channel, :actor_id, :actor, :tier, :command, :server, cast(:arguments as jsonb),
            :state, :at, coalesce(:till, case when :state = 'doing' then now() + make_interval(secs => :done_s) end))
        on conflict (interaction_id) do nothing returning {_COLUMNS}""",  # noqa: S608  # our own fragment
        interaction=asked.id,
        guild=asked.guild_id,
        channel=asked.channel_id,
        actor_id=asked.caller.id,
        actor=asked.caller.name[:100],
        tier=int(tier),
        command=command,
        server=server,
        arguments=json.dumps(dict(arguments)),
        state=state.value,
        at=_at(asked),
        till=good_till,
        done_s=DONE_WITHIN.total_seconds(),
    )
    if made:
        return made[0], True
    return db.all(Entry, f"select {_COLUMNS} from audit where interaction_id = :id", id=asked.id)[0], False  # noqa: S608


def note_refused(db: Database, asked: Asked, *, reason: str) -> None:
    """Somebody wanted what is not his. What was pressed is not believed, so only its beginning is kept."""
    about = asked.command or "button"
    given = (
        {"pressed": asked.custom_id[:40]} if asked.custom_id else {one.name: str(one.value) for one in asked.options}
    )
    entry, is_new = begin(db, asked, tier=0, command=about, arguments=_short(given), state=State.DOING)
    if is_new:
        end(db, entry.audit_id, State.REFUSED, reason)


def find(db: Database, audit_id: int, *, guild_id: str) -> Entry | None:
    """An entry of this Discord server's."""
    return db.find(
        Entry,
        f"select {_COLUMNS} from audit where audit_id = :id and guild_id = :guild",  # noqa: S608  # our own fragment
        id=audit_id,
        guild=guild_id,
    )


def warn(db: Database, audit_id: int, *, now: datetime) -> None:
    """He was told that people play; from now on he has the time again."""
    db.run("update audit set warned_at = :now where audit_id = :id and state = 'asked'", id=audit_id, now=now)


def confirm(db: Database, audit_id: int, *, by: Asked) -> Entry | None:
    """The entry, when this is its yes: by who asked, where he asked, in time, and the first one."""
    found = db.all(
        Entry,
        f"""
        update audit set state = 'doing', confirmed_by = :interaction,
            good_till = now() + make_interval(secs => :done_s)
        where audit_id = :id and state = 'asked' and actor_id = :actor and guild_id = :guild
            and :at <= coalesce(warned_at, asked_at) + make_interval(secs => :within_s)
        returning {_COLUMNS}""",  # noqa: S608  # our own fragment
        interaction=by.id,
        id=audit_id,
        actor=by.caller.id,
        guild=by.guild_id,
        at=_at(by),
        within_s=CONFIRM_WITHIN.total_seconds(),
        done_s=DONE_WITHIN.total_seconds(),
    )
    return found[0] if found else None


def find_asked(db: Database, interaction_id: str, *, guild_id: str) -> Entry | None:
    """What this interaction asked for."""
    return db.find(
        Entry,
        f"select {_COLUMNS} from audit where interaction_id = :id and guild_id = :guild",  # noqa: S608
        id=interaction_id,
        guild=guild_id,
    )


def take(db: Database, audit_id: int, *, by: str, now: datetime, good_till: datetime) -> Entry | None:
    """The entry, when *by* begins it in time, or goes on with it after it broke off; None: it is over, or another's."""
    found = db.all(
        Entry,
        f"""
        update audit set state = 'doing', confirmed_by = :by, good_till = :till
        where audit_id = :id and (state = 'asked' and :now <= good_till or state = 'doing' and confirmed_by = :by)
        returning {_COLUMNS}""",  # noqa: S608  # our own fragment
        id=audit_id,
        by=by,
        now=now,
        till=good_till,
    )
    return found[0] if found else None


@contextmanager
def alone(db: Database, audit_id: int) -> Iterator[bool]:
    """Whether nobody else is at that job; nobody is, until this ends or its function dies."""
    lock = "(hashtext(current_schema() || ' audit'), cast(:id % 2147483647 as integer))"
    (taken,) = db.values(f"select pg_try_advisory_lock{lock}", id=audit_id)
    try:
        yield bool(taken)
    finally:
        if taken:
            db.values(f"select pg_advisory_unlock{lock}", id=audit_id)


def note_percent(db: Database, audit_id: int, percent: int) -> None:
    db.run("update audit set percent = :percent where audit_id = :id and state = 'doing'", id=audit_id, percent=percent)


def end_broken_off(db: Database) -> int:
    """What nobody said yes to in time, and what should be over by now and is not, is over; how many that were."""
    return db.run(
        """
        update audit set state = case state when 'doing' then 'failed' else 'refused' end, ended_at = now(),
            result = case state when 'doing' then :broke_off else :too_late end
        where state = 'doing' and coalesce(good_till, asked_at + interval '1 hour') < now()
            or state = 'asked'
            and coalesce(good_till, warned_at, asked_at) < now() - make_interval(secs => :leeway_s)""",
        broke_off=BROKE_OFF,
        too_late=TOO_LATE,
        leeway_s=2 * CONFIRM_WITHIN.total_seconds(),
    )


# -- the answer of a job that goes on while nobody waits ------------------------------------------------------------


def keep_answer(db: Database, answer: Answer) -> None:
    db.run(
        """insert into job_answer (audit_id, application_id, token, locale)
           values (:audit_id, :application_id, :token, :locale) on conflict (audit_id) do nothing""",
        audit_id=answer.audit_id,
        application_id=answer.application_id,
        token=answer.token,
        locale=answer.locale,
    )


def find_answer(db: Database, audit_id: int) -> Answer | None:
    """None: he has been told."""
    return db.find(
        Answer,
        "select audit_id, application_id, token, locale from job_answer where audit_id = :id",
        id=audit_id,
    )


def drop_answer(db: Database, audit_id: int) -> None:
    """He has been told what came of it."""
    db.run("delete from job_answer where audit_id = :id", id=audit_id)


def end(db: Database, audit_id: int, state: State, result: str) -> None:
    """What came of it. Of something that is over already nothing changes."""
    db.run(
        """
        update audit set state = :state, result = :result, ended_at = now()
        where audit_id = :id and state in ('asked', 'doing')""",
        state=state.value,
        result=result[:_WORDS],
        id=audit_id,
    )


def entries(db: Database, *, guild_id: str | None, limit: int | None, offset: int = 0) -> list[Entry]:
    """The newest first; of all Discord servers without one."""
    return db.all(
        Entry,
        f"""select {_COLUMNS} from audit where guild_id = coalesce(:guild, guild_id)
            order by audit_id desc limit :limit offset :offset""",  # noqa: S608  # our own fragment
        guild=guild_id,
        limit=limit,
        offset=offset,
    )


def _short(given: Mapping[str, str]) -> dict[str, str]:
    return {name[:40]: value[:200] for name, value in list(given.items())[:10]}


def _at(asked: Asked) -> datetime:
    return datetime.fromtimestamp(asked.at_ms / 1000, UTC)
