"""The embedded stack: everything `template.yaml` describes, on this machine, without Docker and without root.

    async with Stack() as stack:
        stack.game_server.put("2025-…-round-1.txt", content, mtime=…)
        stack.start_schedules(every_s=1)
        answer = await stack.discord.ask({"path": ["last"]})

Parts start side by side as soon as what they need is there, and stop in order whatever happens: at the end, after
an exception, Ctrl-C or SIGTERM. When a part dies in between, `guard` ends the work with a sentence about it.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
import uuid
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from nacl.signing import SigningKey

import etstats.commands.catalogue  # noqa: F401  # declares the commands
from etstats.commands.registration import registration
from etstats.config import database_from_url
from etstats.gateways.discord import Discord
from local import aws, discord_stub
from local.aws import Cloud, Provisioned
from local.children import RunFolder, clean_up_after_dead_runs, in_thread, started_at, tail
from local.desk.people import ALARM_CHANNEL_ID, GUILD_ID, USERS
from local.discord_stub import ROUND_CHANNEL_ID
from local.game_server import GameServer
from local.http_api import HttpApi
from local.postgres import cluster, free_port
from local.pump import MOST_PROCESSES, Delivery, Pump
from local.runtime_server import Deployment, Function, Functions
from local.secrets_extension import SecretsExtension
from local.template import Function as DeclaredFunction
from local.template import QueueSource, RouteSource, ScheduleSource, load

T = TypeVar("T")

APPLICATION_ID = "1100000000000000100"
BOT_TOKEN = "local"  # noqa: S105  # opens the stub and nothing else
SERVER_NAME = "local"
MIGRATION = "MigrateFunction"
# Players come in crowds; a queue's work does not.
HTTP_PROCESSES = 4
BACKENDS = ("moto", "localstack")
WATCH_S = 0.25


class StackFailed(RuntimeError):
    """A part did not start, or died; the message says which, and the end of its log."""


Started = Callable[[str, float], None]


class Stack:
    """*started* is told each part's name and seconds, *delivered* every invocation that no HTTP call asked for.

    *retry_after_s*: see `Pump`.
    """

    def __init__(
        self,
        *,
        backend: str = "moto",
        template: Path | None = None,
        retry_after_s: int | None = None,
        keep_logs: bool = False,
        started: Started = lambda _name, _seconds: None,
        delivered: Callable[[Delivery], None] = lambda _delivery: None,
    ) -> None:
        self._backend = backend
        self._template = load(template or aws.repository() / "template.yaml")
        self._retry_after_s = retry_after_s
        self._keep_logs = keep_logs
        self._told = started
        self._delivered = delivered
        self._exits = AsyncExitStack()
        self._functions: dict[str, Function] = {}
        self._declared: tuple[DeclaredFunction, ...] = ()
        self._secret_arns: list[str] = []
        self._postgres_pid = 0  # 0: somebody else's
        self.signing_key = SigningKey.generate()
        # set while starting, in this order
        self.run: RunFolder
        self.api: HttpApi
        self.discord: discord_stub.Running
        self.game_server: GameServer
        self.database_url: str
        self.cloud: Cloud
        self.made: Provisioned
        self.pump: Pump

    @property
    def interactions_url(self) -> str:
        return f"{self.api.url}/interactions"

    def function(self, name: str) -> Function:
        return self._functions[name]

    async def __aenter__(self) -> Self:
        clean_up_after_dead_runs()
        self.run = RunFolder.create()
        self._exits.callback(self._leave_folder)
        try:
            await self._start()
        except BaseException:
            self._keep_logs = True
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    def dead_letter_queues(self) -> list[str]:
        """By their names in the template."""
        return sorted(self.made.dead_letter_queues)

    def start_schedules(self, *, every_s: float | None = None) -> None:
        """Ticks at once, and then as the template says or each *every_s*."""
        for declared in self._declared:
            for source in declared.sources:
                if isinstance(source, ScheduleSource):
                    self.pump.schedule(self._functions[declared.name], source, every_s=every_s)

    async def idle(self) -> bool:
        """Whether no queue holds a message and no function has one in hand."""
        return self.pump.watched.in_flight == 0 and await self.pump.waiting() == 0

    async def guard(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of *work*. Raises StackFailed as soon as PostgreSQL or AWS's stand-in dies under it."""
        working = asyncio.ensure_future(work)
        watching = asyncio.ensure_future(self._first_to_die())
        try:
            await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise StackFailed(watching.result())
            return working.result()
        finally:
            for task in (working, watching):
                task.cancel()
            await asyncio.wait({working, watching})

    async def _first_to_die(self) -> str:
        """Waits until one of the parts is gone; says which."""
        postgres_pid, child = self._postgres_pid, self.cloud.child
        started = started_at(postgres_pid) if postgres_pid else ""
        while True:
            if child is not None and child.ended.done():
                return f"{child.name} died. Its log ends with:\n{tail(child.log)}"
            if postgres_pid and started_at(postgres_pid) != started:
                return "PostgreSQL died. Is the disk full, or did somebody end it?"
            await asyncio.sleep(WATCH_S)

    async def _start(self) -> None:
        """What waits for nothing starts at once; the functions when all is there."""
        extension_port = free_port()
        self.api = HttpApi(account="")
        await self.api.start(0)
        self._exits.push_async_callback(self.api.stop)
        extension = SecretsExtension()
        await extension.start(extension_port)
        self._exits.push_async_callback(extension.stop)
        functions = await Functions.start(self.run)
        await _together(
            self._timed("game server (SFTP, UDP)", self._start_game_server()),
            self._timed("Discord's stub and the desk", self._start_discord()),
            self._timed("PostgreSQL", self._start_database()),
            self._timed(f"AWS ({self._backend}): bucket, queues", self._start_cloud()),
        )
        self._exits.push_async_callback(functions.stop)
        extension.use(self.cloud)
        parameters = await asyncio.to_thread(self._parameters)
        self.pump = Pump(self.cloud, self.made.queue_urls, retry_after_s=self._retry_after_s, told=self._delivered)
        self._exits.push_async_callback(self.pump.stop)
        self._deploy(functions, parameters, extension_port)
        await self._timed("functions, database migrated", self._begin())

    async def _timed(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        began = time.monotonic()
        await work
        self._told(name, time.monotonic() - began)

    async def _start_game_server(self) -> None:
        self.game_server = await GameServer.start(self.run.path / "game-server")
        self._exits.push_async_callback(self.game_server.stop)

    async def _start_discord(self) -> None:
        self.discord = await discord_stub.start(
            0, application_id=APPLICATION_ID, signing_key=self.signing_key, interactions_url=self.interactions_url
        )
        self._exits.push_async_callback(self.discord.stop)
        rest = Discord(url=self.discord.api_url, bot_token=lambda: BOT_TOKEN)
        await asyncio.to_thread(rest.register_commands, APPLICATION_ID, registration())

    async def _start_database(self) -> None:
        given = os.environ.get("DATABASE_URL", "")
        if given:
            self.database_url = given
            return
        database = in_thread(cluster(self.run.path, started=self._note_postgres))
        self.database_url = await self._exits.enter_async_context(database)

    def _note_postgres(self, pid: int) -> None:
        self._postgres_pid = pid
        self.run.note(pid)

    async def _start_cloud(self) -> None:
        self.cloud = await self._exits.enter_async_context(_backend(self._backend, self.run))
        name = f"etstats-local-{uuid.uuid4().hex[:8]}"
        self.made = await asyncio.to_thread(
            aws.provision,
            self.cloud,
            self._template,
            stack_name=name,
            parameters=_placeholders(self._template.written),
            api_url=self.api.url,
        )
        if not self.cloud.ours:
            self._exits.push_async_callback(asyncio.to_thread, aws.remove, self.cloud, self.made, self._secret_arns)

    def _parameters(self) -> dict[str, str]:
        """The template's parameters for this machine; the secrets are made on the way."""
        server = self.game_server.setting(SERVER_NAME, guilds=[GUILD_ID])
        public_key = self.signing_key.verify_key.encode().hex()
        return {
            **_placeholders(self._template.written),
            "DatabaseSecretArn": self._secret("database", _database_secret(self.database_url)),
            "SshKeySecretArn": self._secret("ssh-key", self.game_server.client_key),
            "DiscordSecretArn": self._secret("discord", json.dumps({"bot_token": BOT_TOKEN})),
            "GameServers": json.dumps([server]),
            "RconSecretArn": self._secret("rcon", json.dumps({SERVER_NAME: self.game_server.game.password})),
            "RootUserIds": USERS[0].id,
            "DiscordPublicKey": public_key,
            "DiscordApplicationId": APPLICATION_ID,
            "DiscordApiUrl": self.discord.api_url,
            "RoundChannelId": ROUND_CHANNEL_ID,
            "AlarmChannelId": ALARM_CHANNEL_ID,
        }

    def _secret(self, name: str, text: str) -> str:
        stack_name = self.made.pseudo["AWS::StackName"]
        arn = aws.create_secret(self.cloud, f"{stack_name}/{name}", text)
        self._secret_arns.append(arn)
        return arn

    def _deploy(self, functions: Functions, parameters: dict[str, str], extension_port: int) -> None:
        known = {name: value for name, value in parameters.items() if name in self._template.written["Parameters"]}
        attributes = {**self.made.attributes, ("HttpApi", "ApiEndpoint"): self.api.url}
        resolver = self._template.resolver(parameters=known, pseudo=self.made.pseudo, attributes=attributes)
        self._declared = self._template.functions(resolver)
        shared = {**self.cloud.environment(), "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": str(extension_port)}
        for declared in self._declared:
            self._functions[declared.name] = functions.add(_deployment(declared, shared, self.cloud))

    async def _begin(self) -> None:
        """Processes are started ahead, the database is migrated, then the queues and routes open."""
        warming = asyncio.gather(*(function.warm_up() for function in self._functions.values()))
        await warming
        if MIGRATION in self._functions:
            outcome = await self._functions[MIGRATION].invoke({})
            if outcome.failed:
                log = self._functions[MIGRATION].log_tail()
                raise StackFailed(f"The database could not be migrated: {outcome.words()}\n{log}")
        for declared in self._declared:
            function = self._functions[declared.name]
            for source in declared.sources:
                if isinstance(source, QueueSource):
                    self.pump.poll(function, source)
                elif isinstance(source, RouteSource):
                    self.api.route(function, source)

    async def _stop(self) -> None:
        """Runs to its end even when we are cancelled in the middle of it."""
        stopping = asyncio.ensure_future(self._exits.aclose())
        cancelled: asyncio.CancelledError | None = None
        while not stopping.done():
            try:
                await asyncio.shield(stopping)
            except asyncio.CancelledError as asked:
                cancelled = asked
        stopping.result()
        if cancelled is not None:
            raise cancelled

    def _leave_folder(self) -> None:
        if not self._keep_logs:
            self.run.remove()

    def keep_logs(self) -> Path:
        """The logs outlive the stack; returns their folder."""
        self._keep_logs = True
        return self.run.path / "logs"


async def _together(*parts: Coroutine[Any, Any, None]) -> None:
    """Side by side; the first fault cancels the others and is the one that is told."""
    try:
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(part)
    except BaseExceptionGroup as faults:
        raise faults.exceptions[0] from None


def _backend(name: str, run: RunFolder) -> AbstractAsyncContextManager[Cloud]:
    if name == "localstack":
        return aws.localstack(run)
    if os.environ.get("AWS_ENDPOINT_URL"):
        return aws.elsewhere(os.environ)
    return aws.moto(run)


def _placeholders(written: Any) -> dict[str, str]:
    """What the template wants to know and nothing here depends on."""
    return {name: "local" for name, body in written.get("Parameters", {}).items() if "Default" not in body}


def _database_secret(url: str) -> str:
    address = database_from_url(url)
    return json.dumps(
        {
            "engine": "postgres",
            "host": address.host,
            "port": address.port,
            "dbname": address.dbname,
            "username": address.username,
            "password": address.password,
            "sslmode": "verify-full" if address.tls else "disable",
        }
    )


def _deployment(declared: DeclaredFunction, shared: dict[str, str], cloud: Cloud) -> Deployment:
    by_http = any(isinstance(source, RouteSource) for source in declared.sources)
    wanted = [source.concurrency or MOST_PROCESSES for source in declared.sources if isinstance(source, QueueSource)]
    most = HTTP_PROCESSES if by_http else min(MOST_PROCESSES, *wanted, MOST_PROCESSES)
    return Deployment(
        name=declared.name,
        handler=declared.handler,
        folder=declared.folder,
        layers=declared.layers,
        timeout_s=declared.timeout_s,
        memory_mb=declared.memory_mb,
        environment={**shared, **declared.environment},
        concurrency=min(most, declared.reserved or most),
        region=cloud.region,
        account=cloud.account,
    )
