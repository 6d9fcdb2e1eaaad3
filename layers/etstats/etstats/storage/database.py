"""One connection to PostgreSQL: rows come back as dataclasses, writes happen in a transaction.

    standings = db.all(Standing, "select guid, name, kills from player order by kills desc limit :n", n=10)

    with db.transaction():
        db.run("update …", …)

A connection that died while the function was frozen is replaced once, before the first statement of a piece of work;
later, or when nothing comes back in time, it raises DatabaseUnavailable and the caller's work is repeated as a whole.
What is asked again and again is prepared: it is then analysed once for each connection, and takes one trip to the
server instead of two.
"""

from __future__ import annotations

import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from etstats.config import DatabaseAddress
from etstats.errors import DatabaseUnavailable
from etstats.storage.driver import (
    DATE,
    TIMESTAMPTZ,
    Connection,
    DatabaseError,
    InterfaceError,
    PreparedStatement,
)

T = TypeVar("T")

CONNECT_TIMEOUT_S = 5
_GRACE_S = 0.5
# SQLSTATE classes and codes after which the same work may succeed: connection, resources, shutdown, serialisation,
# deadlock, lock timeout, statement timeout.
_PASSING = ("08", "53", "57", "40001", "40P01", "55P03")
# A prepared statement is not what it was: a migration has changed its columns, or somebody between us and the database
# has given us another connection.
_STALE = ("0A000", "26000")
_PREPARED_FROM = 3  # the third time on a connection
_WORTH_PREPARING = ("select", "with")  # whatever has parameters, and these; not begin, nor a migration's many at once


class Database:
    """Not for two threads at once. Opens its connection with the first statement; `close` is safe at any time.

    *schema*: the one that *connect* looks in; '': where the database says."""

    def __init__(self, connect: Callable[[], Connection], *, schema: str = "") -> None:
        self.schema = schema
        self._connect = connect
        self._connection: Connection | None = None
        self._in_transaction = False
        self._asked: Counter[str] = Counter()
        self._prepared: dict[str, PreparedStatement] = {}
        self._row_count = 0

    def all(self, kind: type[T], sql: str, **parameters: object) -> list[T]:
        """Every row as a *kind*, whose fields are named as the columns."""
        rows, columns = self._execute(sql, parameters)
        return [kind(**dict(zip(columns, row, strict=True))) for row in rows]

    def find(self, kind: type[T], sql: str, **parameters: object) -> T | None:
        """The first row, or None."""
        return next(iter(self.all(kind, sql, **parameters)), None)

    def values(self, sql: str, **parameters: object) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self._execute(sql, parameters)[0]]

    def run(self, sql: str, **parameters: object) -> int:
        """How many rows the statement touched."""
        self._execute(sql, parameters)
        return self._row_count

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Raises DatabaseUnavailable when it could not be committed, or is not known to be."""
        self._execute("begin", {})
        self._in_transaction = True
        try:
            yield
            self._execute("commit", {})
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._in_transaction = False

    def close(self) -> None:
        connection, self._connection = self._connection, None
        self._forget_prepared()
        if connection is not None:
            _quietly(connection.close)

    def _opened(self) -> Connection:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except (InterfaceError, DatabaseError, OSError) as fault:
                raise DatabaseUnavailable(f"The database does not accept a connection: {_words(fault)}") from fault
        return self._connection

    def _execute(self, sql: str, parameters: dict[str, object]) -> tuple[list[list[Any]], list[str]]:
        fresh = self._connection is None
        try:
            return self._run(self._opened(), sql, parameters)
        except (InterfaceError, OSError) as fault:
            self.close()
            if _timed_out(fault):  # whoever asks has waited long enough
                raise DatabaseUnavailable("The database does not answer.") from fault
            if fresh or self._in_transaction:
                raise DatabaseUnavailable(f"The database went away: {_words(fault)}") from fault
        return self._execute(sql, parameters)  # once: the connection is fresh now

    def _run(
        self, connection: Connection, sql: str, parameters: dict[str, object]
    ) -> tuple[list[list[Any]], list[str]]:
        try:
            if (prepared := self._find_prepared(connection, sql, parameters)) is not None:
                rows = prepared.run(**parameters)
                told = prepared._context  # it tells the columns itself, but not how many rows
            else:
                rows = connection.run(sql, **parameters)
                told = connection
        except DatabaseError as fault:
            code = _code(fault)
            if code in _STALE and sql in self._prepared:
                self._forget_prepared()
                if not self._in_transaction:
                    return self._run(connection, sql, parameters)
                code = _PASSING[0]
            if code.startswith(_PASSING):
                raise DatabaseUnavailable(f"The database could not do this now: {_words(fault)}") from fault
            raise
        self._row_count = told.row_count
        return rows or [], [column["name"] for column in told.columns or ()]

    def _find_prepared(
        self, connection: Connection, sql: str, parameters: dict[str, object]
    ) -> PreparedStatement | None:
        if not parameters and not sql.lstrip().startswith(_WORTH_PREPARING):
            return None
        self._asked[sql] += 1
        if sql not in self._prepared and self._asked[sql] >= _PREPARED_FROM:
            self._prepared[sql] = connection.prepare(sql)
        return self._prepared.get(sql)

    def _forget_prepared(self) -> None:
        self._asked.clear()
        self._prepared.clear()

    def _roll_back(self) -> None:
        try:
            if self._connection is not None:
                self._run(self._connection, "rollback", {})
        except (InterfaceError, DatabaseError, DatabaseUnavailable, OSError):
            self.close()


def _code(fault: DatabaseError) -> str:
    told = fault.args[0] if fault.args else {}
    return str(told.get("C", "")) if isinstance(told, dict) else ""


def _words(fault: Exception) -> str:
    """What PostgreSQL or the network said, without the statement's values."""
    told = fault.args[0] if fault.args else ""
    return str(told.get("M", told) if isinstance(told, dict) else fault)


