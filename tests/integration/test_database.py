"""The connection: rows as dataclasses, all or nothing, and a connection that died while nobody looked."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest
from pg8000 import native
from pg8000.exceptions import DatabaseError, InterfaceError

from etstats.config import database_from_url
from etstats.errors import DatabaseUnavailable
from etstats.storage.database import Database, check_schema, connect
from local.postgres import free_port
from tests.conftest import open_database


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    word: str
    number: int | None


def kill(url: str) -> None:
    """Ends every other connection, as a failover or a long freeze does."""
    other = open_database(url)
    other.run(
        """select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid()"""
    )
    other.close()


def test_rows_become_dataclasses(db: Database) -> None:
    assert db.all(Pair, "select * from (values ('a', 1), ('b', null)) as row (word, number) order by word") == [
        Pair(word="a", number=1),
        Pair(word="b", number=None),
    ]
    assert db.find(Pair, "select 'x' as word, 1 as number where false") is None


def test_what_somebody_typed_is_a_value_never_sql(db: Database) -> None:
    typed = "'; drop table player; --"
    assert db.values("select cast(:typed as text)", typed=typed) == [typed]


def test_a_statement_is_looked_through_for_parameters_once(db: Database) -> None:
    before = native.to_statement.cache_info().hits
    assert [db.values("select cast(:one as integer) + 40", one=one) for one in (1, 2)] == [[41], [42]]
    assert native.to_statement.cache_info().hits == before + 1


def test_a_transaction_is_all_or_nothing(db: Database) -> None:
    db.run("create table probe (n integer)")
    with pytest.raises(RuntimeError), db.transaction():
        db.run("insert into probe values (1)")
        raise RuntimeError
    with db.transaction():
        db.run("insert into probe values (2)")
    assert db.values("select n from probe") == [2]


def test_a_connection_that_died_is_replaced_before_the_first_statement(db: Database, database_url: str) -> None:
    db.run("select 1")
    kill(database_url)
    assert db.values("select 2") == [2]
    kill(database_url)
    with db.transaction():
        assert db.values("select 3") == [3]


def test_a_connection_that_dies_inside_a_transaction_is_not_papered_over(db: Database, database_url: str) -> None:
    db.run("create table probe (n integer)")
    with pytest.raises(DatabaseUnavailable), db.transaction():
        db.run("insert into probe values (1)")
        kill(database_url)
        db.run("insert into probe values (2)")
    assert db.values("select count(*) from probe") == [0]


def test_a_statement_that_takes_too_long_is_given_up(database_url: str) -> None:
    impatient = Database(lambda: connect(database_from_url(database_url), statement_timeout_ms=50))
    with pytest.raises(DatabaseUnavailable, match="statement timeout"):
        impatient.run("select pg_sleep(5)")
    assert impatient.values("select 1") == [1]
    impatient.close()


class _Wire:
    """Between us and the database: while it is *cut*, whatever is said is swallowed, as by a network that lost us."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.cut = threading.Event()
        self.accepted = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError), self._listener:
            while True:
                here, _ = self._listener.accept()
                self.accepted += 1
                there = socket.create_connection(self._there)
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError), one, other:  # either side may be gone
            while said := one.recv(65_536):
                if not self.cut.is_set():
                    other.sendall(said)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)


def test_a_database_that_does_not_answer_is_not_asked_twice(database_url: str) -> None:
    """Who waits for it has three seconds in all."""
    there = database_from_url(database_url)
    wire = _Wire(there.host, there.port)
    address = replace(there, host="127.0.0.1", port=wire.port)
    db = Database(lambda: connect(address, statement_timeout_ms=300, connect_timeout_s=0.7))
    assert db.values("select 1") == [1]
    wire.cut.set()
    with pytest.raises(DatabaseUnavailable, match="does not answer"):
        db.values("select 2")
    assert wire.accepted == 1
    wire.cut.clear()
    assert db.values("select 3") == [3]
    db.close()
    wire.close()


