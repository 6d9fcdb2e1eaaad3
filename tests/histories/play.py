"""Plays a history: the function's own handler in several workers, on a real PostgreSQL behind lines that break.

What a worker is on AWS is a thread here, with its own copy of the handler's module and its own connection, because a
container serves one invocation at a time.
"""

from __future__ import annotations

import importlib.util
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from random import Random
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import quote_plus

from pg8000.exceptions import DatabaseError, InterfaceError

from etstats import wiring
from etstats.config import database_from_url
from etstats.errors import BadCorrection, BadFile, BucketUnavailable, DatabaseUnavailable
from etstats.storage.correction import corrections
from etstats.storage.database import Database, connect
from etstats.usecases.correct import make, withdraw
from functions.ingest import announce as announce_function
from functions.ingest import store as store_function
from tests.game_files import EVENING
from tests.histories.history import Break, Correct, Fault, History, Message, Put, Step, Tick

NOW = EVENING + timedelta(hours=3)
# what is posted is due by then, also a second round that waited for its first
LATER = NOW + timedelta(hours=1)
SLOW_S = 0.02
MOST_TRIES = 40
PATIENCE_S = 60.0
_REMEMBERED = 4
_PLANNED = "planned"
_AT = NOW.replace(tzinfo=UTC)


class Killed(BaseException):
    """The platform ended the function: nothing of ours runs any more."""


class Stuck(Exception):
    """Something failed that was not planned, a message came back again and again, or workers waited for each other."""


class _Lines:
    """Counts statements over all connections, and knows which of them go wrong."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._faults = {(fault.of_commits, fault.number): fault.how for fault in faults}
        self._statements = 0
        self._commits = 0
        self._lock = threading.Lock()
        self.happened: Counter[str] = Counter()
        self.unplanned: list[str] = []

    def next(self, sql: str) -> Break | None:
        with self._lock:
            self._statements += 1
            found = self._faults.pop((False, self._statements), None)
            if sql == "commit":
                self._commits += 1
                found = self._faults.pop((True, self._commits), None) or found
            if found is not None:
                self.happened[found.value] += 1
            return found


class _Connection:
    """pg8000's connection over a line that may break at any statement."""

    def __init__(self, real: Any, worker: Worker) -> None:
        self._real = real
        self._worker = worker
        self._gone = False

    @property
    def columns(self) -> Any:
        return self._real.columns

    @property
    def row_count(self) -> Any:
        return self._real.row_count

    def run(self, sql: str, **parameters: object) -> Any:
        return self.attempt(sql, lambda: self._real.run(sql, **parameters))

    def prepare(self, sql: str) -> Any:
        if self._gone:
            raise InterfaceError(_PLANNED)
        return _Prepared(self, sql, self._real.prepare(sql))

    def attempt(self, sql: str, run: Callable[[], Any]) -> Any:
        if self._gone:
            raise InterfaceError(_PLANNED)
        how = self._worker.lines.next(sql) if sql != "rollback" else None
        if how is None:
            return run()
        self._worker.note(f"{sql.split(maxsplit=1)[0]}: {how.value}")
        if how is Break.REFUSED:
            raise DatabaseError({"C": "40P01", "M": f"{_PLANNED}: a deadlock's victim"})
        if how is Break.UNANSWERED:
            self._send_only(run)
        elif how in (Break.AFTERWARDS, Break.KILLED_AFTERWARDS):
            run()
        self.close()
        if how in (Break.KILLED, Break.KILLED_AFTERWARDS):
            raise Killed
        raise InterfaceError(_PLANNED)

    def _send_only(self, run: Callable[[], Any]) -> None:
        """PostgreSQL gets to work on it while we have hung up already."""
        sock = self._real._usock
        sock.settimeout(0)
        with suppress(InterfaceError, OSError, BlockingIOError, TypeError):
            run()

    def close(self) -> None:
        self._gone = True
        for half in (self._real._sock, self._real._usock):
            if half is not None:  # pg8000 itself lets go of a socket that failed
                with suppress(OSError):
                    half.close()
        self._real._usock = None


class _Prepared:
    """A statement prepared on such a line."""

    def __init__(self, connection: _Connection, sql: str, real: Any) -> None:
        self._connection = connection
        self._sql = sql
        self._real = real

    @property
    def _context(self) -> Any:
        return self._real._context

    def run(self, **parameters: object) -> Any:
        return self._connection.attempt(self._sql, lambda: self._real.run(**parameters))


