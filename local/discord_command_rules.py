"""What the registration of commands may be, in every language.

https://discord.com/developers/docs/interactions/application-commands
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from local.discord_rules import (
    SNOWFLAKE,
    Anything,
    ByType,
    Fault,
    ListOf,
    Matching,
    Nullable,
    Number,
    Path,
    Rule,
    Shape,
    Text,
    Truth,
    Whole,
    not_one_of,
)

COMMAND_TEXT_TOTAL = 4_000
COMMANDS_OF_TYPE = {1: 100, 2: 5, 3: 5, 4: 1}
SUB_COMMAND, SUB_COMMAND_GROUP, STRING, INTEGER, NUMBER = 1, 2, 3, 4, 10
LOCALES = (
    *("id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR"),
    *("ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"),
)


def in_languages(rule: Rule) -> Rule:
    """The same text in Discord's languages."""
    return Nullable(Shape(dict.fromkeys(LOCALES, rule)))


def choice_shape(value: Rule) -> Shape:
    name = Text(100, 1)
    keys: dict[str, Rule] = {"name": name, "name_localizations": in_languages(name), "value": value}
    return Shape(keys, required=("name", "value"))


@dataclass(frozen=True, slots=True)
class CommandName:
    """1 to 32 letters, digits, - _ ' and in lower case."""

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        fine = (
            isinstance(value, str)
            and 1 <= len(value) <= 32
            and all(sign in "-_'" or unicodedata.category(sign)[0] in "LN" for sign in value)
            and value == value.lower()
        )
        if not fine:
            yield Fault(path=path, code="APPLICATION_COMMAND_INVALID_NAME", message="Command name is invalid")


def _names_differ(items: object, path: Path, code: str, words: str) -> Iterator[Fault]:
    names = [one.get("name") for one in items if isinstance(one, dict)] if isinstance(items, list) else []
    for name, times in Counter(map(str, names)).items():
        if times > 1:
            yield Fault(path=path, code=code, message=f"{words} ({name})")


