"""What `make demo` and `make up` share: signals end the work in order, and what can go wrong gets a sentence."""

from __future__ import annotations

import asyncio
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from etstats.errors import EtstatsError
from local.aws import CloudFailed
from local.postgres import PostgresFailed
from local.stack import BACKENDS, StackFailed
from local.template import BadTemplate

EXPECTED = (StackFailed, CloudFailed, PostgresFailed, BadTemplate, EtstatsError)
BACKENDS_HELP = f"what stands in for AWS: {' or '.join(BACKENDS)} (AWS_ENDPOINT_URL, where set, goes before moto)"


def run_command(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """The exit code: *work*'s own, 1 after a fault, 130 after Ctrl-C, 143 after SIGTERM. Everything stops first."""
    try:
        return asyncio.run(_until_signal(work))
    except EXPECTED as fault:
        print(f"\n{fault}", file=sys.stderr)
    except (BotoCoreError, ClientError) as fault:
        print(f"\nWhat stands in for AWS did not do what was asked: {fault}", file=sys.stderr)
    except RuntimeError as fault:
        # a backend's own kind of failure, whose module is not imported unless it is asked for
        if type(fault).__name__ != "LocalStackFailed":
            _tell_unexpected()
        else:
            print(f"\n{fault}", file=sys.stderr)
    except Exception:  # the outermost edge
        _tell_unexpected()
    return 1


def stage_line(console: Console) -> Callable[[str, float], None]:
    """Prints a part's name and its seconds."""

    def told(name: str, seconds: float) -> None:
        console.print(f"  {name:<44}{seconds:5.1f} s", highlight=False)

    return told


async def _until_signal(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """The first signal cancels the work; more of them do not disturb its stopping, which takes seconds at most."""
    task = asyncio.ensure_future(work())
    received: list[signal.Signals] = []

    def stop(how: signal.Signals) -> None:
        received.append(how)
        if len(received) == 1:
            task.cancel()

    loop = asyncio.get_running_loop()
    for how in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(how, stop, how)
    try:
        return await task
    except asyncio.CancelledError:
        if received:
            return 128 + received[0]
        raise


def _tell_unexpected() -> None:
    traceback.print_exc()
    print("\nThis is a fault in etstats itself. The lines above belong into a report of it.", file=sys.stderr)