class Worker:
    """A container: the handler's module, and a connection that lasts until it breaks."""

    def __init__(self, number: int, url: str) -> None:
        self.number = number
        self.lines = _Lines(())
        self.told: list[str] = []
        self._url = url
        self._store = _copy_of(store_function, number, NOW)
        self._announce = _copy_of(announce_function, number, LATER)
        self.db = self._database()

    def invoke(self, messages: list[Message]) -> set[int]:
        """The numbers of the messages that stay in the queue."""
        event = {"Records": [_record(message) for message in messages]}
        try:
            answer = self._store.handler(event, SimpleNamespace())
        except Killed:
            self.db = self._database()
            return {message.number for message in messages}
        for _, fault, _ in self._store.processor.exceptions:
            self.note(f"{type(fault).__name__}: {fault}")
            if _PLANNED not in str(fault):
                self.lines.unplanned.append(f"{type(fault).__name__}: {fault}")
        return {int(failed["itemIdentifier"]) for failed in answer["batchItemFailures"]}

    def tick(self) -> None:
        """Posts what is due, or as much of it as can be done now."""
        try:
            self._announce.handler({"Records": []}, _Context())
        except Killed:
            self.db = self._database()
        except DatabaseUnavailable as fault:
            if _PLANNED not in str(fault):
                self.lines.unplanned.append(str(fault))

    def correct(self, step: Correct) -> bool:
        """False: not now, because the line broke, or what it is about is not there yet."""
        try:
            self._make(step)
        except Killed:
            self.db = self._database()
        except (BadCorrection, DatabaseUnavailable) as fault:
            self.note(f"{step}: {fault}")
            if isinstance(fault, DatabaseUnavailable) and _PLANNED not in str(fault):
                self.lines.unplanned.append(str(fault))
        else:
            return True
        return False

    def _make(self, step: Correct) -> None:
        """Taken up where it was broken off."""
        known = [one for one in corrections(self.db) if one.what == step.what]
        if any(one.withdrawn_at for one in known):
            return
        made = make(self.db, step.what, by="somebody", reason="he was there", now=_AT)
        if step.withdrawn:
            withdraw(self.db, made.correction_id, by="somebody", now=_AT)

    def note(self, what: str) -> None:
        self.told.append(f"worker {self.number}: {what}")

    def _database(self) -> Database:
        address = database_from_url(self._url)
        return Database(lambda: _Connection(connect(address, statement_timeout_ms=20_000), self))


class _Context:
    """Lambda's."""

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def _copy_of(module: ModuleType, number: int, now: datetime) -> Any:
    """Another one with its own globals, in which the clock stands still."""
    spec = importlib.util.spec_from_file_location(f"{module.__name__}_{number}", str(module.__file__))
    assert spec is not None
    assert spec.loader is not None
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    setattr(copy, "datetime", SimpleNamespace(now=lambda zone: now.replace(tzinfo=zone)))  # noqa: B010
    return copy


def _record(message: Message) -> dict[str, Any]:
    told = [
        {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "b"}, "object": {"key": quote_plus(key, "/")}}}
        for key in message.keys
    ]
    body = json.dumps({"Records": told})
    return {"messageId": str(message.number), "eventSource": "aws:sqs", "body": body}


class _Bucket:
    """What S3 is to the handler; *away* and *slow* count its reads."""

    def __init__(self, history: History) -> None:
        self.objects: dict[str, bytes] = {}
        self._history = history
        self._reads = 0
        self._lock = threading.Lock()

    def put(self, key: str, body: bytes) -> None:
        self.objects[key] = body

    def get(self, key: str) -> bytes:
        with self._lock:
            self._reads += 1
            number = self._reads
        if number in self._history.away:
            raise BucketUnavailable(_PLANNED)
        if key not in self.objects:
            raise BadFile("missing", key)
        found = self.objects[key]
        if number in self._history.slow:
            time.sleep(SLOW_S)  # the answer is on its way, and what it says grows old
        return found


