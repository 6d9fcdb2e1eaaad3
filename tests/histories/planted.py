"""Faults of the kind that slips in, planted on purpose: whether the histories would notice.

with FAULTS["no lock"](db):
    found = noticed(stage, scenarios=range(20))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

from etstats.storage.database import Database
from etstats.storage.session import write_sessions
from etstats.usecases import store_round
from tests.histories.history import make_history
from tests.histories.play import Stage
from tests.histories.scenario import make_scenario
from tests.histories.trial import trial

PER_SCENARIO = 5

Plant = Callable[[Database], AbstractContextManager[None]]


def _in_database(function: str, text: str, instead: str) -> Plant:
    """In one of the migrations' functions *text* says something else."""

    @contextmanager
    def plant(db: Database) -> Iterator[None]:
        [source] = db.values("select pg_get_functiondef(oid) from pg_proc where proname = :name", name=function)
        if text not in source:
            raise LookupError(f"{function} does not say {text!r} any more")
        db.run(source.replace(text, instead))
        try:
            yield
        finally:
            db.run(source)

    return plant


@contextmanager
def _commits_early(db: Database) -> Iterator[None]:
    """The rounds are written in a transaction of their own, before the ledger hears of it."""

    def and_commit(db: Database, *rows: Any, **named: Any) -> None:
        write_sessions(db, *rows, **named)
        db.run("commit")
        db.run("begin")

    with patch.object(store_round, "write_sessions", and_commit):
        yield


FAULTS: dict[str, Plant] = {
    "no lock for the game server": _in_database(
        "claim_file", "perform pg_advisory_xact_lock(hashtextextended(of_server, 0));", ""
    ),
    "a version may be stored twice": _in_database(
        "claim_file", "where known.sha256 is distinct from excluded.sha256", ""
    ),
    "a late file does not see what came after it": _in_database(
        "claim_file", "session.first_at <= ended_at + gap", "session.first_at <= ended_at"
    ),
    "the gap between sessions is a second short": _in_database(
        "claim_file", "session.last_at >= ended_at - gap", "session.last_at > ended_at - gap"
    ),
    "rounds are committed before the ledger": _commits_early,
    "sums are added to, though a round left them": _in_database("write_sessions", "if anew then", "if false then"),
    "records are kept, though a round left them": _in_database("keep_records", "if anew then", "if false then"),
    "sessions that came between end no run": _in_database("runs_at_stake", "if earliest is null or", "if true or"),
}


def noticed(stage: Stage, scenarios: Iterable[int]) -> int | None:
    """How many histories it took until one left other rows; None: none of them did."""
    histories = (make_history(make_scenario(number), seed) for number in scenarios for seed in range(PER_SCENARIO))
    return next((count for count, history in enumerate(histories, start=1) if trial(stage, history)), None)
