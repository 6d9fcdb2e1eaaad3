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

from local.desk.interaction import CHANNEL_ID, as_bytes, build, sign
from local.discord_limits import check_answer
from local.discord_messages import EPHEMERAL, LOADING, Json, Memory, Webhook

PATIENCE_S = 3.0
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9

_FITTING = {
    1: {1},
    2: {MESSAGE, DEFERRED, MODAL},
    3: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL},
    4: {CHOICES},
}
_KINDS = {1: "a ping", 2: "a command", 3: "a button or menu", 4: "autocomplete"}


async def ask(asked: Mapping[str, Any], *, memory: Memory, key: SigningKey, url: str, session: ClientSession) -> Json:
    """``{status, response, ms, token, request, message, error, faults}``.

    *message* is what stands in the channel now, *error* one of "", "timeout", "unreachable", "status", "not_json",
    "refused", and *faults* says in sentences why Discord would refuse the answer. Raises BadQuestion.
    """
    interaction = build(asked, memory)
    webhook = memory.open_webhook(interaction["token"])
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
        _settle(result, interaction, webhook, memory)
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


def _settle(result: Json, interaction: Json, webhook: Webhook, memory: Memory) -> None:
    """Checks the answer, then keeps, defers or updates a message."""
    answer = result["response"]
    if not isinstance(answer, dict):
        result["error"] = "not_json"
        return
    result["faults"] = _faults(answer, interaction)
    if result["faults"]:
        result["error"] = "refused"
        return
    webhook.acknowledged_at_s = memory.clock()
    kind, said = answer["type"], answer.get("data") or {}
    if kind == MESSAGE:
        _keep(memory, webhook, said, interaction)
    elif kind == DEFERRED:
        defer(memory, webhook, said, interaction)
    elif kind in (DEFERRED_UPDATE, UPDATE):
        webhook.message_id = interaction["message"]["id"]
        if kind == UPDATE:
            memory.edit(memory.messages[webhook.message_id], said)
    if webhook.message_id is not None:
        result["message"] = memory.messages[webhook.message_id]


def _faults(answer: Json, interaction: Json) -> list[str]:
    faults = check_answer(answer)
    fitting = _FITTING[interaction["type"]]
    if not faults and answer["type"] not in fitting:
        allowed = ", ".join(map(str, sorted(fitting)))
        faults = [f"type: An answer to {_KINDS[interaction['type']]} has type {allowed}, not {answer['type']}."]
    said = answer.get("data") or {}
    if (
        not faults
        and answer["type"] == MESSAGE
        and not any(said.get(key) for key in ("content", "embeds", "components"))
    ):
        faults = ["data: Cannot send an empty message"]
    return faults


def _keep(memory: Memory, webhook: Webhook, said: Json, interaction: Json) -> None:
    message = memory.new_message(CHANNEL_ID, said, type=20, interaction_metadata=_metadata(interaction))
    webhook.message_id = message["id"]


def defer(memory: Memory, webhook: Webhook, said: Json, interaction: Json | None = None) -> None:
    """“etstats is thinking…”: an empty message, private or not for good, that an edit fills."""
    flags = LOADING | (int(said.get("flags") or 0) & EPHEMERAL)
    message = memory.new_message(
        CHANNEL_ID, {"flags": flags}, type=20, interaction_metadata=_metadata(interaction or {})
    )
    webhook.message_id = message["id"]


def _metadata(interaction: Json) -> Json:
    user = (interaction.get("member") or {}).get("user") or {}
    return {"id": interaction.get("id"), "type": interaction.get("type"), "user": user}
