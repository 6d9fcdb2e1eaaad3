"""The help card: commands by topic, one line each; one topic or one command with everything there is to say.

Sub-commands share the line of their command.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etstats.cards.text import NEUTRAL
from etstats.interactions.reply import Embed, Field, Menu, MenuChoice, Message, Press
from etstats.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """*options*: names and what they mean. *on_user*: it is in a person's menu, not typed. *family*: what a
    sub-command and its siblings are about. *tier*: the words' key of ours that it needs."""

    name: str
    description: str
    family: str = ""
    example: str = ""
    options: tuple[tuple[str, str], ...] = ()
    on_user: bool = False
    private: bool = False
    admins_only: bool = False
    tier: str = ""
    cooldown_s: int = 0


def card(words: Words, topics: Mapping[str, Sequence[Entry]], *, chosen: str = "") -> Message:
    """*topics*: commands by the topic's name; *chosen* '': all of them, in short."""
    title = words("help.title")
    if chosen:
        embed = Embed(
            title=f"{title} · {words(f'help.topic_{chosen}')}",
            description="\n\n".join(_told(words, entry) for entry in topics[chosen]),
            colour=NEUTRAL,
            footer=words("help.footer"),
        )
    else:
        fields = tuple(
            Field(name=words(f"help.topic_{topic}"), value="\n".join(_lines(entries)))
            for topic, entries in topics.items()
        )
        embed = Embed(
            title=title, description=words("help.intro"), colour=NEUTRAL, fields=fields, footer=words("help.footer")
        )
    return Message(embeds=(embed,), rows=((_menu(words, topics, chosen),),))


def one(words: Words, entry: Entry) -> Message:
    """A single command, option by option."""
    fields = [Field(name=words("help.options"), value="\n".join(f"`{name}` {told}" for name, told in entry.options))]
    if entry.example:
        fields.append(Field(name=words("help.example"), value=f"`{entry.example}`"))
    notes = [words("help.private")] if entry.private else []
    notes += [words("help.admins_only")] if entry.admins_only else []
    notes += [words("help.for_tier", tier=words(entry.tier))] if entry.tier else []
    notes += [words("help.cooldown", seconds=entry.cooldown_s)] if entry.cooldown_s else []
    embed = Embed(
        title=entry.name if entry.on_user else f"/{entry.name}",
        description="\n".join((entry.description, *notes)),
        colour=NEUTRAL,
        fields=tuple(fields if entry.options else fields[1:]),
        footer=words("help.footer"),
    )
    return Message(embeds=(embed,))


def _lines(entries: Sequence[Entry]) -> list[str]:
    """`/link` Which player you are · add, approve, …"""
    lines: dict[str, str] = {}
    for entry in entries:
        root, _, rest = entry.name.partition(" ")
        if entry.on_user or not rest:
            lines[entry.name] = f"{_name(entry)} {entry.description}"
        else:
            lines[root] = f"{lines[root]}, {rest}" if root in lines else f"`/{root}` {entry.family} · {rest}"
    return list(lines.values())


def _told(words: Words, entry: Entry) -> str:
    lines = [f"**{_name(entry)}**", entry.description]
    if entry.on_user:
        lines.append(words("help.on_user"))
    lines += [f"-# `{name}` {told}" for name, told in entry.options]
    return "\n".join(lines)


def _name(entry: Entry) -> str:
    return f"`{entry.name}`" if entry.on_user else f"`/{entry.name}`"


def _menu(words: Words, topics: Mapping[str, Sequence[Entry]], chosen: str) -> Menu:
    everything = MenuChoice(label=words("help.all"), value="all", chosen=not chosen)
    listed = [MenuChoice(label=words(f"help.topic_{topic}"), value=topic, chosen=topic == chosen) for topic in topics]
    return Menu(
        press=Press(command="help", fills="topic"), choices=(everything, *listed), placeholder=words("help.menu")
    )
