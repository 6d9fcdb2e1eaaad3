"""The part of Discord's REST API that an application like etstats calls, with Discord's own refusals.

Posts in channels and direct messages (create, edit, delete), an interaction's answer and its follow-ups, the registered
commands. https://discord.com/developers/docs/reference
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from local.desk.asking import channel_of, origin
from local.desk.people import CHANNEL_ID, GUILD_ID, USERS, direct_channel, text_channel
from local.discord_faults import Call, Faults, Kind
from local.discord_limits import command_faults, form_errors, message_faults
from local.discord_messages import Json, Memory, Upload, Webhook
from local.discord_refusals import ANSWERED, Refused, refused

API = "/api/v10"
UPLOAD_LIMIT = 10 * 1024 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Rest:
    def __init__(self, memory: Memory, faults: Faults) -> None:
        self.memory, self.faults = memory, faults

    def add_to(self, app: web.Application) -> None:
        messages = "/channels/{channel}/messages"
        followups = "/webhooks/{application}/{token}"
        routes: tuple[tuple[str, str, Call, Handler], ...] = (
            ("POST", "/users/@me/channels", Call.POST, self.open_direct_channel),
            ("GET", "/channels/{channel}", Call.READ, self.get_channel),
            ("GET", "/guilds/{guild}", Call.READ, self.get_guild),
            ("GET", "/guilds/{guild}/channels", Call.READ, self.get_channels),
            ("GET", "/guilds/{guild}/members/{user}", Call.READ, self.get_member),
            ("GET", messages, Call.READ, self.get_messages),
            ("POST", messages, Call.POST, self.post_message),
            ("PATCH", messages + "/{message}", Call.EDIT, self.edit_post),
            ("DELETE", messages + "/{message}", Call.POST, self.delete_post),
            ("POST", followups, Call.ORIGINAL, self.post_followup),
            ("GET", followups + "/messages/{message}", Call.ORIGINAL, self.get_answer),
            ("PATCH", followups + "/messages/{message}", Call.ORIGINAL, self.edit_answer),
            ("DELETE", followups + "/messages/{message}", Call.ORIGINAL, self.delete_answer),
            ("PUT", "/applications/{application}/commands", Call.COMMANDS, self.put_commands),
            ("GET", "/applications/{application}/commands", Call.COMMANDS, self.get_commands),
            ("PUT", "/applications/{application}/guilds/{guild}/commands", Call.COMMANDS, self.put_commands),
            ("GET", "/applications/{application}/guilds/{guild}/commands", Call.COMMANDS, self.get_commands),
        )
        for method, path, call, handler in routes:
            app.router.add_route(method, API + path, self._troubled(call, handler))

    def _troubled(self, call: Call, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            trouble = self.faults.take(call)
            if trouble is not None and trouble.kind in ANSWERED:
                raise ANSWERED[trouble.kind](trouble)
            if trouble is not None and trouble.kind is Kind.SLOW:
                await asyncio.sleep(trouble.retry_after_s)
            answer = await handler(request)
            if trouble is not None and trouble.kind is Kind.LOST_ANSWER and request.transport is not None:
                request.transport.abort()
            return answer

        return handle

    # --- channels -------------------------------------------------------------------------------------------------

    async def open_direct_channel(self, request: web.Request) -> web.Response:
        _need_bot(request)
        said = await read_json(request)
        wanted = said.get("recipient_id") if isinstance(said, dict) else None
        user = next((one for one in USERS if one.id == wanted), None)
        if user is None:
            raise refused(400, 50033, "Invalid Recipient(s)")
        return web.json_response(direct_channel(self.memory.direct_channel(user.id), user))

    async def get_channel(self, request: web.Request) -> web.Response:
        _need_bot(request)
        channel = self._channel(request)
        if other := self.memory.direct.get(channel):
            return web.json_response(direct_channel(channel, next(one for one in USERS if one.id == other)))
        return web.json_response(text_channel(channel, self.memory.channels[channel]))

    async def get_guild(self, request: web.Request) -> web.Response:
        _need_bot(request)
        if request.match_info["guild"] != GUILD_ID:
            raise refused(404, 10004, "Unknown Guild")
        return web.json_response({"id": GUILD_ID, "owner_id": USERS[0].id, "system_channel_id": CHANNEL_ID})

    async def get_channels(self, request: web.Request) -> web.Response:
        _need_bot(request)
        if request.match_info["guild"] != GUILD_ID:
            raise refused(404, 10004, "Unknown Guild")
        return web.json_response([text_channel(*one) for one in self.memory.channels.items()])

    async def get_member(self, request: web.Request) -> web.Response:
        _need_bot(request)
        user = next((one for one in USERS if one.id == request.match_info["user"]), None)
        if request.match_info["guild"] != GUILD_ID or user is None:
            raise refused(404, 10007, "Unknown Member")
        return web.json_response(user.present_member())

    def _channel(self, request: web.Request) -> str:
        channel = request.match_info["channel"]
        known = channel in self.memory.channels or channel in self.memory.direct
        if not known or channel in self.memory.gone:
            raise refused(404, 10003, "Unknown Channel")
        if channel in self.memory.closed:
            raise refused(403, 50013, "Missing Permissions")
        return channel

    # --- posts ----------------------------------------------------------------------------------------------------

    async def get_messages(self, request: web.Request) -> web.Response:
        """Of those after *after* the earliest, the latest first, as Discord gives them: without their nonce."""
        _need_bot(request)
        channel, after = self._channel(request), int(request.query.get("after", "0"))
        newer = sorted((one for one in self.memory.in_channel(channel) if int(one["id"]) > after), key=_number)
        page = newer[: int(request.query.get("limit", "50"))]
        return web.json_response(
            [{key: value for key, value in one.items() if key != "nonce"} for one in reversed(page)]
        )

    async def post_message(self, request: web.Request) -> web.Response:
        _need_bot(request)
        channel = self._channel(request)
        payload, files = await _read(request)
        _check(payload, files)
        return web.json_response(self.memory.post(channel, payload, files))

    async def edit_post(self, request: web.Request) -> web.Response:
        _need_bot(request)
        message = self._post(request)
        payload, files = await _read(request)
        _check(payload, files, edits=True)
        return web.json_response(self.memory.edit(message, payload, files))

    async def delete_post(self, request: web.Request) -> web.Response:
        _need_bot(request)
        self.memory.delete(self._post(request))
        return web.Response(status=204)

    def _post(self, request: web.Request) -> Json:
        channel = self._channel(request)
        message = self.memory.messages.get(request.match_info["message"])
        if message is None or message["channel_id"] != channel:
            raise refused(404, 10008, "Unknown Message")
        return message

    # --- answers to interactions ----------------------------------------------------------------------------------

    async def post_followup(self, request: web.Request) -> web.Response:
        webhook = self._webhook(request)
        payload, files = await _read(request)
        _check(payload, files)
        extra = origin(webhook.interaction)
        message = self.memory.new_message(channel_of(webhook), payload, files, asked=webhook.asked, extra=extra)
        webhook.followup_ids.append(message["id"])
        return web.json_response(message)

    async def get_answer(self, request: web.Request) -> web.Response:
        webhook = self._webhook(request)
        return web.json_response(self._answer(webhook, request.match_info["message"]))

    async def edit_answer(self, request: web.Request) -> web.Response:
        webhook = self._webhook(request)
        payload, files = await _read(request)
        _check(payload, files, edits=True)
        message = self._answer(webhook, request.match_info["message"])
        return web.json_response(self.memory.edit(message, payload, files))

    async def delete_answer(self, request: web.Request) -> web.Response:
        webhook = self._webhook(request)
        self.memory.delete(self._answer(webhook, request.match_info["message"]))
        return web.Response(status=204)

    def _webhook(self, request: web.Request) -> Webhook:
        """Before the first answer arrived Discord does not know the token; after 15 minutes it is no longer valid."""
        webhook = self.memory.webhooks.get(request.match_info["token"])
        known = request.match_info["application"] == self.memory.application_id
        if webhook is None or not known or webhook.acknowledged_at_s is None:
            raise refused(404, 10015, "Unknown Webhook")
        if self.memory.expired(webhook):
            raise refused(401, 50027, "Invalid Webhook Token")
        return webhook

    def _answer(self, webhook: Webhook, which: str) -> Json:
        """The interaction's own answer, or one of its follow-ups by id."""
        wanted = webhook.message_id if which == "@original" else which
        message = self.memory.messages.get(wanted or "")
        if message is None:
            raise refused(404, 10008, "Unknown Message")
        return message

    # --- commands -------------------------------------------------------------------------------------------------

    async def put_commands(self, request: web.Request) -> web.Response:
        self._need_application(request)
        commands = await read_json(request)
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
            raise refused(403, 20012, "You are not authorized to perform this action on this application")


