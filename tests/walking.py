"""Asks our commands as the desk does, without HTTP: the answer, and what a deferral promised, checked as Discord would.

Everything that goes to Discord on the way is held against both opinions on what it takes (`tests/discord_spec.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn

from etstats.commands import catalogue  # noqa: F401  # declares the commands
from etstats.commands.answering import Answerer
from etstats.commands.follow_up import follow_up
from etstats.commands.question import Render, Tools
from etstats.commands.registration import registration
from etstats.config import GameServer
from etstats.domain.backup import Backup
from etstats.gateways.rcon import GamePort
from etstats.interactions import request
from etstats.interactions.reply import Message, Seal, message_json
from etstats.storage.database import Database
from etstats.usecases.amend import Amender
from etstats.usecases.control_server import Controller
from etstats.usecases.render_highlight import Renders
from etstats.usecases.take_attachment import Intake
from local.desk.asking import channel_of, origin, settle
from local.desk.interaction import as_bytes, build
from local.desk.people import CHANNELS, USERS
from local.discord_messages import Json, Memory, Upload, Webhook
from tests.discord_spec import answer_refusals, edit_refusals
from tests.fakes import FakeBucket, FakeWeb

ROOTS = (USERS[0].id,)


def no_packages() -> NoReturn:
    raise AssertionError("no package of maps is brought or taken away here")


KEY = b"a key for custom_ids, of thirty-two."
# what tickets are sealed with is told by their own tests
INTAKE = Intake(bucket=FakeBucket, web=FakeWeb, seal=lambda _: "1.2.3", page_url="https://a.example/upload")
RENDERS = Renders(bucket=FakeBucket, seal=lambda _: "1.2.3", url="https://a.example/render")


@dataclass(slots=True, kw_only=True)
class Desk:
    """*ask* is what `scripts.surface.Walk` wants."""

    db: Database
    render: Render
    control_db: Database | None = None  # a connection of its own, where orders are given
    known: tuple[GameServer, ...] = ()
    start: Callable[[GameServer], None] = lambda _: None
    memory: Memory = field(
        default_factory=lambda: Memory(application_id="1100000000000000099", channels=CHANNELS, clock=time.time)
    )
    queue: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.memory.register([dict(one) for one in registration()])

    def control(self) -> Controller:
        return Controller(
            db=self.control_db or self.db, known=self.known, start=self.start, now=lambda: datetime.now(UTC),
            port=lambda server: GamePort(server=server, password=lambda: "local"), wait=lambda _: None, roots=ROOTS,
            amending=lambda: Amender(db=self.control_db or self.db, now=lambda: datetime.now(UTC)),
            packages=no_packages,
        )  # fmt: skip

    def tools(self) -> Tools:
        return Tools(
            control=self.control, render=self.render, intake=lambda: INTAKE, renders=lambda: RENDERS,
            back_up=lambda told: Backup(key="backups/now", rows=1, size=1_024),
        )  # fmt: skip

    def send(self, body: dict[str, object]) -> None:
        """What the front function hands over."""
        self.queue.append(body)

    def ask(self, asked: Json) -> Json:
        self.db.run("delete from cooldown")  # whoever walks does not wait
        interaction = build(asked, self.memory)
        webhook = self.memory.open_webhook(interaction["token"], interaction=interaction)
        body = as_bytes(interaction)
        answerer = Answerer(
            db=lambda: self.db, key=lambda: KEY, followups=lambda: self, control=self.control, roots=ROOTS
        )
        answer = answerer.respond(request.read(body), body)
        result: Json = {"response": answer, "request": interaction, "message": None, "error": "", "faults": []}
        result["faults"] = answer_refusals(answer)
        if not result["faults"]:
            settle(result, webhook, self.memory)
        if result["faults"]:
            return {**result, "error": "refused"}
        return self._finished(result, webhook)

    def _finished(self, result: Json, webhook: Webhook) -> Json:
        telling = _Telling(memory=self.memory, webhook=webhook)
        while self.queue:
            asked = request.read(as_bytes(dict(self.queue.pop())))
            follow_up(
                asked, db=self.db, webhook=telling, key=lambda: KEY, now=datetime.now(UTC), tools=self.tools(),
                roots=ROOTS,
            )  # fmt: skip
            result["message"] = self.memory.answer_to(webhook)
        faults = telling.faults
        return {**result, "error": "refused" if faults else "", "faults": faults}


@dataclass(slots=True, kw_only=True)
class _Telling:
    """Discord's webhook of one interaction."""

    memory: Memory
    webhook: Webhook
    faults: list[str] = field(default_factory=list)

    def edit_original(self, application_id: str, token: str, message: Message, *, seal: Seal) -> None:
        payload = message_json(message, seal)
        payload.pop("flags", None)
        self.faults += edit_refusals(payload)
        self.memory.edit(self.memory.messages[str(self.webhook.message_id)], payload, _uploads(message))

    def say_aside(self, application_id: str, token: str, message: Message, *, seal: Seal, replacing: bool) -> None:
        payload = message_json(message, seal)
        self.faults += answer_refusals({"type": 4, "data": payload})
        if replacing:
            self.memory.delete(self.memory.messages[str(self.webhook.message_id)])
        extra: dict[str, Any] = origin(self.webhook.interaction)
        told = self.memory.new_message(channel_of(self.webhook), payload, _uploads(message), extra=extra)
        self.webhook.followup_ids.append(told["id"])


def _uploads(message: Message) -> list[Upload]:
    return [
        Upload(name=file.name, content=file.content, content_type=file.media_type, number=number)
        for number, file in enumerate(message.files)
    ]
