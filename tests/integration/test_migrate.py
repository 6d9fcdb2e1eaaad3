"""Migrations on a real PostgreSQL: once, in order, and never silently different."""

from __future__ import annotations

from dataclasses import replace

import pytest

from etstats.storage.database import Database
from etstats.storage.migrate import BadMigration, Migration, migrate, migrations


def test_an_up_to_date_database_has_nothing_to_run(db: Database) -> None:
    assert migrate(db) == []
    assert db.values("select number from migration order by number") == [one.number for one in migrations()]


def test_a_new_migration_runs_once(db: Database) -> None:
    new = Migration(number=9000, name="probe", sql="create table probe (n integer)")
    assert migrate(db, [*migrations(), new]) == [new]
    assert migrate(db, [*migrations(), new]) == []
    assert db.values("select count(*) from probe") == [0]


def test_a_migration_that_fails_leaves_nothing_behind(db: Database) -> None:
    broken = Migration(number=9000, name="broken", sql="create table probe (n integer); select 1 / 0")
    with pytest.raises(Exception, match="division by zero"):
        migrate(db, [*migrations(), broken])
    assert db.values("select to_regclass('probe')") == [None]
    assert 9000 not in db.values("select number from migration")


def test_a_migration_changed_after_it_ran_is_refused(db: Database) -> None:
    first, *rest = migrations()
    with pytest.raises(BadMigration, match=r"0001_foundation\.sql was changed after it ran"):
        migrate(db, [replace(first, sql=first.sql + "\n-- edited"), *rest])


def test_a_database_newer_than_the_code_is_refused(db: Database) -> None:
    migrate(db, [*migrations(), Migration(number=9000, name="future", sql="select 1")])
    with pytest.raises(BadMigration, match="9000"):
        migrate(db)


def test_no_two_migrations_have_one_number() -> None:
    numbers = [one.number for one in migrations()]
    assert len(set(numbers)) == len(numbers)