def _need_bot(request: web.Request) -> None:
    if not re.fullmatch(r"Bot \S+", request.headers.get("Authorization", "")):
        raise refused(401, 0, "401: Unauthorized")


async def read_json(request: web.Request) -> object:
    """The request's body. Raises Refused."""
    try:
        return await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise refused(400, 50109, "The request body contains invalid JSON.") from None


async def _read(request: web.Request) -> tuple[Json, list[Upload]]:
    """The message's JSON and its files: a JSON body, or multipart with ``payload_json`` and ``files[n]``."""
    if request.content_type != "multipart/form-data":
        payload: object = await read_json(request)
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
        numbered = re.fullmatch(r"files\[(\d+)\]", name)
        if isinstance(part, web.FileField) and numbered:
            content = part.file.read()
            kind, number = part.content_type, int(numbered[1])
            files.append(Upload(name=part.filename, content=content, content_type=kind, number=number))
        elif name == "payload_json":
            payload = _payload(part)
    if sum(len(upload.content) for upload in files) > UPLOAD_LIMIT:
        raise refused(413, 40005, "Request entity too large")
    return payload, files


def _payload(part: str | bytes | bytearray | web.FileField) -> object:
    text = part.file.read() if isinstance(part, web.FileField) else part
    try:
        return json.loads(text)
    except ValueError:
        raise refused(400, 50109, "The request body contains invalid JSON.") from None


def _check(payload: Json, files: list[Upload], *, edits: bool = False) -> None:
    if faults := message_faults(payload):
        raise Refused(400, form_errors(faults))
    _check_files(payload, files, edits=edits)
    says = files or any(payload.get(key) for key in ("content", "embeds", "components", "attachments", "poll"))
    if not says and not (edits and not {"content", "embeds", "components", "attachments"} <= set(payload)):
        raise refused(400, 50006, "Cannot send an empty message")


def _check_files(payload: Json, files: list[Upload], *, edits: bool) -> None:
    """A listed attachment came as files[n], or is one that an edit keeps."""
    came = {str(upload.number) for upload in files}
    for number, listed in enumerate(payload.get("attachments") or []):
        kept = edits and len(str(listed["id"])) >= 17  # a snowflake
        if str(listed["id"]) not in came and not kept:
            words = f"Attachment data cannot be found for id {listed['id']}"
            said = {"_errors": [{"code": "ATTACHMENT_NOT_FOUND", "message": words}]}
            errors = {"attachments": {str(number): said}}
            raise Refused(400, {"code": 50035, "errors": errors, "message": "Invalid Form Body"})


def _number(message: Json) -> int:
    return int(message["id"])