def _options_in_order(holder: Mapping[str, object], path: Path) -> Iterator[Fault]:
    options = holder.get("options")
    listed = [one for one in options if isinstance(one, dict)] if isinstance(options, list) else []
    path = (*path, "options")
    code = "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"
    yield from _names_differ(listed, path, code, "Option name already exists")
    optional_seen = False
    for number, one in enumerate(listed):
        required = bool(one.get("required"))
        if required and optional_seen:
            words = "Required options must be placed before non-required options"
            yield Fault(path=(*path, number), code="APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message=words)
        optional_seen = optional_seen or not required
    nested = {one.get("type") in (SUB_COMMAND, SUB_COMMAND_GROUP) for one in listed}
    if len(nested) > 1:
        words = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        yield Fault(path=path, code="APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message=words)


def _choices_or_autocomplete(option: Mapping[str, object], path: Path) -> Iterator[Fault]:
    if option.get("choices") and option.get("autocomplete"):
        words = "Autocomplete cannot be used with choices"
        yield Fault(path=path, code="APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message=words)
    code = "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS"
    yield from _names_differ(option.get("choices"), (*path, "choices"), code, "Option choice name already exists")


_NAMES: dict[str, Rule] = {
    "name": CommandName(),
    "name_localizations": in_languages(CommandName()),
    "description": Text(100, 1),
    "description_localizations": in_languages(Text(100, 1)),
}


def _option(
    extra: Mapping[str, Rule] = {},
    *,
    choices: Rule | None = None,
) -> Shape:
    keys: dict[str, Rule] = {"type": Anything(), **_NAMES, "required": Truth(), **extra}
    if choices is not None:
        keys |= {"choices": Nullable(ListOf(choice_shape(choices), 25)), "autocomplete": Truth()}
    return Shape(keys, required=("name", "description"), also=(_choices_or_autocomplete,))


_WHOLE = Whole(-(2**53), 2**53)
_PLAIN_OPTIONS: dict[int, Rule] = {
    STRING: _option({"min_length": Whole(0, 6000), "max_length": Whole(1, 6000)}, choices=Text(100, 1, stripped=False)),
    INTEGER: _option({"min_value": _WHOLE, "max_value": _WHOLE}, choices=_WHOLE),
    5: _option(),
    6: _option(),
    7: _option({"channel_types": ListOf(Whole(0, 20), 20)}),
    8: _option(),
    9: _option(),
    NUMBER: _option({"min_value": Number(), "max_value": Number()}, choices=Number()),
    11: _option(),
}


def _holding(options: Mapping[int, Rule]) -> Shape:
    return Shape(
        {"type": Anything(), **_NAMES, "options": ListOf(ByType(options), 25)},
        required=("name", "description"),
        also=(_options_in_order,),
    )


_SUB_COMMAND = _holding(_PLAIN_OPTIONS)
_GROUP = _holding({SUB_COMMAND: _SUB_COMMAND})

_COMMAND_KEYS: dict[str, Rule] = {
    "id": SNOWFLAKE,
    "type": Anything(),
    "default_member_permissions": Nullable(
        Matching(re.compile(r"\d{1,20}"), "NUMBER_TYPE_COERCE", "Value is not a permission set.")
    ),
    "dm_permission": Truth(),
    "nsfw": Truth(),
    "integration_types": ListOf(Whole(0, 1), 2),
    "contexts": Nullable(ListOf(Whole(0, 2), 3)),
}


def command_length(command: object) -> int:
    """The characters of a command's names, descriptions and values, its options' and choices' included.

    Of a text in several languages the longest counts.
    """
    if isinstance(command, list):
        return sum(map(command_length, command))
    if not isinstance(command, dict):
        return 0
    own = sum(_longest(command, key) for key in ("name", "description", "value"))
    return own + command_length(command.get("options")) + command_length(command.get("choices"))


def _longest(holder: Mapping[str, object], key: str) -> int:
    others = holder.get(f"{key}_localizations")
    texts = [holder.get(key), *(others.values() if isinstance(others, dict) else ())]
    return max((len(text) for text in texts if isinstance(text, str)), default=0)


def _texts_together(command: Mapping[str, object], path: Path) -> Iterator[Fault]:
    if command_length(command) > COMMAND_TEXT_TOTAL:
        words = f"Command exceeds maximum size ({COMMAND_TEXT_TOTAL})"
        yield Fault(path=path, code="APPLICATION_COMMAND_TOO_LARGE", message=words)


CHAT_INPUT = Shape(
    {
        **_COMMAND_KEYS,
        **_NAMES,
        "options": ListOf(ByType({SUB_COMMAND: _SUB_COMMAND, SUB_COMMAND_GROUP: _GROUP, **_PLAIN_OPTIONS}), 25),
    },
    required=("name", "description"),
    also=(_options_in_order, _texts_together),
)
CONTEXT_MENU = Shape(
    {
        **_COMMAND_KEYS,
        "name": Text(32, 1),
        "name_localizations": in_languages(Text(32, 1)),
        "description": Text(0),
    },
    required=("name",),
)


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command, unless its type says it is in a context menu."""

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        kind = value.get("type", 1) if isinstance(value, dict) else 1
        rules: dict[object, Rule] = {1: CHAT_INPUT, 2: CONTEXT_MENU, 3: CONTEXT_MENU}
        if kind not in rules:
            yield not_one_of((*path, "type"), frozenset(rules))
        else:
            yield from rules[kind].faults(value, path)


COMMANDS = ListOf(Command(), 110)


def commands_together(commands: object) -> Iterator[Fault]:
    listed = [one for one in commands if isinstance(one, dict)] if isinstance(commands, list) else []
    kinds = Counter((one.get("type", 1)) for one in listed)
    for kind, times in kinds.items():
        if times > COMMANDS_OF_TYPE.get(kind, times):
            words = f"Maximum number of application commands of this type reached ({COMMANDS_OF_TYPE[kind]})."
            yield Fault(path=(), code="APPLICATION_COMMANDS_TYPE_MAX", message=words)
        same = [one for one in listed if one.get("type", 1) == kind]
        code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
        yield from _names_differ(same, (), code, "Application command names must be unique")
