"""Discord's limits as tables, and the faults a payload has against them.

    check_message({"embeds": [{"title": "x" * 257}]})   # ["embeds[0].title: Must be 256 or fewer in length."]

`MESSAGE`, `COMMANDS` and `ANSWER` say what Discord accepts; a fault carries Discord's own code and words, so that
`form_errors` can answer as Discord does. We are stricter in three places, on purpose: a key Discord does not
know is a fault (Discord ignores it, and a misspelt key goes unseen), a custom_id counts in bytes, and a command's
texts together stay under 4,000.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from local.discord_rules import (
    Anything,
    ByType,
    Fault,
    Link,
    ListOf,
    Matching,
    Moment,
    Nullable,
    Number,
    OneOf,
    Path,
    Rule,
    Shape,
    Text,
    Truth,
    Whole,
    missing,
    not_one_of,
)

EMBED_TOTAL = 6_000
COMMAND_TEXT_TOTAL = 4_000
COMMANDS_OF_TYPE = {1: 100, 2: 5, 3: 5, 4: 1}
SUB_COMMAND, SUB_COMMAND_GROUP, STRING, INTEGER, NUMBER = 1, 2, 3, 4, 10
LINK_BUTTON = 5


# --- messages ---------------------------------------------------------------------------------------------------

SNOWFLAKE = Matching(re.compile(r"\d{1,20}"), "NUMBER_TYPE_COERCE", "Value is not snowflake.")
WEB = Link(("http", "https"))
PICTURE = Link(("http", "https", "attachment"))


def _embed_says_something(embed: Mapping[str, object], path: Path) -> Iterator[Fault]:
    if not any(embed.get(key) for key in ("title", "description", "fields", "author", "footer", "image", "thumbnail")):
        yield missing((*path, "description"))


def embed_length(embed: Mapping[str, object]) -> int:
    """The characters of one embed that count towards the 6,000 of a message."""
    texts = [embed.get("title"), embed.get("description")]
    for part, key in (("author", "name"), ("footer", "text")):
        inner = embed.get(part)
        texts.append(inner.get(key) if isinstance(inner, dict) else None)
    fields = embed.get("fields")
    for one in fields if isinstance(fields, list) else []:
        if isinstance(one, dict):
            texts += [one.get("name"), one.get("value")]
    return sum(len(text.strip()) for text in texts if isinstance(text, str))


def _embeds_together(message: Mapping[str, object], path: Path) -> Iterator[Fault]:
    embeds = message.get("embeds")
    total = sum(embed_length(one) for one in embeds if isinstance(one, dict)) if isinstance(embeds, list) else 0
    if total > EMBED_TOTAL:
        words = f"Embed size exceeds maximum size of {EMBED_TOTAL}"
        yield Fault(path=(*path, "embeds"), code="MAX_EMBED_SIZE_EXCEEDED", message=words)


def _custom_ids_differ(message: Mapping[str, object], path: Path) -> Iterator[Fault]:
    seen: set[str] = set()
    rows = message.get("components")
    for row_number, row in enumerate(rows if isinstance(rows, list) else []):
        inner = row.get("components") if isinstance(row, dict) else None
        for number, one in enumerate(inner if isinstance(inner, list) else []):
            custom_id = one.get("custom_id") if isinstance(one, dict) else None
            if isinstance(custom_id, str) and custom_id in seen:
                yield Fault(
                    path=(*path, "components", row_number, "components", number, "custom_id"),
                    code="COMPONENT_CUSTOM_ID_DUPLICATED",
                    message="Component custom id cannot be duplicated",
                )
            if isinstance(custom_id, str):
                seen.add(custom_id)


def _button_leads_somewhere(button: Mapping[str, object], path: Path) -> Iterator[Fault]:
    link = button.get("style") == LINK_BUTTON
    wanted, unwanted = ("url", "custom_id") if link else ("custom_id", "url")
    if wanted not in button:
        yield missing((*path, wanted))
    if unwanted in button:
        words = "A custom id and url cannot both be specified"
        yield Fault(path=(*path, unwanted), code="BUTTON_COMPONENT_CUSTOM_ID_AND_URL", message=words)
    if not button.get("label") and not button.get("emoji"):
        yield missing((*path, "label"))


def _row_holds_together(row: Mapping[str, object], path: Path) -> Iterator[Fault]:
    inner = row.get("components")
    kinds = [one.get("type") for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []
    if any(kind != 2 for kind in kinds) and len(kinds) > 1:
        words = "A select menu takes a whole row."
        yield Fault(path=(*path, "components"), code="COMPONENT_LAYOUT_WIDTH_EXCEEDED", message=words)


def _select_can_be_answered(select: Mapping[str, object], path: Path) -> Iterator[Fault]:
    options = select.get("options")
    values = [one.get("value") for one in options if isinstance(one, dict)] if isinstance(options, list) else []
    for number, value in enumerate(values):
        if value in values[:number]:
            words = "The specified option value is already used"
            yield Fault(
                path=(*path, "options", number, "value"), code="SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message=words
            )
    most = select.get("max_values", 1)
    if isinstance(most, int) and values and most > len(values):
        words = f"int value should be less than or equal to {len(values)}."
        yield Fault(path=(*path, "max_values"), code="NUMBER_TYPE_MAX", message=words)


def _mentions_are_one_or_other(mentions: Mapping[str, object], path: Path) -> Iterator[Fault]:
    parse = mentions.get("parse")
    for kind in ("users", "roles"):
        if isinstance(parse, list) and kind in parse and mentions.get(kind):
            words = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            yield Fault(path=path, code="MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message=words)


EMOJI = Shape({"id": Nullable(SNOWFLAKE), "name": Nullable(Text(100)), "animated": Truth()})
CUSTOM_ID = Text(100, 1, in_bytes=True)

EMBED = Shape(
    {
        "type": OneOf(frozenset({"rich"})),
        "title": Text(256),
        "description": Text(4096),
        "url": WEB,
        "timestamp": Nullable(Moment()),
        "color": Nullable(Whole(0, 0xFFFFFF)),
        "author": Shape({"name": Text(256, 1), "url": WEB, "icon_url": PICTURE}, required=("name",)),
        "footer": Shape({"text": Text(2048, 1), "icon_url": PICTURE}, required=("text",)),
        "image": Shape({"url": PICTURE}, required=("url",)),
        "thumbnail": Shape({"url": PICTURE}, required=("url",)),
        "fields": ListOf(
            Shape({"name": Text(256, 1), "value": Text(1024, 1), "inline": Truth()}, required=("name", "value")), 25
        ),
    },
    also=(_embed_says_something,),
)

BUTTON = Shape(
    {
        "type": OneOf(frozenset({2})),
        "id": Whole(0, 2**31),
        "style": OneOf(frozenset({1, 2, 3, 4, 5})),
        "label": Text(80),
        "emoji": EMOJI,
        "custom_id": CUSTOM_ID,
        "url": Link(("http", "https", "discord")),
        "disabled": Truth(),
    },
    required=("style",),
    also=(_button_leads_somewhere,),
)

_SELECT_KEYS: dict[str, Rule] = {
    "type": Anything(),
    "id": Whole(0, 2**31),
    "custom_id": CUSTOM_ID,
    "placeholder": Text(150),
    "min_values": Whole(0, 25),
    "max_values": Whole(1, 25),
    "disabled": Truth(),
}
SELECT_OPTION = Shape(
    {"label": Text(100, 1), "value": Text(100, 1), "description": Text(100), "emoji": EMOJI, "default": Truth()},
    required=("label", "value"),
)
STRING_SELECT = Shape(
    {**_SELECT_KEYS, "options": ListOf(SELECT_OPTION, 25, 1)},
    required=("custom_id", "options"),
    also=(_select_can_be_answered,),
)
OTHER_SELECT = Shape(
    {**_SELECT_KEYS, "channel_types": ListOf(Whole(0, 20), 20), "default_values": ListOf(Anything(), 25)},
    required=("custom_id",),
)

ROW = Shape(
    {
        "type": Anything(),
        "id": Whole(0, 2**31),
        "components": ListOf(
            ByType({2: BUTTON, 3: STRING_SELECT, 5: OTHER_SELECT, 6: OTHER_SELECT, 7: OTHER_SELECT, 8: OTHER_SELECT}),
            5,
            1,
        ),
    },
    required=("components",),
    also=(_row_holds_together,),
)

ALLOWED_MENTIONS = Shape(
    {
        "parse": ListOf(OneOf(frozenset({"roles", "users", "everyone"})), 3),
        "roles": ListOf(SNOWFLAKE, 100),
        "users": ListOf(SNOWFLAKE, 100),
        "replied_user": Truth(),
    },
    also=(_mentions_are_one_or_other,),
)

# SUPPRESS_EMBEDS, EPHEMERAL and SUPPRESS_NOTIFICATIONS; Components V2 (1 << 15) is not what our cards are made of
_FLAGS = frozenset({0, 4, 64, 68, 4096, 4100, 4160, 4164})

_MESSAGE_KEYS: dict[str, Rule] = {
    "content": Nullable(Text(2000)),
    "tts": Truth(),
    "embeds": Nullable(ListOf(EMBED, 10)),
    "components": Nullable(ListOf(ByType({1: ROW}), 5)),
    "allowed_mentions": Nullable(ALLOWED_MENTIONS),
    "flags": Nullable(OneOf(_FLAGS)),
    "attachments": Nullable(
        ListOf(Shape({"id": Anything(), "filename": Text(1024, 1), "description": Text(1024)}, required=("id",)), 10)
    ),
    "nonce": Nullable(Text(25)),
    "enforce_nonce": Truth(),
    "message_reference": Anything(),
    "sticker_ids": ListOf(SNOWFLAKE, 3),
    "poll": Anything(),
}
MESSAGE = Shape(_MESSAGE_KEYS, also=(_embeds_together, _custom_ids_differ))


# --- answers to interactions ------------------------------------------------------------------------------------


def _choice_shape(value: Rule) -> Shape:
    return Shape({"name": Text(100, 1), "name_localizations": Anything(), "value": value}, required=("name", "value"))


@dataclass(frozen=True, slots=True)
class ChoiceValue:
    """What an option may be set to: a text of at most 100, or a number."""

    def faults(self, value: object, path: Path) -> Iterator[Fault]:
        if isinstance(value, str):
            yield from Text(100, 1, stripped=False).faults(value, path)
        else:
            yield from Number().faults(value, path)


_MODAL_INPUT = Shape(
    {
        "type": OneOf(frozenset({4})),
        "custom_id": CUSTOM_ID,
        "style": OneOf(frozenset({1, 2})),
        "label": Text(45, 1),
        "min_length": Whole(0, 4000),
        "max_length": Whole(1, 4000),
        "required": Truth(),
        "value": Text(4000),
        "placeholder": Text(100),
    },
    required=("custom_id", "style", "label"),
)
MODAL = Shape(
    {
        "custom_id": CUSTOM_ID,
        "title": Text(45, 1),
        "components": ListOf(
            Shape({"type": OneOf(frozenset({1})), "components": ListOf(_MODAL_INPUT, 1, 1)}, required=("components",)),
            5,
            1,
        ),
    },
    required=("custom_id", "title", "components"),
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
            {"data": Shape({"choices": ListOf(_choice_shape(ChoiceValue()), 25)}, required=("choices",))}, "data"
        ),
        9: _answer({"data": MODAL}, "data"),
    }
)


# --- commands ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommandName:
    """1 to 32 letters, digits, - _ ' and in lower case."""

    lower: bool = True

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
    "name_localizations": Anything(),
    "description": Text(100, 1),
    "description_localizations": Anything(),
}


