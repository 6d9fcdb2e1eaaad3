"""Builds an interaction as Discord would send it, from the little that the desk's page says, and signs it.

The page (or the demo) says ``{"kind": "command", "path": ["stats", "player"], "options": {"name": "x"}, "user": "…"}``;
the function on the other side gets the whole object, signed over timestamp and body with a throw-away key.
https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from nacl.signing import SigningKey

from local.desk.form import pressed, submitted
from local.desk.options import Resolved, nested
from local.desk.people import CHANNEL_ID, GUILD_ID, BadQuestion, DeskUser, find_user, text_channel
from local.discord_messages import Json, Memory

PING, COMMAND, AUTOCOMPLETE = 1, 2, 4
SLASH, ON_A_USER = 1, 2  # kinds of commands

Builder = Callable[[Mapping[str, Any], Memory, DeskUser], Json]


def build(asked: Mapping[str, Any], memory: Memory) -> Json:
    """The interaction *asked* for, with a new id and token. Raises BadQuestion."""
    kind = str(asked.get("kind", "command"))
    if kind not in _BUILDERS:
        raise BadQuestion(f"There is no interaction of kind “{kind}”. Kinds: {', '.join(_BUILDERS)}.")
    user = find_user(asked.get("user"))
    own = _BUILDERS[kind](asked, memory, user)
    return {**_envelope(asked, memory), **_place(_channel_of(asked, own, memory), user, memory), **own}


def _channel_of(asked: Mapping[str, Any], own: Json, memory: Memory) -> str:
    """Where the message stands or the form was opened; else where the page says."""
    if "message" in own:
        return str(own["message"]["channel_id"])
    modal = memory.modals.get(str(asked.get("modal_id")))
    return modal.channel_id if modal else str(asked.get("channel_id") or CHANNEL_ID)


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


def _envelope(asked: Mapping[str, Any], memory: Memory) -> Json:
    return {
        "id": memory.snowflake(),
        "application_id": memory.application_id,
        "token": secrets.token_urlsafe(48),
        "version": 1,
        "locale": str(asked.get("locale") or "en-GB"),
        "app_permissions": "2248473465835073",
        "entitlements": [],
        "attachment_size_limit": 10 * 1024 * 1024,
    }


def _place(channel_id: str, user: DeskUser, memory: Memory) -> Json:
    """Where it is asked: by a member in a channel of the server, or by a user in the direct messages."""
    if memory.direct.get(channel_id) == user.id:
        return {
            "channel_id": channel_id,
            "channel": {"id": channel_id, "type": 1, "recipients": [], "flags": 0},
            "user": user.user(),
            "authorizing_integration_owners": {"0": "0"},
            "context": 1,
        }
    if channel_id not in memory.channels:
        raise BadQuestion("There is no such channel here.")
    channel = {**text_channel(channel_id, memory.channels[channel_id]), "permissions": "2147601408"}
    return {
        "guild_id": GUILD_ID,
        "guild": {"id": GUILD_ID, "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "channel_id": channel_id,
        "channel": channel,
        "member": user.present_member(),
        "authorizing_integration_owners": {"0": GUILD_ID},
        "context": 0,
    }


def _ping(asked: Mapping[str, Any], memory: Memory, user: DeskUser) -> Json:
    return {"type": PING}


def _command(asked: Mapping[str, Any], memory: Memory, user: DeskUser) -> Json:
    return {"type": COMMAND, "data": _command_data(asked, memory)}


def _autocomplete(asked: Mapping[str, Any], memory: Memory, user: DeskUser) -> Json:
    focused = str(asked.get("focused") or "")
    if focused not in (asked.get("options") or {}):
        raise BadQuestion("An autocomplete question names the option being typed in “focused”.")
    return {"type": AUTOCOMPLETE, "data": _command_data(asked, memory, focused=focused)}


def _command_data(asked: Mapping[str, Any], memory: Memory, *, focused: str = "") -> Json:
    path = asked.get("path")
    if not isinstance(path, list) or not 1 <= len(path) <= 3 or not all(isinstance(one, str) for one in path):
        raise BadQuestion("A command is asked for by its “path”: its name, then group and subcommand if it has them.")
    known = _registered(memory, path[0], SLASH)
    given = asked.get("options") or {}
    if not isinstance(given, dict):
        raise BadQuestion("“options” is an object: an option's name and its value.")
    data = _named(memory, path[0], SLASH)
    resolved = Resolved(memory)
    options = nested(path[1:], given, known.get("options") or [], focused, resolved)
    return data | ({"options": options} if options else {}) | ({"resolved": resolved.found} if resolved.found else {})


def _on_a_user(asked: Mapping[str, Any], memory: Memory, user: DeskUser) -> Json:
    """A command of the menu on somebody: it has a target and no options."""
    name = str(asked.get("name"))
    if not _registered(memory, name, ON_A_USER):
        raise BadQuestion(f"No “{name}” is in the menu on a user.")
    target = find_user(asked.get("target"))
    resolved = Resolved(memory)
    resolved.user(target.id)
    data = _named(memory, name, ON_A_USER) | {"target_id": target.id, "resolved": resolved.found}
    return {"type": COMMAND, "data": data}


def _registered(memory: Memory, name: str, kind: int) -> Json:
    return next((one for one in memory.commands if one["name"] == name and one["type"] == kind), {})


def _named(memory: Memory, name: str, kind: int) -> Json:
    command_id = _registered(memory, name, kind).get("id") or memory.snowflake()
    return {"id": command_id, "name": name, "type": kind}


def _component(asked: Mapping[str, Any], memory: Memory, user: DeskUser) -> Json:
    return pressed(asked, memory, user.id)


def _modal(asked: Mapping[str, Any], memory: Memory, user: DeskUser) -> Json:
    return submitted(asked, memory, user.id)


_BUILDERS: dict[str, Builder] = {
    "ping": _ping,
    "command": _command,
    "user_command": _on_a_user,
    "autocomplete": _autocomplete,
    "component": _component,
    "modal": _modal,
}
