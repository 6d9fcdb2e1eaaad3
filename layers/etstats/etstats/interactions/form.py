"""A form that opens in front of the caller; few commands have one, and only they load this.

https://discord.com/developers/docs/components/reference#label
"""

from __future__ import annotations

from dataclasses import dataclass

from etstats.interactions.reply import Json, Press, Seal, shortened

FIELDS, LABEL, PLACEHOLDER, TEXT = 5, 45, 100, 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField:
    """What is typed comes as the option *name*."""

    name: str
    label: str
    value: str = ""
    placeholder: str = ""
    required: bool = True
    long: bool = False
    max_length: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Opens in front of the caller, instead of an answer; sent off it asks *press*, with its fields as options."""

    title: str
    press: Press
    fields: tuple[TextField, ...]


def form_json(form: Form, seal: Seal) -> Json:
    """The HTTP response that opens it."""
    fields = [_labelled(field) for field in form.fields[:FIELDS]]
    data = {"title": shortened(form.title, LABEL), "custom_id": seal(form.press), "components": fields}
    return {"type": 9, "data": data}


def _labelled(field: TextField) -> Json:
    return {"type": 18, "label": shortened(field.label, LABEL), "component": _text_field(field)}


def _text_field(field: TextField) -> Json:
    made: Json = {
        "type": 4,
        "custom_id": field.name,
        "style": 2 if field.long else 1,
        "required": field.required,
        "max_length": min(field.max_length, TEXT),
    }
    if field.value:
        made["value"] = shortened(field.value, min(field.max_length, TEXT))
    return made | {"placeholder": shortened(field.placeholder, PLACEHOLDER)} if field.placeholder else made
