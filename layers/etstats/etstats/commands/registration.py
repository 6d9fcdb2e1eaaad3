"""What Discord is told about our commands: the body of `PUT /applications/{id}/commands`."""

from __future__ import annotations

from collections.abc import Sequence

from etstats.commands.registry import Command, Option, commands
from etstats.words import ENGLISH, LANGUAGES, words_for

_CHAT_INPUT, _ON_USER = 1, 2
_SUB_COMMAND, _SUB_COMMAND_GROUP = 1, 2
_IN_SERVERS, _IN_DIRECT_MESSAGES, _ADDED_TO_A_SERVER = 0, 1, 0

Json = dict[str, object]


def registration() -> list[Json]:
    """Every command, in every language."""
    roots: dict[str, list[Command]] = {}
    for one in commands():
        roots.setdefault(one.name if one.on_user else one.name.split()[0], []).append(one)
    return [_root(name, under) for name, under in roots.items()]


def _root(name: str, under: Sequence[Command]) -> Json:
    """A command of its own, or one that has sub-commands. Discord hides these all or none: what one of them needs more
    than the others, is for us to check."""
    first = under[0]
    permission = min(one.permission.value for one in under)
    made: Json = {
        "type": _ON_USER if first.on_user else _CHAT_INPUT,
        "name": name,
        "default_member_permissions": str(permission) if permission else None,
        "contexts": [_IN_SERVERS, _IN_DIRECT_MESSAGES],
        "integration_types": [_ADDED_TO_A_SERVER],
    }
    if first.on_user:
        return made
    if first.name == name:
        return made | _described(first.described) | {"options": _options(first)}
    return made | _described(f"{name}.command") | {"options": _sub_commands(under, depth=1)}


def _sub_commands(under: Sequence[Command], *, depth: int) -> list[Json]:
    made: list[Json] = []
    groups: dict[str, list[Command]] = {}
    for one in under:
        groups.setdefault(one.name.split()[depth], []).append(one)
    for name, inside in groups.items():
        first = inside[0]
        if len(first.name.split()) == depth + 1:
            made.append({"type": _SUB_COMMAND, "name": name, **_described(first.described), "options": _options(first)})
        else:
            key = f"{first.name.split()[0]}.{name}_command"
            options = _sub_commands(inside, depth=depth + 1)
            made.append({"type": _SUB_COMMAND_GROUP, "name": name, **_described(key), "options": options})
    return made


def _described(key: str) -> Json:
    return {"description": words_for(ENGLISH)(key), "description_localizations": _elsewhere(key)}


def _elsewhere(key: str) -> dict[str, str]:
    """The text in every language but English."""
    return {language: words_for(language)(key) for language in LANGUAGES if language != ENGLISH}


def _options(one: Command) -> list[Json]:
    """Discord wants those first that must be given."""
    return [_option(one, option) for option in sorted(one.all_options, key=lambda option: not option.required)]


def _option(one: Command, option: Option) -> Json:
    made: Json = {
        "type": int(option.takes),
        "name": option.name,
        **_described(one.option_described(option)),
        "required": option.required,
    }
    if option.choices:
        made["choices"] = [
            {
                "name": words_for(ENGLISH)(choice.key),
                "name_localizations": _elsewhere(choice.key),
                "value": choice.value,
            }
            for choice in option.choices
        ]
    if option.suggest is not None:
        made["autocomplete"] = True
    limits = {"min_value": option.at_least, "max_value": option.at_most, "max_length": option.max_length}
    return made | {key: limit for key, limit in limits.items() if limit is not None}
