"""A stand-in for Discord: the REST calls we use with Discord's own refusals, and the desk's page in front of it.

    running = await start(0, application_id="…", signing_key=key, interactions_url="http://127.0.0.1:8000/interactions")
    running.api_url                                         # for DISCORD_API_URL
    await running.ask({"path": ["stats"], "options": {"player": "Mittens"}})   # a signed interaction, its answer
    await running.stop()

What it does as Discord does: limits (`local.discord_limits`), 401 without a bot's token, 404 for an unknown channel,
one message per enforced nonce, an interaction token that nobody knows before our first answer arrived and that
ends after 15 minutes, three seconds for that first answer. `running.faults` switches trouble on.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web
from nacl.signing import SigningKey

from local.desk import asking
from local.desk.interaction import CHANNEL_ID, GUILD_ID, USERS, BadQuestion
from local.discord_faults import Call, Faults, Kind, Trouble
from local.discord_limits import command_faults, form_errors, message_faults
from local.discord_messages import Json, Memory, Upload, Webhook

ROUND_CHANNEL_ID = "1100000000000000003"
CHANNELS: Mapping[str, str] = {CHANNEL_ID: "etstats", ROUND_CHANNEL_ID: "match-results"}
UPLOAD_LIMIT = 10 * 1024 * 1024

_DESK = Path(__file__).parent / "desk"
_PAGES = {
    "/": "index.html",
    "/desk/desk.css": "desk.css",
    **{f"/desk/{one.name}": one.name for one in _DESK.glob("*.js")},
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """Discord says no: its status and its body."""

    def __init__(self, status: int, body: Json, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.status, self.body, self.headers = status, body, headers


def _refused(status: int, code: int, message: str) -> Refused:
    return Refused(status, {"message": message, "code": code})


@dataclass(slots=True, kw_only=True)
class Running:
    """The stub while it runs. *interactions_url* may be set later, once somebody listens there."""

    url: str
    interactions_url: str
    memory: Memory
    signing_key: SigningKey
    faults: Faults = field(default_factory=Faults)
    _session: ClientSession
    _runner: web.AppRunner

    @property
    def api_url(self) -> str:
        """What DISCORD_API_URL is set to."""
        return f"{self.url}/api/v10"

    async def ask(self, asked: Mapping[str, Any]) -> Json:
        """Sends the interaction *asked* for and gives what came of it; see `asking.ask`. Raises BadQuestion."""
        return await asking.ask(
            asked, memory=self.memory, key=self.signing_key, url=self.interactions_url, session=self._session
        )

    async def stop(self) -> None:
        await self._session.close()
        await self._runner.cleanup()


async def start(
    port: int,
    *,
    application_id: str,
    signing_key: SigningKey,
    interactions_url: str,
    channels: Mapping[str, str] = CHANNELS,
    clock: Callable[[], float] = time.time,
) -> Running:
    """Listens on loopback at *port* (0: any free one). *channels*: the ids that can be posted to, and their names."""
    memory = Memory(application_id=application_id, channels=channels, clock=clock)
    app = web.Application(client_max_size=UPLOAD_LIMIT + 1024 * 1024, middlewares=[_as_discord])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    running = Running(
        url="",
        interactions_url=interactions_url,
        memory=memory,
        signing_key=signing_key,
        _session=ClientSession(timeout=ClientTimeout(total=asking.PATIENCE_S)),
        _runner=runner,
    )
    _Rest(running).add_to(app)
    _Stub(running).add_to(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    try:
        await site.start()
    except OSError:
        await running.stop()
        raise
    running.url = memory.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return running


@web.middleware
async def _as_discord(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refusals and unknown addresses below /api answer in Discord's words."""
    try:
        return await handler(request)
    except Refused as no:
        return web.json_response(no.body, status=no.status, headers=no.headers)
    except web.HTTPException as fault:
        if not request.path.startswith("/api/") or fault.status < 400:
            raise
        return web.json_response({"message": f"{fault.status}: {fault.reason}", "code": 0}, status=fault.status)


