"""Builds an interaction as Discord would send it, from the little that the desk's page says, and signs it.

The page (or the demo) says ``{"kind": "command", "path": ["stats", "player"], "options": {"name": "x"}, "user": "…"}``;
the function on the other side gets the whole object, signed over timestamp and body with a throw-away key.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nacl.signing import SigningKey

from local.discord_messages import Json, Memory

GUILD_ID = "1100000000000000001"
CHANNEL_ID = "1100000000000000002"
PING, COMMAND, COMPONENT, AUTOCOMPLETE = 1, 2, 3, 4
SUB_COMMAND, SUB_COMMAND_GROUP, STRING, INTEGER, BOOLEAN, NUMBER = 1, 2, 3, 4, 5, 10

_ADMINISTRATOR = (1 << 53) - 1
_MEMBER = 1 << 10 | 1 << 11 | 1 << 15 | 1 << 16 | 1 << 31  # see, send, attach, read history, use commands


class BadQuestion(ValueError):
    """The page asked for something no Discord client could send; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskUser:
    """A throw-away person to act as."""

    id: str
    username: str
    nick: str
    permissions: int

    def shown(self) -> Json:
        admin = self.permissions == _ADMINISTRATOR
        return {"id": self.id, "username": self.username, "name": self.nick, "admin": admin}


USERS = (
    DeskUser(id="1100000000000000011", username="sarge", nick="Sarge", permissions=_ADMINISTRATOR),
    DeskUser(id="1100000000000000012", username="private_doe", nick="Private Doe", permissions=_MEMBER),
    DeskUser(id="1100000000000000013", username="sapper", nick="Säpper ツ", permissions=_MEMBER),
    DeskUser(id="1100000000000000014", username="everyone_", nick="@everyone **<&>**", permissions=_MEMBER),
)


def build(asked: Mapping[str, Any], memory: Memory) -> Json:
    """The interaction *asked* for, with a new id and token. Raises BadQuestion."""
    builders = {"ping": _ping, "command": _command, "autocomplete": _autocomplete, "component": _component}
    kind = str(asked.get("kind", "command"))
    if kind not in builders:
        raise BadQuestion(f"There is no interaction of kind “{kind}”. Kinds: {', '.join(builders)}.")
    return {**_envelope(asked, memory), **builders[kind](asked, memory)}


