"""What Discord does not have: the desk's page, what it is told while it is open, and a look into what was posted."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from local.desk import asking
from local.desk.people import GUILD_ID, USERS, BadQuestion, find_user
from local.discord_faults import Trouble
from local.discord_messages import Change, Json, Upload
from local.discord_refusals import refused
from local.discord_rest import UPLOAD_LIMIT, read_json

if TYPE_CHECKING:
    from local.discord_stub import Running

SHOWN_AT_ONCE = 50
_HEARTBEAT_S = 15.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_FOLDER = Path(__file__).parent
_PAGES = {
    "/": "index.html",
    **{f"/desk/{one.name}": one.name for kind in ("*.css", "*.js") for one in _FOLDER.glob(kind)},
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4")


@web.middleware
async def loopback_only(request: web.Request, handler: Callable[[web.Request], object]) -> web.StreamResponse:
    """A page elsewhere whose name was pointed at this machine gets nothing."""
    if urlsplit(f"//{request.host}").hostname not in _LOOPBACK:
        raise web.HTTPMisdirectedRequest(text="This is a developer's desk; it answers on loopback only.")
    answer = await handler(request)  # type: ignore[misc]
    assert isinstance(answer, web.StreamResponse)
    return answer


class Desk:
    def __init__(self, running: Running) -> None:
        self.running, self.memory = running, running.memory
        self.open: set[asyncio.Queue[bytes]] = set()

    def add_to(self, app: web.Application) -> None:
        for address in _PAGES:
            app.router.add_get(address, self.page)
        app.router.add_get("/desk/state", self.state)
        app.router.add_get("/desk/messages", self.messages)
        app.router.add_get("/desk/events", self.events)
        app.router.add_post("/desk/interact", self.interact)
        app.router.add_put("/desk/uploads/{name}", self.upload)
        app.router.add_get("/attachments/{attachment}", self.attachment)
        app.router.add_get("/stub/commands", self.commands)
        app.router.add_get("/stub/channels/{channel}/messages", self.posts)
        app.router.add_post("/stub/webhooks/{token}", self.open_webhook)
        app.router.add_get("/stub/webhooks/{token}/original", self.original)
        app.router.add_post("/stub/faults", self.add_fault)
        app.router.add_delete("/stub/faults", self.clear_faults)
        app.on_shutdown.append(self._hang_up)

    # --- the page -------------------------------------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(_FOLDER / _PAGES[request.path], headers=_HEADERS)

    async def state(self, request: web.Request) -> web.Response:
        """What *user* finds: channels, people, commands."""
        user = _asker(request)
        direct = {"id": self.memory.direct_channel(user), "name": "etstats", "direct": True}
        channels = [{"id": one, "name": name, "direct": False} for one, name in self.memory.channels.items()]
        return web.json_response(
            {
                "application": {"id": self.memory.application_id, "name": "etstats"},
                "guild_id": GUILD_ID,
                "interactions_url": self.running.interactions_url,
                "users": [one.shown() for one in USERS],
                "channels": [*channels, direct],
                "commands": self.memory.commands,
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """The latest of a channel that *user* may see, oldest first; with *before*, those before that id."""
        user, channel = _asker(request), request.query.get("channel", "")
        before = int(request.query.get("before") or 2**63)
        seen = [
            one
            for one in self.memory.messages.values()
            if one["channel_id"] == channel and int(one["id"]) < before and self.memory.visible(one, user)
        ]
        entries = [self._entry(one) for one in seen[-SHOWN_AT_ONCE:]]
        return web.json_response({"entries": entries, "more": len(seen) > SHOWN_AT_ONCE})

    def _entry(self, message: Json) -> Json:
        return {"message": message, "asked": self.memory.asked.get(message["id"], "")}

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Every change that *user* may see, as it happens (server-sent events)."""
        user = _asker(request)
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        stream = web.StreamResponse(headers=headers)
        queue: asyncio.Queue[bytes] = asyncio.Queue()

        def told(change: Change, message: Json) -> None:
            if change is Change.STATE or self.memory.visible(message, user):
                told_of = self._entry(message) if message else {}
                queue.put_nowait(f"event: {change}\ndata: {json.dumps(told_of)}\n\n".encode())

        await stream.prepare(request)
        self.memory.watchers.add(told)
        self.open.add(queue)
        try:
            await _pass_on(queue, stream)
        except ConnectionResetError:
            pass  # the page was closed
        finally:
            self.memory.watchers.discard(told)
            self.open.discard(queue)
        return stream

    async def _hang_up(self, app: web.Application) -> None:
        for queue in self.open:
            queue.put_nowait(b"")

    async def interact(self, request: web.Request) -> web.Response:
        """A JSON body alone is taken, so no other site's form can ask through a visitor's browser."""
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="Send JSON.")
        asked = await read_json(request)
        if not isinstance(asked, dict):
            return web.json_response({"error": "bad_question", "message": "Send a JSON object."}, status=400)
        try:
            return web.json_response(await self.running.ask(asked))
        except BadQuestion as fault:
            return web.json_response({"error": "bad_question", "message": str(fault)}, status=400)

    async def upload(self, request: web.Request) -> web.Response:
        """A file for an option: its bytes as the body of a PUT, which no other site's form can send."""
        content = await request.read()
        if len(content) > UPLOAD_LIMIT:
            raise refused(413, 40005, "Request entity too large")
        name = request.match_info["name"]
        upload = Upload(name=name, content=content, content_type=request.content_type)
        return web.json_response({"id": self.memory.keep_upload(upload)})

    async def attachment(self, request: web.Request) -> web.Response:
        upload = self.memory.uploads.get(request.match_info["attachment"])
        if upload is None:
            raise web.HTTPNotFound
        shown = upload.content_type in _SHOWN
        name = re.sub(r"[^A-Za-z0-9._-]", "_", upload.name)
        headers = {
            "Content-Type": upload.content_type if shown else "application/octet-stream",
            "Content-Disposition": f'{"inline" if shown else "attachment"}; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=upload.content, headers=headers)

    # --- for tests ------------------------------------------------------------------------------------------------

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
        """What was said last to an interaction: its answer, or the follow-up that took its place."""
        webhook = self.memory.webhooks.get(request.match_info["token"])
        message = self.memory.answer_to(webhook) if webhook else None
        if message is None:
            raise refused(404, 10008, "Unknown Message")
        return web.json_response(message)

    async def add_fault(self, request: web.Request) -> web.Response:
        said = await read_json(request)
        try:
            self.running.faults.add(Trouble(**said))  # type: ignore[arg-type]
        except (TypeError, ValueError) as fault:
            return web.json_response({"message": str(fault)}, status=400)
        return web.json_response({"listed": len(self.running.faults.listed)})

    async def clear_faults(self, request: web.Request) -> web.Response:
        self.running.faults.clear()
        return web.json_response({"listed": 0})


async def _pass_on(queue: asyncio.Queue[bytes], stream: web.StreamResponse) -> None:
    """Until the desk closes: what comes, and now and then a sign of life, so a closed page is noticed."""
    await stream.write(b": hello\n\n")
    while True:
        try:
            async with asyncio.timeout(_HEARTBEAT_S):
                said = await queue.get()
        except TimeoutError:
            said = b": still here\n\n"
        if not said:
            return
        await stream.write(said)


def _asker(request: web.Request) -> str:
    """Whose eyes the page looks through."""
    try:
        return find_user(request.query.get("user")).id
    except BadQuestion as fault:
        raise web.HTTPBadRequest(text=str(fault)) from None
