"""The Runtime API server with the real awslambdaric: what an invocation can come to, and what a function sees."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from local.children import RunFolder, started_at
from local.runtime_server import Deployment, Function, Functions, _Sandbox

TOY = """
import json, os, sys, time
print("imported", flush=True)
calls = 0

def told(event, context):
    global calls
    calls += 1
    return {"event": event, "calls": calls, "pid": os.getpid(), "left_ms": context.get_remaining_time_in_millis(),
            "arn": context.invoked_function_arn, "request_id": context.aws_request_id, "environment": dict(os.environ)}

def fails(event, context):
    raise ValueError("no such map")

def dies(event, context):
    os._exit(3)

def sleeps(event, context):
    time.sleep(event["seconds"])
    return "woken"

def large(event, context):
    return "x" * (7 * 1024 * 1024)
"""


@asynccontextmanager
async def deployed(folder: Path, handler: str, **settings: Any) -> AsyncIterator[Function]:
    (folder / "toy.py").write_text(TOY, encoding="utf-8")
    run = RunFolder.create()
    functions = await Functions.start(run)
    try:
        yield functions.add(Deployment(name="Toy", handler=f"toy.{handler}", folder=folder, **settings))
    finally:
        await functions.stop()
        run.remove()


def run_with(work: Callable[[Function], Awaitable[Any]], folder: Path, handler: str, **settings: Any) -> Any:
    async def main() -> Any:
        async with deployed(folder, handler, **settings) as function:
            return await work(function)

    return asyncio.run(main())


def test_a_function_is_told_its_event_its_time_and_who_it_is(tmp_path: Path) -> None:
    async def work(function: Function) -> Any:
        return (await function.invoke({"map": "supply"})).answer()

    told = run_with(work, tmp_path, "told", timeout_s=9.0)
    assert told["event"] == {"map": "supply"}
    assert 8_000 < told["left_ms"] <= 9_000
    assert told["arn"] == "arn:aws:lambda:eu-central-1:123456789012:function:Toy"
    assert len(told["request_id"]) == 36


def test_who_is_called_off_just_when_his_invocation_is_done_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a schedule would go on ticking while the stack waits for its end."""

    async def work(function: Function) -> None:
        invoking = asyncio.ensure_future(function.invoke({}))
        settle = _Sandbox.settle

        def settle_and_call_off(sandbox: _Sandbox, *args: Any, **settings: Any) -> bool:
            settled = settle(sandbox, *args, **settings)
            invoking.cancel()
            return settled

        monkeypatch.setattr(_Sandbox, "settle", settle_and_call_off)
        with pytest.raises(asyncio.CancelledError):
            await invoking

    run_with(work, tmp_path, "told", timeout_s=9.0)


def test_a_function_sees_its_own_environment_and_nothing_of_the_developers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://developer@127.0.0.1/private")

    async def work(function: Function) -> Any:
        return (await function.invoke({})).answer()["environment"]

    environment = run_with(work, tmp_path, "told", environment={"BUCKET": "files"}, memory_mb=512)
    assert environment["BUCKET"] == "files"
    assert environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "512"
    assert environment["LAMBDA_TASK_ROOT"] == str(tmp_path)
    assert "DATABASE_URL" not in environment
    assert set(environment) & set(os.environ) <= {"PATH", "HOME", "LANG", "LC_CTYPE", "TZ", "PYTHONPATH", "PYTHONUTF8"}


def test_a_warm_process_is_used_again(tmp_path: Path) -> None:
    async def work(function: Function) -> Any:
        return [(await function.invoke({})).answer() for _ in range(3)]

    first, _, third = run_with(work, tmp_path, "told")
    assert (first["calls"], third["calls"]) == (1, 3)
    assert first["pid"] == third["pid"]
    assert first["request_id"] != third["request_id"]


def test_an_exception_is_the_outcome_and_the_process_lives_on(tmp_path: Path) -> None:
    async def work(function: Function) -> Any:
        outcomes = [await function.invoke({}), await function.invoke({})]
        return outcomes, function.log_tail(100)

    outcomes, log = run_with(work, tmp_path, "fails")
    assert [outcome.failed for outcome in outcomes] == [True, True]
    assert outcomes[0].words() == "ValueError: no such map"
    assert log.count("imported") == 1


def test_a_process_that_dies_is_an_error_and_the_next_invocation_gets_a_new_one(tmp_path: Path) -> None:
    async def work(function: Function) -> Any:
        outcomes = [await function.invoke({}), await function.invoke({})]
        return outcomes, function.log_tail(100)

    outcomes, log = run_with(work, tmp_path, "dies")
    assert [outcome.failed for outcome in outcomes] == [True, True]
    assert outcomes[0].words().startswith("Runtime.ExitError")
    assert log.count("imported") == 2


def test_what_takes_too_long_is_killed_and_the_next_invocation_gets_a_new_process(tmp_path: Path) -> None:
    async def work(function: Function) -> Any:
        began = time.monotonic()
        late = await function.invoke({"seconds": 60})
        seconds = time.monotonic() - began
        return late, seconds, await function.invoke({"seconds": 0})

    late, seconds, next_one = run_with(work, tmp_path, "sleeps", timeout_s=1.0)
    assert late.failed
    assert "timed out after 1.00 seconds" in late.words()
    assert seconds < 10
    assert next_one.answer() == "woken"


@pytest.mark.parametrize("handler", ["nothing_of_the_kind", "told"])
def test_a_function_that_cannot_be_imported_says_why(tmp_path: Path, handler: str) -> None:
    async def work(function: Function) -> Any:
        (tmp_path / "toy.py").write_text("import no_such_module_anywhere\n", encoding="utf-8")
        return await function.invoke({})

    outcome = run_with(work, tmp_path, handler)
    assert outcome.failed
    assert "no_such_module_anywhere" in outcome.words()


def test_an_answer_larger_than_lambda_allows_is_an_error(tmp_path: Path) -> None:
    async def work(function: Function) -> Any:
        return await function.invoke({})

    outcome = run_with(work, tmp_path, "large", timeout_s=20.0)
    assert outcome.failed
    assert "ResponseSizeTooLarge" in outcome.words()


@pytest.mark.parametrize(("concurrency", "processes"), [(1, 1), (2, 2)])
def test_no_more_processes_than_the_concurrency_allows(tmp_path: Path, concurrency: int, processes: int) -> None:
    async def work(function: Function) -> Any:
        outcomes = await asyncio.gather(*(function.invoke({"seconds": 0.2}) for _ in range(4)))
        return [outcome.answer() for outcome in outcomes], function.log_tail(100)

    answers, log = run_with(work, tmp_path, "sleeps", concurrency=concurrency, timeout_s=20.0)
    assert answers == ["woken"] * 4
    assert log.count("imported") == processes


def test_stopping_ends_every_process_even_one_that_is_busy(tmp_path: Path) -> None:
    async def main() -> list[tuple[int, str]]:
        (tmp_path / "toy.py").write_text(TOY, encoding="utf-8")
        run = RunFolder.create()
        functions = await Functions.start(run)
        busy = functions.add(Deployment(name="Busy", handler="toy.sleeps", folder=tmp_path, timeout_s=60))
        invoking = asyncio.ensure_future(busy.invoke({"seconds": 60}))
        while "imported" not in busy.log_tail():
            await asyncio.sleep(0.01)
        listed = run.processes()[1:]
        await functions.stop()
        assert (await invoking).failed
        run.remove()
        return listed

    listed = asyncio.run(main())
    assert listed
    assert [pid for pid, started in listed if started_at(pid) == started] == []
