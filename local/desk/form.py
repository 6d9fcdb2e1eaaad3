"""Presses of buttons, choices of menus and filled-in forms, as Discord sends them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from local.desk.options import Resolved
from local.desk.people import BadQuestion
from local.discord_messages import Json, Memory, Modal

COMPONENT, SUBMISSION = 3, 5
ROW, BUTTON, STRING_SELECT, TEXT_INPUT, LABEL = 1, 2, 3, 4, 18
_MEANS = {5: 6, 6: 8, 7: 9, 8: 7}  # a select of users, roles, both or channels: the option type of its values


def pressed(asked: Mapping[str, Any], memory: Memory, user_id: str) -> Json:
    """A button or menu of a message that *user_id* can see. Raises BadQuestion."""
    message = memory.messages.get(str(asked.get("message_id")))
    if message is None or not memory.visible(message, user_id):
        raise BadQuestion("The message that button was on is gone.")
    custom_id = str(asked.get("custom_id"))
    for one in _inside(message["components"]):
        if one.get("custom_id") == custom_id and not one.get("disabled"):
            values = [str(value) for value in asked.get("values") or []]
            data = _pressed_data(one, values, memory)
            return {"type": COMPONENT, "message": message, "data": data}
    raise BadQuestion("That button or menu is not on the message, or is switched off.")


def _inside(rows: list[Json]) -> Iterator[Json]:
    """The controls of a message or form, out of their rows and labels."""
    for row in rows:
        yield from row.get("components", [])
        if "component" in row:
            yield row["component"]


def _pressed_data(component: Json, values: list[str], memory: Memory) -> Json:
    data: Json = {"custom_id": component["custom_id"], "component_type": component["type"]}
    if component["type"] == BUTTON:
        return data
    _check_count(component, values)
    if component["type"] == STRING_SELECT:
        if not set(values) <= {one["value"] for one in component["options"]}:
            raise BadQuestion("The menu does not offer that.")
        return {**data, "values": values}
    resolved = Resolved(memory)
    for value in values:
        resolved.add(_MEANS[component["type"]], value)
    return {**data, "values": values, "resolved": resolved.found}


def _check_count(component: Json, values: list[str]) -> None:
    at_least, at_most = component.get("min_values", 1), component.get("max_values", 1)
    if not at_least <= len(values) <= at_most or len(set(values)) != len(values):
        raise BadQuestion(f"The menu takes {at_least} to {at_most} choices.")


def submitted(asked: Mapping[str, Any], memory: Memory, user_id: str) -> Json:
    """The form that an earlier answer opened, filled in. Raises BadQuestion."""
    modal = memory.modals.get(str(asked.get("modal_id")))
    if modal is None or modal.user_id != user_id:
        raise BadQuestion("That form was not opened here.")
    values = asked.get("values") or {}
    if not isinstance(values, dict):
        raise BadQuestion("“values” is an object: a field's custom_id and its text.")
    filled = [_filled(row, values) for row in modal.data["components"] if row["type"] in (ROW, LABEL)]
    submission: Json = {"type": SUBMISSION, "data": {"custom_id": modal.data["custom_id"], "components": filled}}
    if message := _opened_from(modal, memory):
        submission["message"] = message
    return submission


def _opened_from(modal: Modal, memory: Memory) -> Json | None:
    return memory.messages.get(modal.message_id) if modal.message_id else None


def _filled(row: Json, values: Json) -> Json:
    if row["type"] == LABEL:
        return {"type": LABEL, "component": _value(row["component"], values)}
    return {"type": ROW, "components": [_value(one, values) for one in row["components"]]}


def _value(component: Json, values: Json) -> Json:
    given = values.get(component["custom_id"])
    told: Json = {"type": component["type"], "custom_id": component["custom_id"]}
    if component["type"] == TEXT_INPUT:
        text = str(given or "")
        _check_text(component, text)
        return {**told, "value": text}
    chosen = [str(one) for one in given] if isinstance(given, list) else []
    _check_count(component, chosen)
    return {**told, "values": chosen}


def _check_text(component: Json, text: str) -> None:
    name = component.get("label") or component["custom_id"]
    if not text and component.get("required", True):
        raise BadQuestion(f"“{name}” is needed.")
    if text and not component.get("min_length", 0) <= len(text) <= component.get("max_length", 4000):
        raise BadQuestion(f"“{name}” is too short or too long.")
