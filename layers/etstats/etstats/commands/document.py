"""docs/commands.md, written from the declarations."""

from __future__ import annotations

from etstats.commands.registry import Answers, Command, Option, Permission, Seen, Takes, commands
from etstats.domain.permission import Tier
from etstats.words import ENGLISH, words_for

_INTRODUCTION = (
    "Written by `etstats commands --markdown` from the declarations in `layers/etstats/etstats/commands/`; "
    "a test fails when it is out of date.\n\n"
    "What is answered for everybody in the channel has the option `private` as well: the answer for you alone."
)
_words = words_for(ENGLISH)


def markdown() -> str:
    return "\n".join(["# Commands", "", _INTRODUCTION, "", *(line for one in commands() for line in _section(one))])


def _section(one: Command) -> list[str]:
    title = f"{one.name} (in a person's menu)" if one.on_user else f"/{one.name}"
    lines = [f"## {title}", "", f"{_words(one.described)}. Answers {_when(one)}, {_who(one)}."]
    if one.permission is not Permission.EVERYBODY:
        lines[-1] += f" Needs the permission {one.permission.name.replace('_', ' ').lower()}."
    if one.tier is not Tier.MEMBER:
        lines[-1] += f" For {one.tier.name.lower()}s and above; on record."
    if not one.on_user:
        lines += ["", f"    {one.example}"]
    lines.append("")
    if one.options:
        lines += ["| Option | Meaning | Values |", "| --- | --- | --- |"]
        lines += [*(_row(one, option) for option in one.options), ""]
    return lines


def _when(one: Command) -> str:
    if not isinstance(one.answers, Answers):
        return "at once, or after a moment of “thinking…” where a picture is drawn"
    return "at once" if one.answers is Answers.NOW else "after a moment of “thinking…”"


def _who(one: Command) -> str:
    return "for everybody in the channel" if one.seen is Seen.PUBLIC else "for you alone"


_VALUES = {
    Takes.BOOLEAN: "true or false",
    Takes.USER: "a member of the server",
    Takes.CHANNEL: "a channel",
    Takes.ROLE: "a role of the server",
    Takes.ATTACHMENT: "a file",
}


def _row(one: Command, option: Option) -> str:
    required = "" if option.required else " (may be left out)"
    return f"| `{option.name}`{required} | {_words(one.option_described(option))} | {_values(option)} |"


def _values(option: Option) -> str:
    if option.choices:
        return ", ".join(_words(choice.key) for choice in option.choices)
    if option.takes is Takes.WHOLE_NUMBER:
        return f"{option.at_least} to {option.at_most}"
    return _VALUES.get(option.takes, "text, suggested while typing" if option.suggest else "text")
