"""What Discord's published specification says against a payload: `discord_spec.json`, from npm's discord-api-spec.

    refusals("MessageCreateRequest", {"content": 7})     # ["content: 7 is not of type 'string'"]

It is a second opinion beside `local.discord_limits`, which knows what the specification leaves out: names of commands,
6,000 characters together, how rows are filled, 100 bytes of custom_id.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from local.discord_limits import check_answer, check_commands, check_message

FILE = Path(__file__).parent / "discord_spec.json"
# The specification's file has a number there; Discord's reference asks for the bits as a text, and takes both.
_BITS = {"anyOf": [{"type": "string", "pattern": "^[0-9]{1,20}$"}, {"type": "null"}]}
_ANSWERS = {
    1: "PongInteractionCallbackRequest",
    4: "CreateMessageInteractionCallbackRequest",
    5: "CreateMessageInteractionCallbackRequest",
    6: "UpdateMessageInteractionCallbackRequest",
    7: "UpdateMessageInteractionCallbackRequest",
    8: "ApplicationCommandAutocompleteCallbackRequest",
    9: "ModalInteractionCallbackRequest",
}


@cache
def _validator(definition: str) -> Draft202012Validator:
    spec = json.loads(FILE.read_text(encoding="utf-8"))
    spec["$defs"]["ApplicationCommandUpdateRequest"]["properties"]["default_member_permissions"] = _BITS
    return Draft202012Validator({**spec, "$ref": f"#/$defs/{definition}"})


def refusals(definition: str, payload: object) -> list[str]:
    """A sentence for each fault; empty when the specification allows *payload*."""
    faults = (_nearest(fault, payload) for fault in _validator(definition).iter_errors(payload))
    return [f"{fault.json_path.removeprefix('$.')}: {fault.message:.300}" for fault in faults]


def _nearest(fault: ValidationError, payload: object) -> ValidationError:
    """Where one of several shapes fits nearly, the fault that remains in it."""
    while fault.context:
        fault = min(fault.context, key=lambda inner: (_other_kind(inner), -len(inner.absolute_path)))
    return fault


def _other_kind(fault: ValidationError) -> bool:
    """The shape is for a component or option of another type, or for null."""
    return fault.validator == "const" or (fault.validator == "type" and fault.validator_value == "null")


def answer_refusals(answer: Any) -> list[str]:
    """What either opinion has against the answer to an interaction."""
    kind = answer.get("type") if isinstance(answer, dict) else None
    if kind not in _ANSWERS:
        return [f"type: {kind!r} is no type of an answer"]
    return [*check_answer(answer), *refusals(_ANSWERS[kind], answer)]


def post_refusals(message: object) -> list[str]:
    """What either opinion has against a post in a channel."""
    return [*check_message(message), *refusals("MessageCreateRequest", message)]


def edit_refusals(message: object) -> list[str]:
    """What either opinion has against the edit that fills an answer put off."""
    return [*check_message(message), *refusals("IncomingWebhookUpdateRequestPartial", message)]


def command_refusals(commands: object) -> list[str]:
    """What either opinion has against the registration of commands."""
    listed = commands if isinstance(commands, list) else [commands]
    return [*check_commands(commands), *_each(listed)]


def _each(commands: list[object]) -> Iterator[str]:
    for number, one in enumerate(commands):
        for fault in refusals("ApplicationCommandUpdateRequest", one):
            yield f"[{number}].{fault}"
