"""What the stub of Discord remembers: messages by channel, interaction tokens, uploaded files, registered commands.

It keeps messages the way Discord gives them back (ids, author, timestamps, attachments with addresses), tells its
watchers of every change, and knows nothing of HTTP. Times are seconds since 1970, read from the *clock* it is given.
"""

from __future__ import annotations

import copy
import itertools
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

Json = dict[str, Any]

TOKEN_LIFE_S = 15 * 60
NONCE_LIFE_S = 3 * 60
EPHEMERAL, LOADING = 64, 128
DISCORD_EPOCH_MS = 1_420_070_400_000

_SHOWN = ("content", "embeds", "components", "tts")
_EMPTY: Json = {"content": "", "embeds": [], "components": [], "tts": False}
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a message; *number* is the n of its ``files[n]``."""

    name: str
    content: bytes
    content_type: str
    number: int = 0


@dataclass(slots=True, kw_only=True)
class Webhook:
    """One interaction's token: Discord knows it once our first answer arrived, and forgets it after 15 minutes."""

    token: str
    issued_at_s: float
    acknowledged_at_s: float | None = None
    message_id: str | None = None
    interaction: Json = field(default_factory=dict)
    asked: str = ""  # what was typed
    followup_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Modal:
    """A form that an answer opened, waiting to be filled in by the one who asked."""

    data: Json
    user_id: str
    channel_id: str
    message_id: str = ""  # whose button opened it


class Change(StrEnum):
    """What watchers are told of."""

    MESSAGE = "message"  # new, or edited
    DELETED = "deleted"
    STATE = "state"  # the commands, or the channels


Watcher = Callable[[Change, Json], None]


