"""AWS Lambda on one machine: the Runtime API on loopback, and the real `awslambdaric` in a process per function.

    functions = await Functions.start(run)
    store = functions.add(Deployment(name="StoreFunction", handler="store.handler", folder=…, …))
    outcome = await store.invoke({"Records": […]})

As on AWS, a process handles one invocation at a time and is kept for the next; as many as the concurrency allows run
side by side; one that exceeds its time is killed, one that dies is an error, and the next invocation gets a new one.
Memory and CPU are not limited here. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from local.children import Child, RunFolder, start_child, tail

START_LIMIT_S = 60.0
MAX_PAYLOAD = 6 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What AWS would be told about a function. *environment* holds its own variables; the runtime's are added."""

    name: str
    handler: str
    folder: Path
    layers: tuple[Path, ...] = ()
    timeout_s: float = 3.0
    memory_mb: int = 128
    environment: Mapping[str, str] = field(default_factory=dict)
    concurrency: int = 1
    region: str = "eu-central-1"
    account: str = "123456789012"

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an invocation came to: the handler's answer, or when *failed* the error as Lambda words it."""

    payload: bytes
    failed: bool
    seconds: float

    def answer(self) -> Any:
        return json.loads(self.payload or b"null")

    def words(self) -> str:
        """The error in one line."""
        with suppress(ValueError, AttributeError):
            told = json.loads(self.payload)
            return f"{told.get('errorType', 'Error')}: {told.get('errorMessage', '')}"
        return self.payload.decode("utf-8", "replace")


@dataclass(slots=True)
class _Invocation:
    request_id: str
    event: bytes
    deadline_ms: int
    outcome: asyncio.Future[tuple[bytes, bool]]


class Functions:
    """The Runtime API. Each process talks to a port of its own, which is how we know who is asking."""

    def __init__(self, run: RunFolder, runner: web.AppRunner) -> None:
        self._run = run
        self._runner = runner
        self._sandboxes: dict[int, _Sandbox] = {}
        self._functions: list[Function] = []

    @classmethod
    async def start(cls, run: RunFolder) -> Functions:
        app = web.Application(client_max_size=10 * MAX_PAYLOAD)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        functions = cls(run, runner)
        root = "/2018-06-01/runtime"
        app.router.add_get(f"{root}/invocation/next", functions._next)
        app.router.add_post(f"{root}/invocation/{{id}}/response", functions._response)
        app.router.add_post(f"{root}/invocation/{{id}}/error", functions._error)
        app.router.add_post(f"{root}/init/error", functions._init_error)
        await runner.setup()
        return functions

    def add(self, deployment: Deployment) -> Function:
        function = Function(deployment, self)
        self._functions.append(function)
        return function

    async def stop(self) -> None:
        """Ends every process; whoever waits for an invocation gets an error. Frozen processes need no farewell."""
        for function in self._functions:
            function.close()
        sandboxes = list(self._sandboxes.values())
        for sandbox in sandboxes:
            sandbox.child.kill()
        await asyncio.gather(*(sandbox.child.ended for sandbox in sandboxes), return_exceptions=True)
        await self._runner.cleanup()

    async def open_sandbox(self, deployment: Deployment) -> _Sandbox:
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = _port(site)
        child = await start_child(
            deployment.name,
            [sys.executable, "-m", "awslambdaric", deployment.handler],
            run=self._run,
            environment=_environment(deployment, port),
            folder=deployment.folder,
        )
        sandbox = _Sandbox(child, site)
        self._sandboxes[port] = sandbox
        child.ended.add_done_callback(lambda _: self._forget(port))
        return sandbox

    def _forget(self, port: int) -> None:
        sandbox = self._sandboxes.pop(port, None)
        if sandbox is not None:
            sandbox.died()

    def _asking(self, request: web.Request) -> _Sandbox:
        transport = request.transport
        port = transport.get_extra_info("sockname")[1] if transport is not None else 0
        if port not in self._sandboxes:
            raise web.HTTPGone(text="this process was given up")
        return self._sandboxes[port]

    async def _next(self, request: web.Request) -> web.Response:
        sandbox = self._asking(request)
        invocation = await sandbox.next()
        return web.Response(
            body=invocation.event,
            content_type="application/json",
            headers={
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": sandbox.arn,
                "Lambda-Runtime-Trace-Id": _trace_id(),
            },
        )

    async def _response(self, request: web.Request) -> web.Response:
        body = await request.read()
        if len(body) > MAX_PAYLOAD:
            message = (
                f"Response payload size ({len(body)} bytes) exceeded maximum allowed payload size (6291556 bytes)."
            )
            error = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}
            return self._settle(request, json.dumps(error).encode(), failed=True, status=413)
        return self._settle(request, body, failed=False)

    async def _error(self, request: web.Request) -> web.Response:
        return self._settle(request, await request.read(), failed=True)

    async def _init_error(self, request: web.Request) -> web.Response:
        self._asking(request).init_failed(await request.read())
        return web.json_response({"status": "OK"}, status=202)

    def _settle(self, request: web.Request, body: bytes, *, failed: bool, status: int = 202) -> web.Response:
        if not self._asking(request).settle(request.match_info["id"], body, failed=failed):
            return web.json_response({"errorType": "InvalidRequestID", "errorMessage": "not awaited"}, status=400)
        return web.json_response({"status": "OK"}, status=status)