class _Queue:
    """The steps still to come; what failed comes again, somewhere among them."""

    def __init__(self, history: History, bucket: _Bucket) -> None:
        self._steps: list[Step] = list(history.steps)
        self._batch = history.batch
        self._rng = Random(history.seed)
        self._bucket = bucket
        self._in_work = 0
        self._tries: dict[int, int] = {}
        self._changed = threading.Condition()
        self.stuck: str | None = None
        self.happened: Counter[str] = Counter()
        self.order: list[Step] = []
        self._refusals: Counter[Correct] = Counter()

    def take(self) -> list[Message] | Tick | Correct | None:
        """The next batch, tick or correction; None when everything is done. Puts on the way happen at once."""
        with self._changed:
            while self._in_work and not self.stuck and all(isinstance(step, Correct) for step in self._steps):
                if not self._changed.wait(PATIENCE_S):
                    self.stuck = "workers wait for each other"
            size = self._rng.randint(1, self._batch)
            batch: list[Message] = []
            while self._steps and len(batch) < size and not self.stuck:
                if isinstance(self._steps[0], Tick | Correct) and batch:
                    break
                step = self._steps.pop(0)
                if isinstance(step, Tick):
                    self.order.append(step)
                    return step
                if isinstance(step, Correct):
                    self._in_work += 1
                    return step
                if isinstance(step, Put):
                    self._bucket.put(step.key, step.content)
                    self.order.append(step)
                else:
                    batch.append(step)
            self._in_work += bool(batch)
            return batch or None

    def stop(self, why: str) -> None:
        with self._changed:
            self.stuck = why
            self._changed.notify_all()

    def corrected(self, step: Correct, done: bool) -> None:
        """What could not be corrected yet is tried again after the rest; refused then, it is refused for good."""
        with self._changed:
            self._in_work -= 1
            self._refusals[step] += not done
            self.happened["corrections made" if done else "corrections that failed"] += 1
            if done:
                self.order.append(step)
            elif self._steps or self._in_work or self._refusals[step] <= MOST_TRIES:
                self._steps.append(step)
            self._changed.notify_all()

    def done(self, batch: list[Message], failed: list[Message]) -> None:
        with self._changed:
            self._in_work -= 1
            self.happened += Counter({"deliveries": len(batch), "deliveries that failed": len(failed)})
            self.order += [message for message in batch if message not in failed]
            for message in failed:
                self._tries[message.number] = self._tries.get(message.number, 0) + 1
                if self._tries[message.number] > MOST_TRIES:
                    self.stuck = f"m{message.number} failed {MOST_TRIES} times"
                self._steps.insert(self._rng.randint(0, len(self._steps)), message)
            self._changed.notify_all()


class Stage:
    """A database and its workers, used for one history after the other."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._workers: list[Worker] = []
        self._db = Database(lambda: connect(database_from_url(url), statement_timeout_ms=20_000))
        self._tables = _tables(self._db)
        self.happened: Counter[str] = Counter()
        self.order: tuple[Step, ...] = ()
        self._expected: dict[tuple[Step, ...], str] = {}

    def close(self) -> None:
        for db in (self._db, *(worker.db for worker in self._workers)):
            db.close()

    def play(self, history: History) -> tuple[str, list[str]]:
        """The canonical dump afterwards, and what went on. Raises Stuck."""
        self._db.run(f"truncate {', '.join(self._tables)} cascade")
        told: list[str] = []
        workers = self._staff(history, told)
        lines = workers[0].lines
        bucket = _Bucket(history)
        queue = _Queue(history, bucket)
        broken: list[BaseException] = []
        mine = threading.local()

        def work(worker: Worker) -> None:
            mine.worker = worker
            try:
                while (taken := queue.take()) is not None:
                    if isinstance(taken, Tick):
                        worker.tick()
                    elif isinstance(taken, Correct):
                        queue.corrected(taken, worker.correct(taken))
                    else:
                        _deliver(worker, queue, taken)
            except BaseException as fault:
                broken.append(fault)
                queue.stop(repr(fault))

        with _wired(lambda: mine.worker.db, bucket):
            mine.worker = workers[0]
            _side_by_side([lambda worker=worker: work(worker) for worker in workers])  # type: ignore[misc]
            for worker in workers:
                worker.lines = _Lines(())
            # a minute later nobody who broke down holds a channel any more
            self._db.run("update post_channel set held_until = null")
            workers[0].tick()
            if not queue.stuck:
                queue.stuck = self._echo(workers[0], bucket)
        if broken and not isinstance(broken[0], Exception):
            raise broken[0]
        self.order = tuple(queue.order)
        self.happened += lines.happened + queue.happened
        if queue.stuck or lines.unplanned:
            raise Stuck("\n".join([*filter(None, [queue.stuck]), *lines.unplanned, *told]))
        return self.dump(), told

    def _echo(self, worker: Worker, bucket: _Bucket) -> str | None:
        """Tells of every file once more, which must not touch a row; says which it did."""
        versions = "select server || '/' || name || ' ' || xmin from stats_file order by file_id"
        before = set(self._db.values(versions))
        if not before:
            return None
        failed = worker.invoke([Message(number=at, keys=(key,)) for at, key in enumerate(bucket.objects)])
        touched = [row for row in self._db.values(versions) if row not in before]
        return f"told of again: {len(failed)} failed, rewritten: {', '.join(touched)}" if failed or touched else None

    def expected(self, clean: History) -> str:
        """What a clean run leaves; the last ones are remembered."""
        key = clean.steps
        if key not in self._expected:
            while len(self._expected) >= _REMEMBERED:
                self._expected.pop(next(iter(self._expected)))
            self._expected[key] = self.play(clean)[0]
        return self._expected[key]

    def _staff(self, history: History, told: list[str]) -> list[Worker]:
        while len(self._workers) < history.workers:
            self._workers.append(Worker(len(self._workers) + 1, self._url))
        lines = _Lines(history.faults)
        for worker in self._workers:
            worker.lines, worker.told = lines, told
        return self._workers[: history.workers]

    def dump(self) -> str:
        """Every row of every table in one fixed order, without our own clock's times."""
        parts = [f"{table}\n{self._db.values(sql)[0]}\n" for table, sql in self._tables.items()]
        return "\n".join(parts)


