"""What the answer to an interaction may be: a message, “thinking…”, suggestions, a form.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from local.discord_command_rules import choice_shape
from local.discord_message_rules import (
    CUSTOM_ID,
    MESSAGE,
    SELECT_KEYS,
    SELECT_OPTION,
    custom_ids_differ,
    select_can_be_answered,
)
from local.discord_rules import (
    Anything,
    ByType,
    Fault,
    ListOf,
    Number,
    OneOf,
    Path,
    Rule,
    Shape,
    Text,
    Truth,
    Whole,
)


@dataclass(frozen=True, slots=True)
class ChoiceValue:
    """What an option may be set to: a text of at most 100, or a number."""

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        if isinstance(value, str):
            yield from Text(100, 1, stripped=False).faults(value, path)
        else:
            yield from Number().faults(value, path)


def _text_can_be_typed(field: Mapping[str, object], path: Path) -> Iterator[Fault]:
    """What stands in a text field at first is a text it would take."""
    least, most, value = field.get("min_length", 0), field.get("max_length", 4000), field.get("value", "")
    if not (isinstance(least, int) and isinstance(most, int) and isinstance(value, str)):
        return
    if least > most:
        words = f"int value should be less than or equal to {most}."
        yield Fault(path=(*path, "min_length"), code="NUMBER_TYPE_MAX", message=words)
    elif value:
        yield from _length_between((*path, "value"), value, least, most)


def _length_between(path: Path, text: str, least: int, most: int) -> Iterator[Fault]:
    if not least <= len(text) <= most:
        words = f"Must be between {least} and {most} in length."
        yield Fault(path=path, code="BASE_TYPE_BAD_LENGTH", message=words)


_TEXT_FIELD: dict[str, Rule] = {
    "type": Anything(),
    "id": Whole(0, 2**31),
    "custom_id": CUSTOM_ID,
    "style": OneOf(frozenset({1, 2})),
    "min_length": Whole(0, 4000),
    "max_length": Whole(1, 4000),
    "required": Truth(),
    "value": Text(4000),
    "placeholder": Text(100),
}
_OWN_LABEL = Shape(
    {**_TEXT_FIELD, "label": Text(45, 1)}, required=("custom_id", "style", "label"), also=(_text_can_be_typed,)
)
_LABELLED: dict[int, Rule] = {
    3: Shape(
        {**SELECT_KEYS, "options": ListOf(SELECT_OPTION, 25, 1), "required": Truth()},
        required=("custom_id", "options"),
        also=(select_can_be_answered,),
    ),
    4: Shape(_TEXT_FIELD, required=("custom_id", "style"), also=(_text_can_be_typed,)),
}
_FORM_ROWS: dict[int, Rule] = {
    1: Shape({"type": Anything(), "components": ListOf(ByType({4: _OWN_LABEL}), 1, 1)}, required=("components",)),
    10: Shape({"type": Anything(), "content": Text(2000, 1)}, required=("content",)),
    18: Shape(
        {"type": Anything(), "label": Text(45, 1), "description": Text(100), "component": ByType(_LABELLED)},
        required=("label", "component"),
    ),
}
MODAL = Shape(
    {"custom_id": CUSTOM_ID, "title": Text(45, 1), "components": ListOf(ByType(_FORM_ROWS), 5, 1)},
    required=("custom_id", "title", "components"),
    also=(custom_ids_differ,),
)


def _answer(keys: Mapping[str, Rule], *required: str) -> Shape:
    return Shape({"type": Anything(), **keys}, required=required)


ANSWER = ByType(
    {
        1: _answer({}),
        4: _answer({"data": MESSAGE}, "data"),
        5: _answer({"data": Shape({"flags": OneOf(frozenset({0, 64}))})}),
        6: _answer({}),
        7: _answer({"data": MESSAGE}, "data"),
        8: _answer(
            {"data": Shape({"choices": ListOf(choice_shape(ChoiceValue()), 25)}, required=("choices",))}, "data"
        ),
        9: _answer({"data": MODAL}, "data"),
    }
)
