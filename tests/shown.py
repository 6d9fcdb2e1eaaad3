"""What a card shows, as a player reads it; and whether Discord and a phone take it."""

from __future__ import annotations

from collections.abc import Iterator

from etstats.cards.text import PHONE_COLUMNS
from etstats.interactions.reply import Message, message_json
from local.discord_limits import check_message


def texts(message: Message) -> str:
    return "\n".join(
        "\n".join([embed.title, embed.description, *(f"{f.name}\n{f.value}" for f in embed.fields), embed.footer])
        for embed in message.embeds
    )


def table_lines(message: Message) -> Iterator[str]:
    inside = False
    for line in texts(message).split("\n"):
        if line.startswith("```"):
            inside = not inside
        elif inside:
            yield line


def assert_acceptable(message: Message) -> None:
    """Discord takes it, and its tables fit a phone."""
    assert check_message(message_json(message, lambda press: f"{press.command}{press.options}{press.fills}")) == []
    assert max(map(len, table_lines(message)), default=0) <= PHONE_COLUMNS
