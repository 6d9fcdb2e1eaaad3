"""A hundred people at once, each asking something else: until the last of them has his answer.

Once over HTTP, and once without it: the handler alone, in as many processes as there are cores. On AWS each of them
would have a core of his own; here they share what there is, so the figures tell what all of them cost together.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from importlib import import_module
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from etstats.commands.registry import Answers, Command, Permission, commands
from local.stack import HTTP_PROCESSES, Stack
from scripts.bench.asking import Asking, lines
from scripts.bench.figure import Figure

USERS = 100
_CROWDS, _WARM_UP = 9, 5
_LONGEST_MS = 350
_FUNCTION = "InteractionsFunction"

Event = Mapping[str, Any]


async def crowds(stack: Stack, asking: Asking) -> list[Figure]:
    over_http = [await _over_http(stack, asking) for _ in range(_WARM_UP + _CROWDS)][_WARM_UP:]
    alone = await asyncio.to_thread(_handlers_alone, stack, asking)
    return [
        Figure(name="users100.max_ms", value=statistics.median(over_http), unit="ms", n=_CROWDS, budget=_LONGEST_MS),
        Figure(name="users100.handlers_ms", value=statistics.median(alone), unit="ms", n=_CROWDS, budget=_LONGEST_MS),
    ]


def mix() -> list[Command]:
    """A command for each of them: what everybody may ask and what is answered at once, in turn."""
    asked = [one for one in commands() if one.permission is Permission.EVERYBODY and one.answers is not Answers.LATER]
    return list(islice(cycle(asked), USERS))


async def _over_http(stack: Stack, asking: Asking) -> float:
    """The longest anybody waits."""
    requests = [asking.as_http(asking.question(command)) for command in mix()]
    async with lines(stack, USERS) as opened:
        waited = await asyncio.gather(*(line.send(http) for line, http in zip(opened, requests, strict=True)))
    return max(waited)


def _handlers_alone(stack: Stack, asking: Asking) -> list[float]:
    deployment = stack.function(_FUNCTION).deployment
    processes = min(HTTP_PROCESSES, os.cpu_count() or 1)
    start = (dict(deployment.environment), str(deployment.folder))
    with ProcessPoolExecutor(processes, get_context("spawn"), _become_function, start) as pool:
        return [_answered_ms(pool, asking) for _ in range(_WARM_UP + _CROWDS)][_WARM_UP:]


def _answered_ms(pool: ProcessPoolExecutor, asking: Asking) -> float:
    bodies = [asking.question(command) for command in mix()]
    events = [{"headers": asking.signed(body), "body": body.decode()} for body in bodies]
    began = time.perf_counter()
    statuses = list(pool.map(_handle, events))
    took_ms = (time.perf_counter() - began) * 1000
    if set(statuses) != {200}:
        raise RuntimeError(f"a hundred at once were answered {statuses}")
    return took_ms


def _become_function(environment: Mapping[str, str], folder: str) -> None:
    os.environ.update(environment)
    sys.path.insert(0, folder)


def _handle(event: Event) -> int:
    with Path(os.devnull).open("w") as log, redirect_stdout(log):
        answer = import_module("app").handler(event, None)
    return int(answer["statusCode"])
