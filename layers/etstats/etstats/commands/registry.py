"""One declaration per command; dispatch, registration, help and docs/commands.md all come from it.

    @command("leaderboard", options=(Option(name="by", choices=…), PERIOD), answers=Answers.NOW)
    def leaderboard(q: Question) -> Message: ...

    @command("link add", …)          a sub-command: one of /link
    @user_menu("Stats")              in the menu of a person, under “Apps”

What people read about it is in `etstats/words/`, in the section of its first word: `leaderboard.command`,
`leaderboard.option_by`, `link.add_command`, `link.add_option_player`; `menu.compare_with_me`.

Importing a command's module registers it; `etstats.commands.catalogue` imports them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, TypeVar

from etstats.commands.question import Question
from etstats.domain.permission import Tier
from etstats.interactions.custom_id import STATE_BYTES, command_bytes, option_bytes
from etstats.interactions.reply import CHOICES, Choice, Message
from etstats.interactions.request import Asked

if TYPE_CHECKING:
    from etstats.interactions.form import Form

Run = Callable[[Question], "Message | Form"]
R = TypeVar("R", bound=Run)
Suggest = Callable[[Question], "tuple[Choice, ...]"]

_NAME = re.compile(r"[a-z0-9_-]{1,32}")
_TYPED = re.compile(r"[a-z0-9_-]{1,32}( [a-z0-9_-]{1,32}){0,2}")
_ON_A_USER = re.compile(r"[A-Z][A-Za-z0-9 ]{0,31}")  # the capital keeps it apart from what is typed
_MOST_OPTIONS = 25


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
    MODERATE_MEMBERS = 1 << 40


# What Discord must allow whoever has one of our own tiers; both count.
_OF_TIER = {
    Tier.MEMBER: Permission.EVERYBODY,
    Tier.MODERATOR: Permission.MODERATE_MEMBERS,
    Tier.ADMIN: Permission.MANAGE_SERVER,
    Tier.ROOT: Permission.MANAGE_SERVER,
}


class Topic(Enum):
    """Where /help lists a command; its title is `help.topic_<value>`."""

    SESSIONS = "sessions"
    PLAYERS = "players"
    DEMOS = "demos"
    YOU = "you"
    TOGETHER = "together"
    SERVER = "server"


class Takes(IntEnum):
    """Discord's option types."""

    TEXT = 3
    WHOLE_NUMBER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    ATTACHMENT = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One of an option's choices; *key* is its words'."""

    value: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """*described*: the key of its words, where several commands share it. *carried*: how many bytes its value takes at
    most in a button; 0: no button carries it, unless it has choices, is a whole number or a boolean."""

    name: str
    takes: Takes = Takes.TEXT
    choices: tuple[Labelled, ...] = ()
    suggest: Suggest | None = None
    required: bool = False
    at_least: int | None = None
    at_most: int | None = None
    max_length: int | None = None
    described: str = ""
    carried: int = 0

    @property
    def state_bytes(self) -> int:
        """What it takes at most in a button, with its name; 0: it is in none."""
        if self.choices:
            longest = max(len(choice.value.encode()) for choice in self.choices)
        elif self.takes is Takes.BOOLEAN:
            longest = len("true")
        elif self.takes is Takes.WHOLE_NUMBER and self.at_most is not None:
            longest = len(str(self.at_most))
        else:
            longest = self.carried
        return longest and option_bytes(self.name, longest)


# In a public command: the answer for the caller alone.
PRIVATE = Option(name="private", takes=Takes.BOOLEAN, described="option.private")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """*name*: as typed after the slash, with its sub-commands. *on_user*: chosen in a person's menu instead.

    *cooldown_s*: how long each of us waits before asking again; buttons are free. *needs_database*: without, it is
    answered even where nothing can be read. *tier*: our own, beside Discord's permission; what needs one is on record.
    *shared*: its buttons belong to everybody who sees them; whoever presses one changes the message for all.
    """

    name: str
    run: Run
    options: tuple[Option, ...] = ()
    answers: Answers | Callable[[Asked], Answers] = Answers.NOW
    seen: Seen = Seen.PUBLIC
    permission: Permission = Permission.EVERYBODY
    cooldown_s: int = 0
    example: str = ""
    on_user: bool = False
    needs_database: bool = True
    topic: Topic = Topic.PLAYERS
    tier: Tier = Tier.MEMBER
    shared: bool = False

    @property
    def all_options(self) -> tuple[Option, ...]:
        """With the one that every public command has."""
        return self.options if self.seen is Seen.PRIVATE or self.on_user else (*self.options, PRIVATE)

    def option(self, name: str) -> Option | None:
        return next((option for option in self.options if option.name == name), None)

    def may_be_used_by(self, permissions: int) -> bool:
        """Discord checks too, but what a client shows is no protection."""
        return permissions & self.permission.value == self.permission.value

    def answers_to(self, asked: Asked) -> Answers:
        return self.answers if isinstance(self.answers, Answers) else self.answers(asked)

    @property
    def described(self) -> str:
        """The key of its description."""
        if self.on_user:
            return "menu." + self.name.lower().replace(" ", "_")
        return self._key("command")

    def option_described(self, option: Option) -> str:
        return option.described or self._key(f"option_{option.name}")

    def _key(self, what: str) -> str:
        section, *rest = self.name.split()
        return f"{section}." + "_".join((*rest, what))


_commands: dict[str, Command] = {}
_pressed: dict[str, Command] = {}


def command(
    name: str,
    *,
    options: tuple[Option, ...] = (),
    answers: Answers | Callable[[Asked], Answers] = Answers.NOW,
    seen: Seen = Seen.PUBLIC,
    permission: Permission = Permission.EVERYBODY,
    cooldown_s: int = 0,
    example: str = "",
    needs_database: bool = True,
    topic: Topic = Topic.PLAYERS,
    tier: Tier = Tier.MEMBER,
) -> Callable[[R], R]:
    """Registers the function as the slash command *name*. Raises ValueError for a declaration Discord would refuse."""

    def register(run: R) -> R:
        _register(
            Command(
                name=name, run=run, options=options, answers=answers, seen=seen, tier=tier,
                permission=_OF_TIER[tier] if permission is Permission.EVERYBODY else permission,
                cooldown_s=cooldown_s, example=example or f"/{name}", needs_database=needs_database, topic=topic,
            )
        )  # fmt: skip
        return run

    return register


def user_menu(name: str) -> Callable[[R], R]:
    """Registers the function in the menu of a person; `q.asked.target` is whose. Raises ValueError as `command`."""

    def register(run: R) -> R:
        _register(Command(name=name, run=run, example=name, on_user=True))
        return run

    return register


def button(
    name: str, *, options: tuple[Option, ...] = (), answers: Answers = Answers.NOW, tier: Tier = Tier.MEMBER,
    shared: bool = False,
) -> Callable[[R], R]:  # fmt: skip
    """What the buttons under our posts ask for, which nobody can type. Raises ValueError as `command`."""

    def register(run: R) -> R:
        made = Command(
            name=name, run=run, options=options, seen=Seen.PRIVATE, answers=answers, tier=tier,
            permission=_OF_TIER[tier], shared=shared,
        )  # fmt: skip
        _check(made)
        _pressed[name] = made
        return run

    return register


def _register(made: Command) -> None:
    _check(made)
    _commands[made.name] = made


def _check(made: Command) -> None:
    if made.name in _commands or made.name in _pressed:
        raise ValueError(f"/{made.name} is declared twice")
    if not (_ON_A_USER if made.on_user else _TYPED).fullmatch(made.name):
        raise ValueError(f"{made.name!r} is no name for a command: 1 to 32 of a-z, 0-9, _ and - in each of its words")
    for other in _commands:
        if f"{other} ".startswith(f"{made.name} ") or f"{made.name} ".startswith(f"{other} "):
            raise ValueError(f"/{made.name} and /{other}: what has sub-commands cannot be asked for itself")
    _check_options(made)


def _check_options(made: Command) -> None:
    names = [option.name for option in made.all_options]
    if len(names) != len(set(names)) or len(names) > _MOST_OPTIONS:
        raise ValueError(f"/{made.name} has an option twice, or more than {_MOST_OPTIONS}")
    for option in made.options:
        if not _NAME.fullmatch(option.name):
            raise ValueError(f"{option.name!r} is no name for an option: 1 to 32 of a-z, 0-9, _ and -")
        if len(option.choices) > CHOICES:
            raise ValueError(f"/{made.name} has an option with more than {CHOICES} choices")
    state = command_bytes(made.name) + sum(option.state_bytes for option in made.options)
    if state > STATE_BYTES:
        raise ValueError(f"/{made.name} with all its options does not fit a button: {state} bytes of {STATE_BYTES}")


def commands() -> tuple[Command, ...]:
    """Every registered command, by name; without what can only be pressed."""
    return tuple(_commands[name] for name in sorted(_commands))


def find_command(name: str) -> Command | None:
    return _commands.get(name) or _pressed.get(name)