def _option(
    extra: Mapping[str, Rule] = {},
    *,
    choices: Rule | None = None,
) -> Shape:
    keys: dict[str, Rule] = {"type": Anything(), **_NAMES, "required": Truth(), **extra}
    if choices is not None:
        keys |= {"choices": Nullable(ListOf(_choice_shape(choices), 25)), "autocomplete": Truth()}
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
    "name_localizations": Anything(),
    "description_localizations": Anything(),
    "default_member_permissions": Nullable(
        Matching(re.compile(r"\d{1,20}"), "NUMBER_TYPE_COERCE", "Value is not a permission set.")
    ),
    "dm_permission": Truth(),
    "nsfw": Truth(),
    "integration_types": ListOf(Whole(0, 1), 2),
    "contexts": Nullable(ListOf(Whole(0, 2), 3)),
}


def command_length(command: object) -> int:
    """The characters of a command's names, descriptions and values, its options' and choices' included."""
    if isinstance(command, list):
        return sum(map(command_length, command))
    if not isinstance(command, dict):
        return 0
    own = sum(len(command[key]) for key in ("name", "description", "value") if isinstance(command.get(key), str))
    return own + command_length(command.get("options")) + command_length(command.get("choices"))


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
CONTEXT_MENU = Shape({**_COMMAND_KEYS, "name": Text(32, 1), "description": Text(0)}, required=("name",))


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