@dataclass(slots=True)
class Memory:
    """Everything, in memory; gone when the stub stops.

    *channels* are the server's (id → name), *direct* the application's direct messages (id → the other one's id).
    *gone* and *closed*: channels that somebody deleted, or in which the application may not post any more.
    """

    application_id: str
    channels: Mapping[str, str]
    clock: Callable[[], float]
    direct: dict[str, str] = field(default_factory=dict)
    base_url: str = ""
    commands: list[Json] = field(default_factory=list)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    modals: dict[str, Modal] = field(default_factory=dict)
    messages: dict[str, Json] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    nonces: dict[tuple[str, str], tuple[str, float]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)  # a message's id → what was typed to get it
    watchers: set[Watcher] = field(default_factory=set)
    _serial: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def snowflake(self) -> str:
        """An id as Discord makes them: milliseconds since 2015, then a serial number; later ones are larger."""
        since = int(self.clock() * 1000) - DISCORD_EPOCH_MS
        return str((since << 22) | (next(self._serial) & 0x3FFFFF))

    def in_channel(self, channel_id: str) -> list[Json]:
        """The channel's own posts, oldest first; answers to interactions are not among them."""
        return [
            one
            for one in self.messages.values()
            if one["channel_id"] == channel_id and "interaction_metadata" not in one
        ]

    def visible(self, message: Json, user_id: str) -> bool:
        """A private answer is for the one who asked; direct messages are for the two who have them."""
        if message["channel_id"] in self.direct:
            return self.direct[message["channel_id"]] == user_id
        asker = message.get("interaction_metadata", {}).get("user", {}).get("id")
        return not message["flags"] & EPHEMERAL or asker == user_id

    def direct_channel(self, user_id: str) -> str:
        """The id of the application's direct messages with somebody; opened when first asked for."""
        known = next((channel for channel, other in self.direct.items() if other == user_id), None)
        if known is None:
            known = self.snowflake()
            self.direct[known] = user_id
            self._tell(Change.STATE, {})
        return known

    def post(self, channel_id: str, payload: Json, files: Sequence[Upload] = ()) -> Json:
        """A message in a channel. The same enforced nonce again within minutes gives the message that is there."""
        nonce = str(payload["nonce"]) if payload.get("enforce_nonce") and payload.get("nonce") else ""
        known, since = self.nonces.get((channel_id, nonce), ("", 0.0))
        if known in self.messages and self.clock() - since < NONCE_LIFE_S:
            return self.messages[known]
        message = self.new_message(channel_id, payload, files)
        if nonce:
            self.nonces[channel_id, nonce] = message["id"], self.clock()
        return message

    def new_message(
        self,
        channel_id: str,
        payload: Json,
        files: Sequence[Upload] = (),
        *,
        asked: str = "",
        extra: Mapping[str, object] | None = None,
    ) -> Json:
        """*asked* is what was typed to get it, *extra* what else Discord says of such a message."""
        message: Json = {
            "id": self.snowflake(),
            "type": 0,
            "channel_id": channel_id,
            "author": {"id": self.application_id, "username": "etstats", "bot": True, "discriminator": "0000"},
            "timestamp": self._now(),
            "edited_timestamp": None,
            "flags": int(payload.get("flags") or 0),
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "attachments": [],
            **copy.deepcopy(_EMPTY),
            **(extra or {}),
        }
        if payload.get("nonce"):
            message["nonce"] = payload["nonce"]
        self.messages[message["id"]] = message
        if asked:
            self.asked[message["id"]] = asked
        self._fill(message, payload, files)
        return message

    def edit(self, message: Json, payload: Json, files: Sequence[Upload] = ()) -> Json:
        """Only what *payload* names changes. A message stays as private as it was."""
        if isinstance(payload.get("attachments"), list):
            kept = {str(one.get("id")) for one in payload["attachments"]}
            message["attachments"] = [one for one in message["attachments"] if one["id"] in kept]
        message["flags"] &= ~LOADING
        message["edited_timestamp"] = self._now()
        self._fill(message, payload, files)
        return message

    def delete(self, message: Json) -> None:
        del self.messages[message["id"]]
        self._tell(Change.DELETED, message)

    def _fill(self, message: Json, payload: Json, files: Sequence[Upload]) -> None:
        for key in _SHOWN:
            if key in payload:
                shown = payload[key] if payload[key] is not None else _EMPTY[key]
                message[key] = copy.deepcopy(shown)
        listed = payload.get("attachments") or []
        described = {str(one.get("id")): one["description"] for one in listed if one.get("description")}
        message["attachments"] += [self._keep(upload, described.get(str(upload.number), "")) for upload in files]
        self._address_pictures(message)
        self._tell(Change.MESSAGE, message)

    def _keep(self, upload: Upload, description: str) -> Json:
        attachment_id = self.keep_upload(upload)
        kept = self.attachment(attachment_id, upload)
        return {**kept, "description": description} if description else kept

    def keep_upload(self, upload: Upload) -> str:
        """Stores the file; its id."""
        attachment_id = self.snowflake()
        self.uploads[attachment_id] = upload
        return attachment_id

    def attachment(self, attachment_id: str, upload: Upload) -> Json:
        """Discord's attachment object."""
        kind = upload.content_type or mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
        return {
            "id": attachment_id,
            "filename": upload.name,
            "size": len(upload.content),
            "content_type": kind,
            "url": f"{self.base_url}/attachments/{attachment_id}",
            "proxy_url": f"{self.base_url}/attachments/{attachment_id}",
            **_measures(upload.content),
        }

    def _address_pictures(self, message: Json) -> None:
        """attachment://name in an embed becomes the uploaded file's address, as Discord does."""
        files = {f"attachment://{one['filename']}": one for one in message["attachments"]}
        for embed in message["embeds"]:
            embed["type"] = "rich"
            for key in ("image", "thumbnail"):
                if key in embed and (file := files.get(embed[key]["url"])):
                    measures = {side: file[side] for side in ("width", "height") if side in file}
                    embed[key] |= {"url": file["url"], **measures}

    def _now(self) -> str:
        return datetime.fromtimestamp(self.clock(), UTC).isoformat()

    def open_webhook(
        self, token: str, *, acknowledged: bool = False, interaction: Json | None = None, asked: str = ""
    ) -> Webhook:
        """A token Discord just gave out; unanswered until *acknowledged*."""
        now = self.clock()
        at = now if acknowledged else None
        webhook = Webhook(
            token=token, issued_at_s=now, acknowledged_at_s=at, interaction=interaction or {}, asked=asked
        )
        self.webhooks[token] = webhook
        return webhook

    def answer_to(self, webhook: Webhook) -> Json | None:
        """The latest that was said: the answer itself, or a follow-up when that was taken away."""
        ids = [webhook.message_id, *webhook.followup_ids]
        return next((self.messages[one] for one in reversed(ids) if one in self.messages), None)

    def expired(self, webhook: Webhook) -> bool:
        return self.clock() - webhook.issued_at_s > TOKEN_LIFE_S

    def register(self, commands: list[Json]) -> list[Json]:
        """Every command of the application anew, as the PUT does; returns them with ids."""
        self.commands = [
            {
                "type": 1,
                **copy.deepcopy(command),
                "id": self.snowflake(),
                "application_id": self.application_id,
                "version": self.snowflake(),
            }
            for command in commands
        ]
        self._tell(Change.STATE, {})
        return self.commands

    def _tell(self, change: Change, message: Json) -> None:
        for watcher in tuple(self.watchers):
            watcher(change, message)


def _measures(content: bytes) -> Json:
    """A PNG's width and height, which stand in its first chunk."""
    if not content.startswith(_PNG) or len(content) < 24:
        return {}
    return {"width": int.from_bytes(content[16:20], "big"), "height": int.from_bytes(content[20:24], "big")}
