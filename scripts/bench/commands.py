"""What players wait for: every command over HTTP, answered by the function's own processes behind the embedded front.

In the same run each question is asked here as well, where the time its statements take is counted: what the database
alone needs. `front.ping_p50_ms` is what the way there and back and the signature take.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from etstats.commands.answering import Answerer
from etstats.commands.registry import Answers, Command, Topic, commands
from etstats.config import database_from_url
from etstats.interactions import request
from etstats.storage.database import Database, connect
from local.stack import Stack
from scripts.bench.archive import EVENINGS, load
from scripts.bench.asking import Asking, Line, lines
from scripts.bench.crowd import crowds
from scripts.bench.figure import Figure

_RUNS, _RUNS_PUT_OFF, _WARM_UP = 100, 20, 5
_LOOK_AGAIN_S = 0.02
_TIMES_THE_QUERY, _MORE_MS = 2, 5
_EVENINGS = EVENINGS["x1"]
_KEY = b"a key for custom_ids, of thirty-two."

Told = Callable[[str], None]


class TimedDatabase(Database):
    """Counts the time its statements take, rows read."""

    spent_ms = 0.0

    def _execute(self, sql: str, parameters: dict[str, object]) -> tuple[list[list[Any]], list[str]]:
        began = time.perf_counter()
        try:
            return super()._execute(sql, parameters)
        finally:
            self.spent_ms += (time.perf_counter() - began) * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one command took, in milliseconds: there and back, and its statements alone."""

    command: Command
    answer_ms: Sequence[float]
    query_ms: Sequence[float]

    def figures(self) -> Iterator[Figure]:
        """Nothing is promised against the query where the answer is put off: it waits for a queue."""
        kind = "menu_" if self.command.on_user else ""
        name = "command." + kind + self.command.name.lower().replace(" ", "_")
        p50_ms, query_ms, n = statistics.median(self.answer_ms), statistics.median(self.query_ms), len(self.answer_ms)
        budget = None if self.command.answers is Answers.LATER else _TIMES_THE_QUERY * query_ms + _MORE_MS
        yield Figure(name=f"{name}.p50_ms", value=p50_ms, unit="ms", n=n, budget=budget)
        yield Figure(name=f"{name}.p99_ms", value=percentile(self.answer_ms, 99), unit="ms", n=n)
        yield Figure(name=f"{name}.query_p50_ms", value=query_ms, unit="ms", n=n)


def percentile(values: Sequence[float], percent: int) -> float:
    """The least of *values* that *percent* of them do not exceed."""
    return sorted(values)[-(-len(values) * percent // 100) - 1]


def asked_over_http(told: Told = lambda _: None) -> Iterator[Figure]:
    yield from asyncio.run(_measured(told))


async def _measured(told: Told) -> list[Figure]:
    async with Stack() as stack:
        address = database_from_url(stack.database_url)
        db = TimedDatabase(lambda: connect(address, statement_timeout_ms=60_000))
        told(f"commands: storing {_EVENINGS} evenings")
        await asyncio.to_thread(load, db, range(_EVENINGS))
        asking = Asking(stack, db)
        told("commands: a hundred at once")  # before a hundred strangers say one by one that they are in tonight
        crowd = await stack.guard(crowds(stack, asking))
        figures = await stack.guard(_one_by_one(stack, asking, db, told)) + crowd
        db.close()
    return figures


async def _one_by_one(stack: Stack, asking: Asking, db: TimedDatabase, told: Told) -> list[Figure]:
    async with lines(stack, 1) as (line,):
        pings = [await line.send(asking.as_http(asking.ping())) for _ in range(_WARM_UP + _RUNS)]
        figures = [Figure(name="front.ping_p50_ms", value=statistics.median(pings[_WARM_UP:]), unit="ms", n=_RUNS)]
        # what waits for a game server has no query to be held against
        for command in (one for one in commands() if one.topic is not Topic.SERVER):
            told(f"/{command.name}")
            figures += (await _take(stack, line, asking, db, command)).figures()
    return figures


async def _take(stack: Stack, line: Line, asking: Asking, db: TimedDatabase, command: Command) -> Taken:
    answer_ms, query_ms = [], []
    put_off = command.answers is Answers.LATER
    for _ in range(_WARM_UP + (_RUNS_PUT_OFF if put_off else _RUNS)):
        question = asking.question(command)
        if put_off:
            asking.promise(question)
        answer_ms.append(await line.send(asking.as_http(question)))
        query_ms.append(_query_ms(db, asking.question(command)))
        while put_off and not await stack.idle():  # else the next one waits for it
            await asyncio.sleep(_LOOK_AGAIN_S)
    return Taken(command=command, answer_ms=answer_ms[_WARM_UP:], query_ms=query_ms[_WARM_UP:])


def _query_ms(db: TimedDatabase, body: bytes) -> float:
    before = db.spent_ms
    Answerer(db=lambda: db, key=lambda: _KEY, followups=_Nowhere).respond(request.read(body), body)
    return db.spent_ms - before


class _Nowhere:
    """What is put off here is not done."""

    def send(self, body: dict[str, object]) -> None:
        return
