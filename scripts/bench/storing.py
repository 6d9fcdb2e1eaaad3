"""Storing files by the use case a queue's message runs: in order, and late into a long session."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from etstats.config import database_from_url
from etstats.storage.database import Database, connect
from etstats.storage.migrate import migrate
from etstats.usecases import store_round
from local.postgres import postgres
from local.simulator import SimulatedFile, simulate_evenings, simulate_session
from scripts.bench.archive import LATEST, SERVER
from scripts.bench.figure import Figure, timed_ms

_TIMEOUT_MS = 600_000
_CHANNEL = "1"
_LATE_ROUNDS, _LATE_SESSIONS = 24, 12


class CountingDatabase(Database):
    """Counts the statements that go to the server, `begin` and `commit` among them."""

    statements = 0

    def _execute(self, sql: str, parameters: dict[str, object]) -> tuple[list[list[Any]], list[str]]:
        self.statements += 1
        return super()._execute(sql, parameters)


def open_database(url: str, *, schema: str = "") -> CountingDatabase:
    address = database_from_url(url)
    return CountingDatabase(lambda: connect(address, statement_timeout_ms=_TIMEOUT_MS, schema=schema), schema=schema)


@contextmanager
def fresh_database() -> Iterator[CountingDatabase]:
    """A migrated, empty database of its own server."""
    with postgres() as url:
        db = open_database(url)
        migrate(db)
        yield db
        db.close()


def store_file(db: Database, file: SimulatedFile, *, now: datetime) -> None:
    stored = store_round.store(
        db, server=SERVER, name=file.name, content=file.content, channel_id=_CHANNEL, now=now
    )  # fmt: skip
    if stored.fate is not store_round.Fate.STORED:
        raise RuntimeError(f"{file.name} was {stored.fate.value}: {stored.reason}")


def storing() -> Iterator[Figure]:
    with fresh_database() as db:
        yield from _in_order(db)
    with fresh_database() as db:
        yield _late(db)


def _in_order(db: CountingDatabase) -> Iterator[Figure]:
    """Evenings of six players, as they were played; each card is due at once, as on a running evening."""
    now = LATEST.replace(tzinfo=UTC)
    evenings = list(simulate_evenings(seed=2, days=16, maps=6, players=6, last_ends_at=LATEST))
    times = []
    before = db.statements
    for evening in evenings:
        for file in evening.files:
            times.append(timed_ms(lambda file=file: store_file(db, file, now=now)))  # type: ignore[misc]
    pairs = len(times) / 2
    yield Figure(
        name="store.ms_per_file", value=statistics.median(times), unit="ms", n=len(times), budget=5,
        elsewhere="10.7–13.3",
    )  # fmt: skip
    yield Figure(name="store.p95_ms", value=statistics.quantiles(times, n=20)[-1], unit="ms", n=len(times))
    yield Figure(
        name="store.statements_per_pair", value=(db.statements - before) / pairs, unit="statements", n=round(pairs),
        budget=12, elsewhere="about 200",
    )  # fmt: skip


def _late(db: Database) -> Figure:
    """A file from the middle comes last: everything of the session is computed again. Nothing is read before."""
    times = []
    for number in range(_LATE_SESSIONS):
        ends_at = LATEST - timedelta(days=number)
        files = list(simulate_session(seed=number, maps=_LATE_ROUNDS // 2, players=12, ends_at=ends_at).files)
        late = files.pop(_LATE_ROUNDS // 2 - number % 2)
        now = ends_at.replace(tzinfo=UTC)
        for file in files:
            store_file(db, file, now=now)
        store_round.remembered.forget()
        times.append(timed_ms(lambda: store_file(db, late, now=now)))  # noqa: B023  # runs before the next turn
    return Figure(
        name="store.late_ms", value=statistics.median(times), unit="ms", n=len(times), budget=40,
        elsewhere="wrong session",
    )  # fmt: skip