class _Rest:
    """The part of Discord's API that etstats calls."""

    def __init__(self, running: Running) -> None:
        self.running, self.memory = running, running.memory

    def add_to(self, app: web.Application) -> None:
        api = "/api/v10"
        original = api + "/webhooks/{application}/{token}/messages/@original"
        app.router.add_post(api + "/channels/{channel}/messages", self.troubled(Call.POST, self.post_message))
        app.router.add_patch(original, self.troubled(Call.ORIGINAL, self.edit_original))
        app.router.add_get(original, self.troubled(Call.ORIGINAL, self.get_original))
        for place in ("/applications/{application}/commands", "/applications/{application}/guilds/{guild}/commands"):
            app.router.add_put(api + place, self.troubled(Call.COMMANDS, self.put_commands))
            app.router.add_get(api + place, self.troubled(Call.COMMANDS, self.get_commands))

    def troubled(self, call: Call, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            trouble = self.running.faults.take(call)
            if trouble is not None and trouble.kind in _ANSWERED:
                raise _ANSWERED[trouble.kind](trouble)
            if trouble is not None and trouble.kind is Kind.SLOW:
                await asyncio.sleep(trouble.retry_after_s)
            answer = await handler(request)
            if trouble is not None and trouble.kind is Kind.LOST_ANSWER and request.transport is not None:
                request.transport.abort()
            return answer

        return handle

    async def post_message(self, request: web.Request) -> web.Response:
        _need_bot(request)
        channel = request.match_info["channel"]
        if channel not in self.memory.channels:
            raise _refused(404, 10003, "Unknown Channel")
        payload, files = await _read(request)
        _check(payload, files)
        return web.json_response(self.memory.post(channel, payload, files))

    async def edit_original(self, request: web.Request) -> web.Response:
        webhook = self._webhook(request)
        payload, files = await _read(request)
        _check(payload, files, edits=True)
        message = self.memory.messages[webhook.message_id] if webhook.message_id else None
        if message is None:
            raise _refused(404, 10008, "Unknown Message")
        return web.json_response(self.memory.edit(message, payload, files))

    async def get_original(self, request: web.Request) -> web.Response:
        webhook = self._webhook(request)
        if webhook.message_id is None:
            raise _refused(404, 10008, "Unknown Message")
        return web.json_response(self.memory.messages[webhook.message_id])

    def _webhook(self, request: web.Request) -> Webhook:
        """Before the first answer arrived Discord does not know the token; after 15 minutes it is no longer valid."""
        webhook = self.memory.webhooks.get(request.match_info["token"])
        known = request.match_info["application"] == self.memory.application_id
        if webhook is None or not known or webhook.acknowledged_at_s is None:
            raise _refused(404, 10015, "Unknown Webhook")
        if self.memory.expired(webhook):
            raise _refused(401, 50027, "Invalid Webhook Token")
        return webhook

    async def put_commands(self, request: web.Request) -> web.Response:
        self._need_application(request)
        commands = await _json(request)
        if faults := command_faults(commands):
            raise Refused(400, form_errors(faults))
        assert isinstance(commands, list)
        return web.json_response(self.memory.register(commands))

    async def get_commands(self, request: web.Request) -> web.Response:
        self._need_application(request)
        return web.json_response(self.memory.commands)

    def _need_application(self, request: web.Request) -> None:
        _need_bot(request)
        if request.match_info["application"] != self.memory.application_id:
            raise _refused(403, 20012, "You are not authorized to perform this action on this application")


class _Stub:
    """What Discord does not have: the desk's page, and a look into what was posted."""

    def __init__(self, running: Running) -> None:
        self.running, self.memory = running, running.memory

    def add_to(self, app: web.Application) -> None:
        for address in _PAGES:
            app.router.add_get(address, self.page)
        app.router.add_get("/desk/state", self.state)
        app.router.add_post("/desk/interact", self.interact)
        app.router.add_get("/stub/commands", self.commands)
        app.router.add_get("/stub/channels/{channel}/messages", self.posts)
        app.router.add_post("/stub/webhooks/{token}", self.open_webhook)
        app.router.add_get("/stub/webhooks/{token}/original", self.original)
        app.router.add_get("/attachments/{attachment}", self.attachment)
        app.router.add_post("/stub/faults", self.add_fault)
        app.router.add_delete("/stub/faults", self.clear_faults)

    async def page(self, request: web.Request) -> web.FileResponse:
        headers = {
            "Content-Security-Policy": _POLICY,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        return web.FileResponse(_DESK / _PAGES[request.path], headers=headers)

    async def state(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "application": {"id": self.memory.application_id, "name": "etstats"},
                "guild_id": GUILD_ID,
                "interactions_url": self.running.interactions_url,
                "users": [user.shown() for user in USERS],
                "channels": [
                    {"id": one, "name": name} for one, name in self.memory.channels.items() if one != CHANNEL_ID
                ],
                "commands": self.memory.commands,
            }
        )

    async def interact(self, request: web.Request) -> web.Response:
        """A JSON body alone is taken, so no other site's form can ask through a visitor's browser."""
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="Send JSON.")
        asked = await _json(request)
        if not isinstance(asked, dict):
            return web.json_response({"error": "bad_question", "message": "Send a JSON object."}, status=400)
        try:
            return web.json_response(await self.running.ask(asked))
        except BadQuestion as fault:
            return web.json_response({"error": "bad_question", "message": str(fault)}, status=400)

    async def commands(self, request: web.Request) -> web.Response:
        return web.json_response(self.memory.commands)

    async def posts(self, request: web.Request) -> web.Response:
        """The channel's posts, oldest first."""
        return web.json_response(self.memory.in_channel(request.match_info["channel"]))

    async def open_webhook(self, request: web.Request) -> web.Response:
        """An interaction token the stub did not give out itself, known from now on as if it were deferred."""
        token = request.match_info["token"]
        asking.defer(self.memory, self.memory.open_webhook(token, acknowledged=True), {})
        return web.json_response({"token": token})

    async def original(self, request: web.Request) -> web.Response:
        webhook = self.memory.webhooks.get(request.match_info["token"])
        if webhook is None or webhook.message_id is None:
            raise _refused(404, 10008, "Unknown Message")
        return web.json_response(self.memory.messages[webhook.message_id])

    async def attachment(self, request: web.Request) -> web.Response:
        upload = self.memory.uploads.get(request.match_info["attachment"])
        if upload is None:
            raise web.HTTPNotFound
        picture = upload.content_type in ("image/png", "image/jpeg", "image/gif", "image/webp")
        name = re.sub(r"[^A-Za-z0-9._-]", "_", upload.name)
        headers = {
            "Content-Type": upload.content_type if picture else "application/octet-stream",
            "Content-Disposition": f'{"inline" if picture else "attachment"}; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=upload.content, headers=headers)

    async def add_fault(self, request: web.Request) -> web.Response:
        said = await _json(request)
        try:
            self.running.faults.add(Trouble(**said))  # type: ignore[arg-type]
        except (TypeError, ValueError) as fault:
            return web.json_response({"message": str(fault)}, status=400)
        return web.json_response({"listed": len(self.running.faults.listed)})

    async def clear_faults(self, request: web.Request) -> web.Response:
        self.running.faults.clear()
        return web.json_response({"listed": 0})


def _rate_limited(trouble: Trouble) -> Refused:
    body = {"message": "You are being rate limited.", "retry_after": trouble.retry_after_s, "global": False}
    headers = {
        "Retry-After": str(max(1, round(trouble.retry_after_s))),
        "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset-After": str(trouble.retry_after_s),
        "X-RateLimit-Scope": "user",
    }
    return Refused(429, body, headers)


_ANSWERED: Mapping[Kind, Callable[[Trouble], Refused]] = {
    Kind.RATE_LIMIT: _rate_limited,
    Kind.SERVER_ERROR: lambda _: _refused(500, 0, "500: Internal Server Error"),
    Kind.BAD_GATEWAY: lambda _: _refused(502, 0, "502: Bad Gateway"),
    Kind.FORBIDDEN: lambda _: _refused(403, 50013, "Missing Permissions"),
    Kind.UNKNOWN_WEBHOOK: lambda _: _refused(404, 10015, "Unknown Webhook"),
}


def _need_bot(request: web.Request) -> None:
    if not re.fullmatch(r"Bot \S+", request.headers.get("Authorization", "")):
        raise _refused(401, 0, "401: Unauthorized")


async def _json(request: web.Request) -> object:
    try:
        return await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise _refused(400, 50109, "The request body contains invalid JSON.") from None


async def _read(request: web.Request) -> tuple[Json, list[Upload]]:
    """The message's JSON and its files: a JSON body, or multipart with ``payload_json`` and ``files[n]``."""
    if request.content_type != "multipart/form-data":
        payload: object = await _json(request)
        files: list[Upload] = []
    else:
        payload, files = await _parts(request)
    if not isinstance(payload, dict):
        raise Refused(400, form_errors(message_faults(payload)))
    return payload, files


async def _parts(request: web.Request) -> tuple[object, list[Upload]]:
    payload: object = {}
    files: list[Upload] = []
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField) and re.fullmatch(r"files\[\d+\]", name):
            files.append(Upload(name=part.filename, content=part.file.read(), content_type=part.content_type))
        elif name == "payload_json":
            text = (
                part if isinstance(part, str) else bytes(part.file.read() if isinstance(part, web.FileField) else part)
            )
            try:
                payload = json.loads(text)
            except ValueError:
                raise _refused(400, 50109, "The request body contains invalid JSON.") from None
    if sum(len(upload.content) for upload in files) > UPLOAD_LIMIT:
        raise _refused(413, 40005, "Request entity too large")
    return payload, files


def _check(payload: Json, files: list[Upload], *, edits: bool = False) -> None:
    if faults := message_faults(payload):
        raise Refused(400, form_errors(faults))
    says = files or any(payload.get(key) for key in ("content", "embeds", "components", "attachments", "poll"))
    if not says and not (edits and not {"content", "embeds", "components", "attachments"} <= set(payload)):
        raise _refused(400, 50006, "Cannot send an empty message")
