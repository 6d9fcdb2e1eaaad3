"""Questions as Discord sends them, by as many people as wanted, and the connections they come over."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import etstats.commands.catalogue  # noqa: F401  # declares the commands
from etstats.commands.registry import Command, Option, Takes
from etstats.domain.link import Proof
from etstats.storage import link
from etstats.storage.database import Database
from local.desk.asking import defer
from local.desk.interaction import as_bytes, build, sign
from local.desk.people import USERS
from local.stack import Stack

_FIRST_USER = 1_200_000_000_000_000_000
_LINKED = USERS[1].id


class Asking:
    """*db* has the archive that is asked about."""

    def __init__(self, stack: Stack, db: Database) -> None:
        self._stack = stack
        self._given = _given(db)
        self._users = 0
        _link(db)

    def ping(self) -> bytes:
        return as_bytes(build({"kind": "ping"}, self._stack.discord.memory))

    def question(self, command: Command) -> bytes:
        """By somebody new, so that nobody waits for a cool-down."""
        self._users += 1
        interaction = build(_asked(command, self._given), self._stack.discord.memory)
        interaction["member"]["user"]["id"] = str(_FIRST_USER + self._users)
        return as_bytes(interaction)

    def promise(self, body: bytes) -> None:
        """Our Discord takes what follows on *body*, as it does once it was told “thinking…”."""
        interaction, memory = json.loads(body), self._stack.discord.memory
        defer(memory, memory.open_webhook(interaction["token"], acknowledged=True, interaction=interaction), {})

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers of *body*, signed now."""
        return sign(self._stack.signing_key, body, str(int(time.time())))

    def as_http(self, body: bytes) -> bytes:
        """The whole request, signed now."""
        url = urlsplit(self._stack.interactions_url)
        headers = {"Host": url.netloc, "Content-Length": str(len(body)), **self.signed(body)}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST {url.path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def _given(db: Database) -> Mapping[str, object]:
    """What is typed into options: names in full, so that finding them is part of it."""
    name, another = db.values("select name from player order by last_at desc, rounds desc, guid limit 2")
    return {"player": name, "a": name, "b": another, "user": _LINKED, "name": "Nick"}


def _link(db: Database) -> None:
    """Somebody in whose menu the commands are chosen."""
    (guid,) = db.values("select guid from player order by last_at desc, rounds desc, guid limit 1")
    now = datetime.now(UTC)
    link.claim(db, _LINKED, str(guid), code="00000", now=now)
    link.prove(db, _LINKED, Proof.ADMIN)
    link.link_first(db, _LINKED, now=now)


def _asked(command: Command, given: Mapping[str, object]) -> dict[str, object]:
    if command.on_user:
        return {"kind": "user_command", "name": command.name, "target": _LINKED}
    return {"path": command.name.split(), "options": options_of(command, given)}


def options_of(command: Command, given: Mapping[str, object]) -> dict[str, object]:
    """What is *given* of its options, and whatever else it needs."""
    wanted = (option for option in command.options if option.required or option.name in given)
    return {option.name: given[option.name] if option.name in given else _some(option) for option in wanted}


def _some(option: Option) -> object:
    """What is needed and nothing is given for: the first choice, or any word."""
    if option.takes is Takes.BOOLEAN:
        return True
    if option.takes in (Takes.USER, Takes.CHANNEL):
        return _LINKED
    return option.choices[0].value if option.choices else "word"


class Line:
    """One kept connection to the front, as cheap as can be: who measures should not be what is measured."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, http: bytes) -> float:
        """Milliseconds until the whole answer is here. Raises RuntimeError for anything but 200."""
        began = time.perf_counter()
        self._writer.write(http)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        body = await self._reader.readexactly(int(length.partition(b":")[2]))
        took_ms = (time.perf_counter() - began) * 1000
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"{head.decode()}{body.decode()}")
        return took_ms


@asynccontextmanager
async def lines(stack: Stack, number: int) -> AsyncIterator[list[Line]]:
    url = urlsplit(stack.interactions_url)
    opened = [await asyncio.open_connection(url.hostname, url.port) for _ in range(number)]
    try:
        yield [Line(*one) for one in opened]
    finally:
        for _, writer in opened:
            writer.close()