def test_a_connection_looks_where_it_was_told_to_or_not_at_all(database_url: str) -> None:
    """Somebody in between may drop what a connection is opened with."""
    confined = open_database(database_url, schema="apart")
    assert confined.values("select to_regclass('migration')::text") == [None]
    confined.close()
    dropped = connect(database_from_url(database_url), statement_timeout_ms=1_000)
    with pytest.raises(InterfaceError, match="looks elsewhere"):
        check_schema(dropped, "apart")
    dropped.close()


def test_nobody_listening_is_unavailable() -> None:
    url = f"postgresql://et:x@127.0.0.1:{free_port()}/stats?sslmode=disable"
    with pytest.raises(DatabaseUnavailable, match="does not accept a connection"):
        open_database(url).run("select 1")


def test_a_wrong_password_says_so_without_repeating_it(database_url: str) -> None:
    scheme, rest = database_url.split("://")
    url = f"{scheme}://etstats:hunter2@{rest.split('@')[1]}"
    with pytest.raises(DatabaseUnavailable) as refused:
        open_database(url).run("select 1")
    assert "password authentication failed" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_tls_is_demanded_unless_it_is_turned_off(database_url: str) -> None:
    """The embedded server has no TLS, so a connection that insists on it must not fall back."""
    with pytest.raises(DatabaseUnavailable):
        open_database(database_url.replace("?sslmode=disable", "")).run("select 1")
    context = ssl.create_default_context()
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_a_fault_of_ours_is_not_taken_for_trouble_of_the_database(db: Database) -> None:
    with pytest.raises(DatabaseError):
        db.run("select nonsense")


def _count_prepared(db: Database) -> int:
    return int(db.values("select count(*) from pg_prepared_statements")[0])


def test_what_is_asked_again_and_again_is_prepared(db: Database) -> None:
    db.run("create table probe (n integer)")
    for times in range(1, 5):
        with db.transaction():
            assert db.run("insert into probe select * from generate_series(1, :n)", n=times) == times
            assert db.all(Pair, "select 'a' as word, cast(:n as integer) as number", n=times) == [
                Pair(word="a", number=times)
            ]
        assert db.values("select cast(:n as integer)", n=times) == [times]
        assert db.values("select sum(n) from probe") == [sum(n * (n + 1) // 2 for n in range(1, times + 1))]
    assert _count_prepared(db) == 4  # begin and commit are not worth it


def test_a_query_that_a_migration_changed_is_asked_anew(db: Database, database_url: str) -> None:
    """Outside of a transaction nobody notices."""

    def ask() -> list[int]:
        return db.values("select * from told")

    db.run("create table told (a integer)")
    db.run("insert into told values (7)")
    assert [ask() for _ in range(4)] == [[7]] * 4
    other = open_database(database_url)
    other.run("alter table told alter a type bigint, add b integer")
    other.close()
    assert [ask() for _ in range(4)] == [[7]] * 4


def test_a_prepared_statement_that_a_migration_changed_is_made_again(db: Database, database_url: str) -> None:
    def ask() -> list[int]:
        with db.transaction():
            return db.values("select * from told(:n)", n=7)

    db.run("create function told(n integer) returns table (a integer) language sql as 'select n'")
    assert [ask() for _ in range(4)] == [[7]] * 4
    other = open_database(database_url)
    other.run("drop function told(integer)")
    other.run("create function told(n integer) returns table (a bigint, b integer) language sql as 'select n + 1, n'")
    other.close()
    with pytest.raises(DatabaseUnavailable):
        ask()
    assert ask() == [8]


def test_a_connection_that_died_takes_its_prepared_statements_along(db: Database, database_url: str) -> None:
    def ask() -> list[int]:
        with db.transaction():
            return db.values("select cast(:n as integer)", n=7)

    assert [ask() for _ in range(4)] == [[7]] * 4
    kill(database_url)
    assert ask() == [7]