def _deliver(worker: Worker, queue: _Queue, batch: list[Message]) -> None:
    failed: set[int] = {message.number for message in batch}
    try:
        failed = worker.invoke(batch)
    finally:
        again = [message for message in batch if message.number in failed]
        taken = " ".join(f"m{message.number}" for message in batch)
        worker.note(f"{taken} → again: {' '.join(f'm{message.number}' for message in again) or 'none'}")
        queue.done(batch, again)


def _side_by_side(tasks: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=task, daemon=True) for task in tasks[1:]]
    for thread in threads:
        thread.start()
    tasks[0]()
    for thread in threads:
        thread.join(PATIENCE_S)


@contextmanager
def _wired(database: Callable[[], Database], bucket: _Bucket) -> Iterator[None]:
    """The handlers get these instead of the real things."""
    nudges = SimpleNamespace(send=lambda body: None)
    discord = SimpleNamespace(
        create_message=lambda channel_id, message, *, seal, nonce: f"post {nonce}",
        edit_message=lambda channel_id, message_id, message, *, seal: None,
        find_message=lambda channel_id, message, *, seal, since: None,
    )
    with patch.multiple(
        wiring,
        database=lambda *_, **__: database(),
        bucket=lambda: bucket,
        announce_hand_over=lambda: nudges,
        discord=lambda: discord,
        custom_id_key=lambda: b"key",
        settings=lambda *need: SimpleNamespace(round_channel_id="77", game_servers=()),
    ):
        yield


# what a run depends on besides its files: our clock, the listing, and how far migrations are
_CLOCK = "timestamp with time zone"
_NOT_DERIVED = ("migration", "post_channel", "audit")
# numbers that tell who came first, and a map's post is that of the round which did
_BY_ORDER = ("correction_id", "message_id")
# a round that was posted before a newer version of its file was refused stays posted
_ONLY = {"outbox": "where exists (select from stats_file where file_id = subject_id and state <> 'rejected')"}


def _tables(db: Database) -> dict[str, str]:
    """Every table with the statement that dumps it. Bytes are shown by their checksum."""
    columns = db.values(
        """select table_name || ' ' || column_name || ' ' || data_type
           from information_schema.columns join information_schema.tables using (table_schema, table_name)
           where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name, ordinal_position"""
    )
    found: dict[str, dict[str, str]] = {}
    for column in columns:
        table, name, kind = column.split(" ", 2)
        found.setdefault(table, {})[name] = kind
    return {table: _dump_sql(table, kinds) for table, kinds in found.items() if not table.startswith(_NOT_DERIVED)}


def _dump_sql(table: str, kinds: dict[str, str]) -> str:
    shown = [
        f"md5({name}) as {name}" if kind == "bytea" else name
        for name, kind in kinds.items()
        if kind != _CLOCK and name not in _BY_ORDER
    ]
    rows = f'select {", ".join(shown)} from "{table}" {_ONLY.get(table, "")}'
    return f"""select coalesce(string_agg(line, chr(10) order by line collate "C"), '')
        from (select to_json(row)::text as line from ({rows}) as row) as lines"""
