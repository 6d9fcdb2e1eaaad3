"""The breakers' state, shared by all containers. One statement a question: nobody holds anything while others ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from etstats.domain.breaker import COOLS_MOST_S, COOLS_S, OPENS_AFTER, PROBE_S, Breaker
from etstats.errors import CircuitOpen, Unavailable
from etstats.storage.database import Database

_WORDS = 300  # of a reason


def breakers(db: Database) -> list[Breaker]:
    """All that have ever been asked."""
    return db.all(
        Breaker,
        "select name, state, failures, cools_s, opened_at, reason, good_at from breaker order by name",
    )


@contextmanager
def guarded(
    db: Database,
    name: str,
    *,
    now: datetime,
    faults: tuple[type[Exception], ...] = (Unavailable,),
    answers: tuple[type[Exception], ...] = (),
) -> Iterator[None]:
    """Runs what needs *name*. Raises CircuitOpen instead while that is left alone. *faults* count against it, but not
    *answers*, which are some of them: who says no is there."""
    if not admits(db, name, now=now):
        raise CircuitOpen(f"{name} has failed again and again and is left alone for a while. It is tried again soon.")
    try:
        yield
    except answers:
        note_success(db, name, now=now)
        raise
    except faults as fault:
        note_failure(db, name, reason=str(fault), now=now)
        raise
    note_success(db, name, now=now)


def admits(db: Database, name: str, *, now: datetime) -> bool:
    """Whether *name* may be asked now. Of an open one that has cooled down the caller is the one who tries it."""
    return bool(
        db.values(
            """
            with probing as (
                update breaker set state = 'half_open', probe_until = :now + make_interval(secs => :probe_s),
                    changed_at = :now
                where name = :name and (
                    state = 'open' and opened_at + make_interval(secs => cools_s) <= :now
                    or state = 'half_open' and probe_until <= :now)
                returning 1)
            select exists (select from probing)
                or not exists (select from breaker where name = :name and state <> 'closed')""",
            name=name,
            now=now,
            probe_s=PROBE_S,
        )[0]
    )


def forget(db: Database, name: str) -> None:
    """As if it had never been asked: the next one asks it."""
    db.run("delete from breaker where name = :name", name=name)


def note_success(db: Database, name: str, *, now: datetime) -> None:
    """It works: closed, whatever it was. What is well is written down once a minute at most."""
    db.run(
        """
        insert into breaker as had (name, good_at, changed_at) values (:name, :now, :now)
        on conflict (name) do update set state = 'closed', failures = 0, cools_s = 0, opened_at = null,
            probe_until = null, good_at = :now,
            changed_at = case when had.state = 'closed' then had.changed_at else :now end
        where had.state <> 'closed' or had.failures > 0 or had.good_at is null
            or had.good_at < cast(:now as timestamptz) - interval '1 minute'""",
        name=name,
        now=now,
    )


def note_failure(db: Database, name: str, *, reason: str, now: datetime) -> None:
    """One more in a row. Opens at the third, and at once where somebody only tried whether it works again."""
    db.run(
        """
        insert into breaker as had (name, failures, reason, changed_at) values (:name, 1, :reason, :now)
        on conflict (name) do update set failures = had.failures + 1, reason = :reason, changed_at = :now,
            state = case when had.state = 'half_open' or had.failures + 1 >= :opens_after then 'open'
                else had.state end,
            opened_at = case when had.state = 'half_open' or had.state = 'closed' and had.failures + 1 >= :opens_after
                then :now else had.opened_at end,
            cools_s = case when had.state = 'half_open' or had.state = 'closed' and had.failures + 1 >= :opens_after
                then least(greatest(2 * had.cools_s, :cools_s), :most_s) else had.cools_s end,
            probe_until = null""",
        name=name,
        reason=reason[:_WORDS],
        now=now,
        opens_after=OPENS_AFTER,
        cools_s=COOLS_S,
        most_s=COOLS_MOST_S,
    )