def _commands_together(commands: object) -> Iterator[Fault]:
    listed = [one for one in commands if isinstance(one, dict)] if isinstance(commands, list) else []
    kinds = Counter((one.get("type", 1)) for one in listed)
    for kind, times in kinds.items():
        if times > COMMANDS_OF_TYPE.get(kind, times):
            words = f"Maximum number of application commands of this type reached ({COMMANDS_OF_TYPE[kind]})."
            yield Fault(path=(), code="APPLICATION_COMMANDS_TYPE_MAX", message=words)
        same = [one for one in listed if one.get("type", 1) == kind]
        code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
        yield from _names_differ(same, (), code, "Application command names must be unique")


# --- the questions ----------------------------------------------------------------------------------------------


def message_faults(payload: object) -> list[Fault]:
    """What Discord would refuse in a message's JSON."""
    return list(MESSAGE.faults(payload, ()))


def command_faults(payload: object) -> list[Fault]:
    """What Discord would refuse in the list of commands that registers an application's commands."""
    return [*COMMANDS.faults(payload, ()), *_commands_together(payload)]


def answer_faults(payload: object) -> list[Fault]:
    """What Discord would refuse in the answer to an interaction."""
    return list(ANSWER.faults(payload, ()))


def check_message(payload: object) -> list[str]:
    """`message_faults` as sentences; empty when the message can be sent."""
    return [str(fault) for fault in message_faults(payload)]


def check_commands(payload: object) -> list[str]:
    """`command_faults` as sentences; empty when the commands can be registered."""
    return [str(fault) for fault in command_faults(payload)]


def check_answer(payload: object) -> list[str]:
    """`answer_faults` as sentences; empty when Discord would take the answer."""
    return [str(fault) for fault in answer_faults(payload)]


def form_errors(faults: list[Fault]) -> dict[str, object]:
    """The body of Discord's 400: faults nested as the payload is."""
    errors: dict[str, object] = {}
    for fault in faults:
        place: dict[str, object] = errors
        for part in fault.path:
            inner = place.setdefault(str(part), {})
            assert isinstance(inner, dict)
            place = inner
        said = place.setdefault("_errors", [])
        assert isinstance(said, list)
        said.append({"code": fault.code, "message": fault.message})
    return {"code": 50035, "errors": errors, "message": "Invalid Form Body"}