class _Sandbox:
    """One process of a function and the invocation it has in hand."""

    def __init__(self, child: Child, site: web.TCPSite) -> None:
        self.child = child
        self.arn = ""
        self.ready = asyncio.Event()  # it has asked for work, or it is over
        self._site = site
        self._given: asyncio.Queue[_Invocation] = asyncio.Queue(1)
        self._current: _Invocation | None = None
        self._fault = b""

    @property
    def alive(self) -> bool:
        return not self.child.ended.done() and not self._fault

    async def next(self) -> _Invocation:
        self.ready.set()
        return await self._given.get()

    def give(self, invocation: _Invocation) -> None:
        self._current = invocation
        self._given.put_nowait(invocation)
        if not self.alive:
            self.died()

    def settle(self, request_id: str, body: bytes, *, failed: bool) -> bool:
        current = self._current
        if current is None or current.request_id != request_id or current.outcome.done():
            return False
        self._current = None
        current.outcome.set_result((body, failed))
        return True

    def init_failed(self, body: bytes) -> None:
        self._fault = body

    def died(self) -> None:
        """The process is gone: whatever it had in hand has failed."""
        self.ready.set()
        self._fault = self._fault or _fault("Runtime.ExitError", "the process ended without an answer")
        if self._current is not None:
            self.settle(self._current.request_id, self._fault, failed=True)

    async def close(self) -> None:
        self.child.kill()
        await asyncio.wait({self.child.ended})
        with suppress(RuntimeError):
            await self._site.stop()


class Function:
    """One deployed function, with the processes that are warm."""

    def __init__(self, deployment: Deployment, functions: Functions) -> None:
        self.deployment = deployment
        self._functions = functions
        self._warm: list[_Sandbox] = []
        self._slots = asyncio.Semaphore(deployment.concurrency)
        self._closed = False
        self.running = 0

    async def warm_up(self) -> None:
        """Starts one process ahead of the first invocation."""
        self._warm.append(await self._functions.open_sandbox(self.deployment))

    async def invoke(self, event: object) -> Outcome:
        """Runs the handler with *event*; waits for a free slot when the concurrency is used up."""
        async with self._slots:
            self.running += 1
            try:
                return await self._invoke(json.dumps(event).encode())
            finally:
                self.running -= 1

    def close(self) -> None:
        self._closed = True

    def log_tail(self, lines: int = 20) -> str:
        return tail(self._functions._run.log(self.deployment.name), lines)

    async def _invoke(self, event: bytes) -> Outcome:
        sandbox = await self._sandbox()
        began = time.monotonic()
        timeout_s = self.deployment.timeout_s
        outcome: asyncio.Future[tuple[bytes, bool]] = asyncio.get_running_loop().create_future()
        deadline_ms = int((time.time() + timeout_s) * 1000)
        sandbox.arn = self.deployment.arn
        sandbox.give(_Invocation(str(uuid.uuid4()), event, deadline_ms, outcome))
        try:
            async with asyncio.timeout(timeout_s):  # wait_for loses who calls it off just when it is done, before 3.12
                body, failed = await outcome
        except TimeoutError:
            body, failed = _fault("Sandbox.Timedout", f"Task timed out after {timeout_s:.2f} seconds"), True
            self._note(f"{body.decode()}")
            await sandbox.close()
        except asyncio.CancelledError:
            sandbox.child.kill()
            raise
        if sandbox.alive:
            self._warm.append(sandbox)
        return Outcome(payload=body, failed=failed, seconds=time.monotonic() - began)

    async def _sandbox(self) -> _Sandbox:
        """A warm process that is still alive, else a new one that has asked for work (or died trying)."""
        while self._warm:
            sandbox = self._warm.pop()
            if sandbox.alive:
                break
        else:
            if self._closed:
                raise asyncio.CancelledError
            sandbox = await self._functions.open_sandbox(self.deployment)
        with suppress(TimeoutError):
            async with asyncio.timeout(START_LIMIT_S):
                await sandbox.ready.wait()
        return sandbox

    def _note(self, line: str) -> None:
        with self._functions._run.log(self.deployment.name).open("a", encoding="utf-8") as log:
            log.write(line + "\n")


def _port(site: web.TCPSite) -> int:
    server = site._server
    assert isinstance(server, asyncio.Server)
    return int(server.sockets[0].getsockname()[1])


def _fault(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def _trace_id() -> str:
    return f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)};Parent={secrets.token_hex(8)};Sampled=0"


def _environment(deployment: Deployment, port: int) -> dict[str, str]:
    """What a function finds in its environment on AWS; nothing of the developer's."""
    return {
        "PATH": os.defpath,
        "HOME": "/tmp",  # noqa: S108  # as on AWS
        "LANG": "en_US.UTF-8",
        "PYTHONUTF8": "1",
        "TZ": ":UTC",
        "LAMBDA_TASK_ROOT": str(deployment.folder),
        "PYTHONPATH": os.pathsep.join(str(path) for path in deployment.layers),
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
        "AWS_LAMBDA_FUNCTION_NAME": deployment.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(deployment.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{deployment.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"[$LATEST]{port}",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_REGION": deployment.region,
        "AWS_DEFAULT_REGION": deployment.region,
        "_HANDLER": deployment.handler,
        **deployment.environment,
    }
