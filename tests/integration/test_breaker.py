"""What is down is left alone, then tried by one alone; the state is the database's, so all containers share it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from etstats.domain.breaker import COOLS_S, OPENS_AFTER, PROBE_S
from etstats.errors import BadInput, CircuitOpen, DatabaseUnavailable, GameServerUnavailable, RconRefused
from etstats.storage.breaker import admits, breakers, guarded, note_failure, note_success
from etstats.storage.database import Database
from tests.conftest import open_database

NOW = datetime(2026, 3, 6, 21, tzinfo=UTC)
NAME = "game:eu-1"


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def _break(db: Database, at: datetime = NOW) -> None:
    for _ in range(OPENS_AFTER):
        note_failure(db, NAME, reason="it is away", now=at)


def test_it_opens_at_the_third_failure_in_a_row_and_not_before(db: Database) -> None:
    for _ in range(OPENS_AFTER - 1):
        note_failure(db, NAME, reason="it is away", now=NOW)
    note_success(db, NAME, now=NOW)
    _break(db)
    assert not admits(db, NAME, now=later(COOLS_S - 1))
    (one,) = breakers(db)
    assert (one.state, one.failures, one.reason, one.good_at) == ("open", OPENS_AFTER, "it is away", NOW)
    assert one.tries_again_at == later(COOLS_S)


def test_after_cooling_down_one_alone_tries_it(db: Database, database_url: str) -> None:
    _break(db)
    together, admitted = Barrier(4), []

    def ask() -> None:
        own = open_database(database_url)
        together.wait(10)
        admitted.append(admits(own, NAME, now=later(COOLS_S)))
        own.close()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(admitted) == [False, False, False, True]


def test_a_probe_that_works_closes_it_and_one_that_fails_doubles_the_wait(db: Database) -> None:
    _break(db)
    assert admits(db, NAME, now=later(COOLS_S))
    note_failure(db, NAME, reason="still", now=later(COOLS_S))
    assert not admits(db, NAME, now=later(2 * COOLS_S))
    assert admits(db, NAME, now=later(3 * COOLS_S))
    note_success(db, NAME, now=later(3 * COOLS_S))
    assert admits(db, NAME, now=later(3 * COOLS_S))
    assert (breakers(db)[0].state, breakers(db)[0].failures) == ("closed", 0)


def test_a_probe_that_never_came_back_is_tried_again_by_another(db: Database) -> None:
    _break(db)
    assert admits(db, NAME, now=later(COOLS_S))
    assert not admits(db, NAME, now=later(COOLS_S + PROBE_S - 1))
    assert admits(db, NAME, now=later(COOLS_S + PROBE_S))


def test_who_is_left_alone_is_not_asked(db: Database) -> None:
    asked = []
    for _ in range(OPENS_AFTER):
        with pytest.raises(GameServerUnavailable), guarded(db, NAME, now=NOW):
            asked.append(1)
            raise GameServerUnavailable("away")
    with pytest.raises(CircuitOpen), guarded(db, NAME, now=later(1)):
        asked.append(1)
    assert len(asked) == OPENS_AFTER


def test_who_says_no_is_there(db: Database) -> None:
    for _ in range(OPENS_AFTER + 1):
        with pytest.raises(RconRefused), guarded(db, NAME, now=NOW, answers=(RconRefused,)):
            raise RconRefused("no")
        with pytest.raises(BadInput), guarded(db, NAME, now=NOW):
            raise BadInput("ours")
    assert breakers(db)[0].failures == 0


def test_each_has_its_own(db: Database) -> None:
    _break(db)
    assert admits(db, "game:eu-2", now=later(1))
    with pytest.raises(DatabaseUnavailable), guarded(db, "game:eu-2", now=NOW):
        raise DatabaseUnavailable("away")
    assert [(one.name, one.failures) for one in breakers(db)] == [(NAME, OPENS_AFTER), ("game:eu-2", 1)]
