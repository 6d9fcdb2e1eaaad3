"""Sends an interaction the way Discord does, and does with the answer what Discord does with it.

Three seconds to answer, 200 with JSON of the right type and inside the limits; anything else is what a player sees
as “The application did not respond”, and the desk says why.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError, ClientSession
from nacl.signing import SigningKey

from local.desk.interaction import as_bytes, build, sign
from local.desk.people import CHANNEL_ID
from local.discord_limits import check_answer
from local.discord_messages import EPHEMERAL, LOADING, Json, Memory, Modal, Webhook

PATIENCE_S = 3.0
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_SLASH_ANSWER, _MENU_ANSWER, _REPLY = 20, 23, 19  # types of messages

_FITTING = {
    1: {1},
    2: {MESSAGE, DEFERRED, MODAL},
    3: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL},
    4: {CHOICES},
    5: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}
_KINDS = {1: "a ping", 2: "a command", 3: "a button or menu", 4: "autocomplete", 5: "a form"}


async def ask(asked: Mapping[str, Any], *, memory: Memory, key: SigningKey, url: str, session: ClientSession) -> Json:
    """``{status, response, ms, token, request, message, error, faults}``.

    *message* is what stands in the channel now, *error* one of "", "timeout", "unreachable", "status", "not_json",
    "refused", and *faults* says in sentences why Discord would refuse the answer. Raises BadQuestion.
    """
    interaction = build(asked, memory)
    said = str(asked.get("said") or "")
    webhook = memory.open_webhook(interaction["token"], interaction=interaction, asked=said)
    body = as_bytes(interaction)
    headers = sign(key, body, str(int(memory.clock())))
    begun = time.perf_counter()
    status, text, error = await _send(session, url, body, headers)
    result: Json = {
        "status": status,
        "response": _parsed(text),
        "ms": round((time.perf_counter() - begun) * 1000, 1),
        "token": interaction["token"],
        "request": interaction,
        "message": None,
        "error": error,
        "faults": [],
    }
    if not error:
        settle(result, webhook, memory)
    return result


async def _send(session: ClientSession, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, str]:
    try:
        async with asyncio.timeout(PATIENCE_S):
            async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                text = await answer.text(errors="replace")
                return answer.status, text, "" if answer.status == 200 else "status"
    except TimeoutError:
        return 0, "", "timeout"
    except ClientError:
        return 0, "", "unreachable"


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text[:4000] or None


def settle(result: Json, webhook: Webhook, memory: Memory) -> None:
    """Checks the answer, then keeps, defers or updates a message, or opens a form."""
    answer = result["response"]
    if not isinstance(answer, dict):
        result["error"] = "not_json"
        return
    result["faults"] = _faults(answer, webhook.interaction)
    if result["faults"]:
        result["error"] = "refused"
        return
    webhook.acknowledged_at_s = memory.clock()
    kind, data = answer["type"], answer.get("data") or {}
    if kind == MESSAGE:
        _keep(memory, webhook, data)
    elif kind == DEFERRED:
        defer(memory, webhook, data)
    elif kind in (DEFERRED_UPDATE, UPDATE):
        webhook.message_id = webhook.interaction["message"]["id"]
        if kind == UPDATE:
            memory.edit(memory.messages[webhook.message_id], data)
    elif kind == MODAL:
        _open_form(memory, data, webhook.interaction)
    if webhook.message_id is not None:
        result["message"] = memory.messages[webhook.message_id]


def _faults(answer: Json, interaction: Json) -> list[str]:
    faults = check_answer(answer)
    if faults:
        return faults
    fitting = _FITTING[interaction["type"]]
    if "message" not in interaction:
        fitting = fitting - {DEFERRED_UPDATE, UPDATE}
    if answer["type"] not in fitting:
        allowed = ", ".join(map(str, sorted(fitting)))
        return [f"type: An answer to {_KINDS[interaction['type']]} has type {allowed}, not {answer['type']}."]
    said = answer.get("data") or {}
    if answer["type"] == MESSAGE and not any(said.get(key) for key in ("content", "embeds", "components")):
        return ["data: Cannot send an empty message"]
    if answer["type"] in (MESSAGE, UPDATE) and said.get("attachments"):
        return ["data.attachments: Files cannot come with the JSON of a first answer; put it off and edit it."]
    return []


def _keep(memory: Memory, webhook: Webhook, data: Json) -> None:
    extra = origin(webhook.interaction)
    message = memory.new_message(channel_of(webhook), data, asked=webhook.asked, extra=extra)
    webhook.message_id = message["id"]


def defer(memory: Memory, webhook: Webhook, data: Json) -> None:
    """“etstats is thinking…”: an empty message, private or not for good, that an edit fills."""
    flags = LOADING | (int(data.get("flags") or 0) & EPHEMERAL)
    _keep(memory, webhook, {"flags": flags})


def _open_form(memory: Memory, data: Json, interaction: Json) -> None:
    memory.modals[interaction["id"]] = Modal(
        data=data,
        user_id=_user(interaction)["id"],
        channel_id=interaction["channel_id"],
        message_id=interaction.get("message", {}).get("id", ""),
    )


def channel_of(webhook: Webhook) -> str:
    return str(webhook.interaction.get("channel_id") or CHANNEL_ID)


def _user(interaction: Json) -> Json:
    inside = interaction.get("member") or interaction
    return dict(inside.get("user") or {})


def origin(interaction: Json) -> Json:
    """What a message says of the interaction it answers."""
    data = interaction.get("data") or {}
    metadata = {"id": interaction.get("id"), "type": interaction.get("type"), "user": _user(interaction)}
    if message := interaction.get("message"):
        reference = {"type": 0, "message_id": message["id"], "channel_id": message["channel_id"]}
        metadata["interacted_message_id"] = message["id"]
        return {"type": _REPLY, "interaction_metadata": metadata, "message_reference": reference}
    kind = _MENU_ANSWER if "target_id" in data else _SLASH_ANSWER
    named = {**metadata, "name": data["name"]} if "name" in data else {}
    return {"type": kind, "interaction_metadata": metadata, **({"interaction": named} if named else {})}
