"""Discord's REST API, as far as we use it.

Raises DiscordUnavailable for what may work later (network, 5xx, 429 with a long wait: `retry_after_s` says how long,
`everywhere` whether all calls must wait) and DiscordRefused for what Discord will not do (no such channel, no
permission, a token past its 15 minutes). No token is ever part of an error's message.
"""

from __future__ import annotations

import http.client
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from etstats.errors import DiscordRefused, DiscordUnavailable
from etstats.interactions.reply import Attachment, Message, Seal, edit_json, message_json

TIMEOUT_S = 5
USER_AGENT = "DiscordBot (https://etstats.invalid, 0.1.0)"  # the form Discord asks for
# a deferral and its follow-up may overtake each other inside Discord: 404 for some seconds
ORIGINAL_WAITS_S = (0.5, 1.0, 1.5, 2.0, 2.5, 2.5)
# a short wait is waited here, a longer one is the queue's
LONGEST_WAIT_S = 3.0
_TRIES = 3
_PAGE = 100  # messages that Discord shows at a time
_PAGES = 5
_EPOCH_MS = 1_420_070_400_000  # an id carries its time in milliseconds since 2015


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    said: object
    retry_after_s: float = 1.0
    everywhere: bool = False

    @property
    def told(self) -> dict[str, object]:
        return self.said if isinstance(self.said, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Discord:
    """*bot_token* is asked for only by the calls that need it; *sleep* is for tests."""

    url: str
    bot_token: Callable[[], str]
    sleep: Callable[[float], None] = time.sleep

    def create_message(self, channel_id: str, message: Message, *, seal: Seal, nonce: str) -> str:
        """Posts and returns the message's id. The same *nonce* again within minutes posts nothing new."""
        payload = message_json(message, seal) | {"nonce": nonce, "enforce_nonce": True}
        return _id(self._call("POST", f"/channels/{channel_id}/messages", payload, files=message.files, as_bot=True))

    def edit_message(self, channel_id: str, message_id: str, message: Message, *, seal: Seal) -> None:
        """The message becomes this one."""
        path = f"/channels/{channel_id}/messages/{message_id}"
        self._call("PATCH", path, message_json(message, seal), files=message.files, as_bot=True)

    def find_message(self, channel_id: str, message: Message, *, seal: Seal, since: datetime) -> str | None:
        """The id of this very message where the channel has it *since* then: its buttons are like no other's, and
        where it has none, its text is."""
        wanted = message_json(message, seal)
        return next((_id(one) for one in self._messages(channel_id, since) if _is_same(wanted, one)), None)

    def _messages(self, channel_id: str, since: datetime) -> Iterator[dict[str, object]]:
        """A channel's messages, as many as Discord shows in a few looks."""
        after = max(0, int(since.timestamp() * 1000) - _EPOCH_MS) << 22
        for _ in range(_PAGES):
            path = f"/channels/{channel_id}/messages?after={after}&limit={_PAGE}"
            said = self._call("GET", path, None, files=(), as_bot=True)
            found = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
            yield from found
            if len(found) < _PAGE:
                return
            after = max(int(_id(one)) for one in found)

    def direct_channel(self, user_id: str) -> str:
        """Where the bot talks to the user alone."""
        recipient = {"recipient_id": user_id}
        return _id(self._call("POST", "/users/@me/channels", recipient, files=(), as_bot=True))

    def admin_channels(self, guild_id: str, user_id: str) -> tuple[str, ...]:
        """Where the bot talks to the user alone, or without one to the server's owner; and where its notices go."""
        guild = self._call("GET", f"/guilds/{guild_id}", None, files=(), as_bot=True)
        told = guild if isinstance(guild, dict) else {}
        alone = self.direct_channel(user_id or str(told.get("owner_id", "")))
        return tuple(str(place) for place in (alone, told.get("system_channel_id")) if place)

    def edit_original(self, application_id: str, token: str, message: Message, *, seal: Seal) -> None:
        """Fills in an answer that was put off. Asks again for about ten seconds while Discord does not know it yet."""
        self._original("PATCH", _webhook(application_id, token), edit_json(message, seal), files=message.files)

    def say_aside(self, application_id: str, token: str, message: Message, *, seal: Seal, replacing: bool) -> None:
        """A message for the caller alone. *replacing*: “thinking…”, which everybody sees, goes away first."""
        webhook = _webhook(application_id, token)
        if replacing:
            try:
                self._original("DELETE", webhook, None, files=())
            except DiscordRefused as fault:
                if fault.status != 404:  # an earlier try came as far as this
                    raise
        payload = message_json(replace(message, private=True), seal)
        self._call("POST", webhook, payload, files=message.files, as_bot=False)

    def _original(self, method: str, webhook: str, payload: object, *, files: tuple[Attachment, ...]) -> None:
        path = f"{webhook}/messages/@original"
        for wait_s in ORIGINAL_WAITS_S:
            try:
                self._call(method, path, payload, files=files, as_bot=False)
            except DiscordRefused as fault:
                if fault.status != 404:
                    raise
                self.sleep(wait_s)
            else:
                return
        self._call(method, path, payload, files=files, as_bot=False)

    def known_commands(self, application_id: str, *, guild_id: str = "") -> list[dict[str, object]]:
        """The application's commands as Discord has them: those of one server, or those for all."""
        path = f"{_commands(application_id, guild_id)}?with_localizations=true"
        said = self._call("GET", path, None, files=(), as_bot=True)
        return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []

    def roles_of(self, guild_id: str, user_id: str) -> tuple[str, ...] | None:
        """The roles somebody has; None: he is not on that server. Empty where we are no member of it ourselves."""
        try:
            said = self._call("GET", f"/guilds/{guild_id}/members/{user_id}", None, files=(), as_bot=True)
        except DiscordRefused as fault:
            if fault.status == 404:
                return None
            if fault.status == 403:
                return ()
            raise
        roles = said.get("roles") if isinstance(said, dict) else None
        return tuple(str(one) for one in roles) if isinstance(roles, list) else ()

    def register_commands(
        self, application_id: str, commands: Sequence[dict[str, object]], *, guild_id: str = ""
    ) -> int:
        """Replaces the application's commands, in one server or for all; how many there are now."""
        self._call("PUT", _commands(application_id, guild_id), list(commands), files=(), as_bot=True)
        return len(commands)

    def _call(self, method: str, path: str, payload: object, *, files: tuple[Attachment, ...], as_bot: bool) -> object:
        body, content_type = _body(payload, files)
        headers = {"User-Agent": USER_AGENT} | ({"Content-Type": content_type} if body else {})
        if as_bot:
            headers["Authorization"] = f"Bot {self.bot_token()}"
        for _ in range(_TRIES):
            answer = self._once(method, path, body, headers)
            if answer.status != 429:
                return _said(answer)
            if answer.retry_after_s > LONGEST_WAIT_S:
                break
            self.sleep(answer.retry_after_s)
        raise DiscordUnavailable(
            "Discord asks us to wait.",
            retry_after_s=answer.retry_after_s,
            everywhere=answer.everywhere,
            was_taken=False,
        )

    def _once(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> _Answer:
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
        try:
            connection.request(method, parts.path.rstrip("/") + path, body, headers)
            response = connection.getresponse()
            return _read(response.status, response.read(), dict(response.getheaders()))
        except (OSError, http.client.HTTPException) as fault:
            # `from None`: a fault of http.client may carry the path, and the path a token
            raise DiscordUnavailable(f"Discord does not answer ({type(fault).__name__}).") from None
        finally:
            connection.close()


def _commands(application_id: str, guild_id: str) -> str:
    where = f"/guilds/{guild_id}" if guild_id else ""
    return f"/applications/{application_id}{where}/commands"


def _webhook(application_id: str, token: str) -> str:
    return f"/webhooks/{application_id}/{quote(token, safe='')}"


def _read(status: int, body: bytes, headers: Mapping[str, str]) -> _Answer:
    try:
        said = json.loads(body) if body else {}
    except ValueError:
        said = {}
    told = said if isinstance(said, dict) else {}
    wait = told.get("retry_after", headers.get("Retry-After"))
    try:
        retry_after_s = max(0.0, float(wait or 1))
    except (TypeError, ValueError):
        retry_after_s = 1.0
    everywhere = told.get("global") is True or headers.get("X-RateLimit-Scope") == "global"
    return _Answer(status=status, said=said, retry_after_s=retry_after_s, everywhere=everywhere)


def _said(answer: _Answer) -> object:
    if answer.status < 300:
        return answer.said
    if answer.status >= 500:
        raise DiscordUnavailable(f"Discord is in trouble (HTTP {answer.status}).")
    code = answer.told.get("code")
    words = str(answer.told.get("message", ""))[:200]
    raise DiscordRefused(
        f"Discord refused (HTTP {answer.status}): {words or 'no reason given'}",
        status=answer.status,
        code=code if isinstance(code, int) else 0,
    )


def _id(said: object) -> str:
    return str(said.get("id", "")) if isinstance(said, dict) else ""


def _is_same(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    ours, theirs = _button_ids(wanted), _button_ids(found)
    if ours or theirs:
        return ours == theirs
    return bool(wanted.get("content")) and wanted["content"] == found.get("content")


def _button_ids(message: Mapping[str, Any]) -> set[str]:
    rows = message.get("components") or ()
    return {str(one["custom_id"]) for row in rows for one in row.get("components") or () if "custom_id" in one}


def _body(payload: object, files: tuple[Attachment, ...]) -> tuple[bytes, str]:
    """JSON, or with files a multipart form as Discord takes it; nothing for a question."""
    if payload is None:
        return b"", ""
    if not files:
        return json.dumps(payload).encode(), "application/json"
    boundary = secrets.token_hex(16)
    parts = [_part(boundary, 'name="payload_json"', "application/json", json.dumps(payload).encode())]
    for number, file in enumerate(files):
        name = f'name="files[{number}]"; filename="{quote(file.name)}"'
        parts.append(_part(boundary, name, file.media_type, file.content))
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _part(boundary: str, disposition: str, media_type: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\nContent-Type: {media_type}\r\n\r\n"
    return head.encode() + content + b"\r\n"
