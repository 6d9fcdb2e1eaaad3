"""One declaration per command; dispatch, registration, help and docs/commands.md all come from it.

    @command("leaderboard", "Who is ahead", options=(choice("by", "What counts", …),))
    def leaderboard(asked: Asked, db: Database) -> Message: ...

Importing a command's module registers it; `etstats.commands.catalogue` imports them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import TYPE_CHECKING

from etstats.interactions.reply import Choice, Message
from etstats.interactions.request import Asked

if TYPE_CHECKING:
    from etstats.storage.database import Database

Run = Callable[["Asked", "Database"], Message]
Suggest = Callable[["Asked", "Database"], "tuple[Choice, ...]"]

_NAME = re.compile(r"[a-z0-9_-]{1,32}")
_CHAT_INPUT = 1
_IN_SERVERS, _IN_DIRECT_MESSAGES, _ADDED_TO_A_SERVER = 0, 1, 0


class Answers(Enum):
    """NOW: within Discord's three seconds. LATER: “thinking…” first, the answer within 15 minutes."""

    NOW = "now"
    LATER = "later"


class Seen(Enum):
    """Discord fixes with the first answer who sees it: everybody in the channel, or the caller alone."""

    PUBLIC = "public"
    PRIVATE = "private"


class Permission(Enum):
    """Who may use a command, as Discord's permission bits."""

    EVERYBODY = 0
    MANAGE_SERVER = 1 << 5


class Takes(IntEnum):
    """Discord's option types."""

    TEXT = 3
    WHOLE_NUMBER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    name: str
    description: str
    takes: Takes = Takes.TEXT
    choices: tuple[Choice, ...] = ()
    suggest: Suggest | None = None
    required: bool = False
    at_least: int | None = None
    at_most: int | None = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    name: str
    description: str
    run: Run
    options: tuple[Option, ...] = ()
    answers: Answers = Answers.NOW
    seen: Seen = Seen.PUBLIC
    permission: Permission = Permission.EVERYBODY
    example: str = ""

    def option(self, name: str) -> Option | None:
        return next((option for option in self.options if option.name == name), None)

    def may_be_used_by(self, permissions: int) -> bool:
        """Discord checks too, but what a client shows is no protection."""
        return permissions & self.permission.value == self.permission.value


_commands: dict[str, Command] = {}


def command(
    name: str,
    description: str,
    *,
    options: tuple[Option, ...] = (),
    answers: Answers = Answers.NOW,
    seen: Seen = Seen.PUBLIC,
    permission: Permission = Permission.EVERYBODY,
    example: str = "",
) -> Callable[[Run], Run]:
    """Registers the function as the slash command *name*. Raises ValueError for a declaration Discord would refuse."""

    def register(run: Run) -> Run:
        made = Command(
            name=name, description=description, run=run, options=options,
            answers=answers, seen=seen, permission=permission, example=example or f"/{name}",
        )  # fmt: skip
        _check(made)
        _commands[name] = made
        return run

    return register


def _check(made: Command) -> None:
    if made.name in _commands:
        raise ValueError(f"/{made.name} is declared twice")
    for name in (made.name, *(option.name for option in made.options)):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a command or option: 1 to 32 of a-z, 0-9, _ and -")
    for text in (made.description, *(option.description for option in made.options)):
        if not 1 <= len(text) <= 100:
            raise ValueError(f"/{made.name} has a description outside 1 to 100 characters: {text!r}")
    if any(len(option.choices) > 25 for option in made.options):
        raise ValueError(f"/{made.name} has an option with more than 25 choices")


def commands() -> tuple[Command, ...]:
    """Every registered command, by name."""
    return tuple(_commands[name] for name in sorted(_commands))


def find_command(name: str) -> Command | None:
    return _commands.get(name)


def registration() -> list[dict[str, object]]:
    """What Discord is told: the body of `PUT /applications/{id}/commands`."""
    return [_command_json(one) for one in commands()]


def _command_json(one: Command) -> dict[str, object]:
    permission = one.permission.value
    return {
        "type": _CHAT_INPUT,
        "name": one.name,
        "description": one.description,
        "options": [_option_json(option) for option in sorted(one.options, key=lambda option: not option.required)],
        "default_member_permissions": str(permission) if permission else None,
        "contexts": [_IN_SERVERS, _IN_DIRECT_MESSAGES],
        "integration_types": [_ADDED_TO_A_SERVER],
    }


def _option_json(option: Option) -> dict[str, object]:
    made: dict[str, object] = {
        "type": int(option.takes),
        "name": option.name,
        "description": option.description,
        "required": option.required,
    }
    if option.choices:
        made["choices"] = [{"name": choice.name, "value": choice.value} for choice in option.choices]
    if option.suggest is not None:
        made["autocomplete"] = True
    limits = {"min_value": option.at_least, "max_value": option.at_most, "max_length": option.max_length}
    return made | {key: limit for key, limit in limits.items() if limit is not None}


def markdown() -> str:
    """docs/commands.md."""
    return "\n".join(["# Commands", "", _INTRODUCTION, "", *(line for one in commands() for line in _section(one))])


_INTRODUCTION = (
    "Written by `etstats commands --markdown` from the declarations in `layers/etstats/etstats/commands/`; "
    "a test fails when it is out of date."
)


def _section(one: Command) -> list[str]:
    when = "at once" if one.answers is Answers.NOW else "after a moment of “thinking…”"
    who = "for everybody in the channel" if one.seen is Seen.PUBLIC else "for you alone"
    lines = [f"## /{one.name}", "", f"{one.description}. Answers {when}, {who}."]
    if one.permission is not Permission.EVERYBODY:
        lines[-1] += f" Needs the permission {one.permission.name.replace('_', ' ').lower()}."
    lines += ["", f"    {one.example}", ""]
    if one.options:
        lines += ["| Option | Meaning | Values |", "| --- | --- | --- |", *map(_row, one.options), ""]
    return lines


def _row(option: Option) -> str:
    if option.choices:
        values = ", ".join(choice.name for choice in option.choices)
    elif option.takes is Takes.WHOLE_NUMBER:
        values = f"{option.at_least} to {option.at_most}"
    else:
        values = "text, suggested while typing" if option.suggest else "text"
    required = "" if option.required else " (may be left out)"
    return f"| `{option.name}`{required} | {option.description} | {values} |"