def sign(key: SigningKey, body: bytes, timestamp: str) -> dict[str, str]:
    """The headers Discord sends with *body*."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)",
        "X-Signature-Ed25519": key.sign(timestamp.encode() + body).signature.hex(),
        "X-Signature-Timestamp": timestamp,
    }


def as_bytes(interaction: Json) -> bytes:
    return json.dumps(interaction, ensure_ascii=False, separators=(",", ":")).encode()


def _user(asked: Mapping[str, Any]) -> DeskUser:
    wanted = str(asked.get("user") or USERS[0].id)
    for user in USERS:
        if wanted in (user.id, user.username):
            return user
    raise BadQuestion(f"Nobody here is called “{wanted}”. There are: {', '.join(one.username for one in USERS)}.")


def _envelope(asked: Mapping[str, Any], memory: Memory) -> Json:
    user = _user(asked)
    locale = str(asked.get("locale") or "en-GB")
    channel = {"id": CHANNEL_ID, "type": 0, "name": "etstats", "guild_id": GUILD_ID, "permissions": "2147601408"}
    return {
        "id": memory.snowflake(),
        "application_id": memory.application_id,
        "token": secrets.token_urlsafe(48),
        "version": 1,
        "guild_id": GUILD_ID,
        "guild": {"id": GUILD_ID, "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "channel_id": CHANNEL_ID,
        "channel": channel,
        "member": _member(user),
        "locale": locale,
        "app_permissions": "2248473465835073",
        "entitlements": [],
        "authorizing_integration_owners": {"0": GUILD_ID},
        "context": 0,
        "attachment_size_limit": 10 * 1024 * 1024,
    }


def _member(user: DeskUser) -> Json:
    return {
        "user": {
            "id": user.id,
            "username": user.username,
            "global_name": user.nick,
            "discriminator": "0",
            "avatar": None,
            "public_flags": 0,
        },
        "nick": user.nick,
        "permissions": str(user.permissions),
        "roles": [],
        "joined_at": "2024-01-01T12:00:00+00:00",
        "avatar": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "premium_since": None,
        "communication_disabled_until": None,
    }


def _ping(asked: Mapping[str, Any], memory: Memory) -> Json:
    return {"type": PING}


def _command(asked: Mapping[str, Any], memory: Memory) -> Json:
    return {"type": COMMAND, "data": _command_data(asked, memory)}


def _autocomplete(asked: Mapping[str, Any], memory: Memory) -> Json:
    focused = str(asked.get("focused") or "")
    if focused not in (asked.get("options") or {}):
        raise BadQuestion("An autocomplete question names the option being typed in “focused”.")
    return {"type": AUTOCOMPLETE, "data": _command_data(asked, memory, focused=focused)}


def _command_data(asked: Mapping[str, Any], memory: Memory, *, focused: str = "") -> Json:
    path = asked.get("path")
    if not isinstance(path, list) or not 1 <= len(path) <= 3 or not all(isinstance(one, str) for one in path):
        raise BadQuestion("A command is asked for by its “path”: its name, then group and subcommand if it has them.")
    known: Json = next((one for one in memory.commands if one["name"] == path[0]), {})
    given = asked.get("options") or {}
    if not isinstance(given, dict):
        raise BadQuestion("“options” is an object: an option's name and its value.")
    data: Json = {"id": known.get("id") or memory.snowflake(), "name": path[0], "type": 1, "guild_id": GUILD_ID}
    options = _nested(path[1:], given, known.get("options") or [], focused)
    if options:
        data["options"] = options
    return data


def _nested(path: Sequence[str], given: Json, declared: list[Json], focused: str) -> list[Json]:
    """Options in Discord's order: as declared; what nobody declared comes last, typed by its JSON value."""
    if path:
        inner: Json = next((one for one in declared if one["name"] == path[0]), {})
        kind = inner.get("type") or (SUB_COMMAND_GROUP if len(path) > 1 else SUB_COMMAND)
        options = _nested(path[1:], given, inner.get("options") or [], focused)
        return [{"name": path[0], "type": kind, "options": options}]
    kinds = {one["name"]: one["type"] for one in declared}
    names = [*(name for name in kinds if name in given), *(name for name in given if name not in kinds)]
    return [_option(name, kinds.get(name), given[name], focused=name == focused) for name in names]


def _option(name: str, kind: int | None, value: object, *, focused: bool) -> Json:
    kind = kind or _kind(value)
    if focused:  # half-typed: Discord passes the text on, whatever the option's type
        return {"name": name, "type": kind, "value": str(value), "focused": True}
    return {"name": name, "type": kind, "value": _typed(name, kind, value)}


def _kind(value: object) -> int:
    if isinstance(value, bool):
        return BOOLEAN
    return INTEGER if isinstance(value, int) else NUMBER if isinstance(value, float) else STRING


def _typed(name: str, kind: int, value: object) -> object:
    try:
        if kind == INTEGER:
            return int(str(value))
        if kind == NUMBER:
            return float(str(value))
    except ValueError:
        raise BadQuestion(f"“{name}” takes a number, and “{value}” is none.") from None
    if kind == BOOLEAN:
        return value if isinstance(value, bool) else str(value).lower() in ("true", "1", "yes")
    return str(value)


def _component(asked: Mapping[str, Any], memory: Memory) -> Json:
    message = memory.messages.get(str(asked.get("message_id")))
    if message is None:
        raise BadQuestion("The message that button was on is gone.")
    custom_id = str(asked.get("custom_id"))
    for row in message["components"]:
        for one in row.get("components", []):
            if one.get("custom_id") == custom_id and not one.get("disabled"):
                values = [str(value) for value in asked.get("values") or []]
                where = {"channel_id": message["channel_id"]}
                return {"type": COMPONENT, **where, "message": message, "data": _component_data(one, values)}
    raise BadQuestion("That button or menu is not on the message, or is switched off.")


def _component_data(component: Json, values: list[str]) -> Json:
    data: Json = {"custom_id": component["custom_id"], "component_type": component["type"]}
    if component["type"] == 2:
        return data
    offered = {one["value"] for one in component.get("options", [])}
    if not set(values) <= offered and offered:
        raise BadQuestion("The menu does not offer that.")
    return {**data, "values": values}
