"""What tests share: one real PostgreSQL for the whole run, and a fresh database in it for each test that asks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from etstats.config import database_from_url
from etstats.storage.database import Database, connect
from etstats.storage.migrate import migrate
from etstats.usecases.store_round import store
from local.postgres import postgres
from tests.corpus import stats_files

CORPUS_STORED_AT = datetime(2026, 6, 1, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres() as url:
        _prepare_template(url)
        yield url


def _prepare_template(url: str) -> None:
    """`etstats` itself is migrated once and then serves as the template of every test's database."""
    db = open_database(url)
    migrate(db)
    db.close()


def open_database(url: str, *, schema: str = "") -> Database:
    address = database_from_url(url)
    return Database(lambda: connect(address, statement_timeout_ms=20_000, schema=schema), schema=schema)


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    """A migrated, empty database of this test's own."""
    name = f"test_{next(_numbers)}"
    server = postgres_url.replace("/etstats?", "/postgres?")
    admin = connect(database_from_url(server), statement_timeout_ms=20_000)
    admin.run(f"create database {name} template etstats")
    yield postgres_url.replace("/etstats?", f"/{name}?")
    admin.run(f"drop database {name} with (force)")
    admin.close()


@pytest.fixture
def bare_url(postgres_url: str) -> Iterator[str]:
    """A database with nothing in it, not even a schema of ours."""
    name = f"bare_{next(_numbers)}"
    server = postgres_url.replace("/etstats?", "/postgres?")
    admin = connect(database_from_url(server), statement_timeout_ms=20_000)
    admin.run(f"create database {name}")
    yield postgres_url.replace("/etstats?", f"/{name}?")
    admin.run(f"drop database {name} with (force)")
    admin.close()


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = open_database(database_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def corpus_url(postgres_url: str) -> Iterator[str]:
    """A database with the whole corpus in it, made once, for tests that only read."""
    server = postgres_url.replace("/etstats?", "/postgres?")
    admin = connect(database_from_url(server), statement_timeout_ms=20_000)
    admin.run("create database corpus template etstats")
    url = postgres_url.replace("/etstats?", "/corpus?")
    writing = open_database(url)
    for path in stats_files():
        store(writing, server="eu1", name=path.name, content=path.read_bytes(), channel_id="", now=CORPUS_STORED_AT)
    writing.close()
    yield url
    admin.run("drop database corpus with (force)")
    admin.close()


@pytest.fixture
def corpus_db(corpus_url: str) -> Iterator[Database]:
    database = open_database(corpus_url)
    yield database
    database.close()