def _quietly(close: Callable[[], None]) -> None:
    try:
        close()
    except (InterfaceError, DatabaseError, OSError):
        return


def schema_of(community: str) -> str:
    """Where a community's data are; '': the default one's, where the database says."""
    return f"community_{community}" if community else ""


def _timed_out(fault: BaseException) -> bool:
    return isinstance(fault, TimeoutError) or isinstance(fault.__cause__, TimeoutError)


def connect(
    address: DatabaseAddress,
    *,
    statement_timeout_ms: int,
    connect_timeout_s: float = CONNECT_TIMEOUT_S,
    application: str = "etstats",
    schema: str = "",
) -> Connection:
    """A connection over our own socket: pg8000's waits 44 ms for every large write, because it leaves Nagle on.

    *schema*: where names are looked up, and nowhere else; empty: where the database says. Raises InterfaceError where
    somebody in between has dropped that.
    """
    sock: socket.socket = socket.create_connection((address.host, address.port), timeout=connect_timeout_s)
    looking_in = {"search_path": schema} if schema else {}
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        # a server that hangs is given up on a little after it should have given up itself
        sock.settimeout(statement_timeout_ms / 1000 + _GRACE_S)
        made = Connection(
            address.username,
            host=address.host,
            database=address.dbname,
            password=address.password,
            ssl_context=_verified_tls(address.ca_file) if address.tls else False,
            sock=sock,
            application_name=application,
            startup_params={"statement_timeout": str(statement_timeout_ms), "timezone": "UTC", **looking_in},
        )
        # pg8000's own take fifty times as long, and an evening has hundreds
        made.register_in_adapter(DATE, date.fromisoformat)
        made.register_in_adapter(TIMESTAMPTZ, datetime.fromisoformat)
        check_schema(made, schema)
    except BaseException:
        sock.close()
        raise
    return made


def check_schema(connection: Connection, schema: str) -> None:
    """Raises InterfaceError where it looks elsewhere than in *schema*; '': it may look anywhere."""
    if schema and connection.run("show search_path") != [[schema]]:
        raise InterfaceError("it looks elsewhere than it was told to")


@cache
def _verified_tls(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file or None)
