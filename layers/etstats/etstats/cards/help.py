"""The help card: one line per command, in words that can be typed as they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from etstats.cards.text import NEUTRAL
from etstats.interactions.reply import Embed, Message
from etstats.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    example: str
    description: str
    options: tuple[str, ...] = ()


def card(_: Words, entries: Iterable[Entry]) -> Message:
    lines = [f"**`{entry.example}`**\n{entry.description}" for entry in entries]
    embed = Embed(
        title="What you can ask",
        description="\n".join(lines),
        colour=NEUTRAL,
        footer="Every figure says how many rounds it rests on. – means: not known.",
    )
    return Message(embeds=(embed,))
