"""What an admin is told, once, when nothing can be posted to a channel."""

from __future__ import annotations

from etstats.cards.text import escaped
from etstats.domain.announcement import Trouble
from etstats.interactions.reply import Message
from etstats.words import Words


def card(words: Words, trouble: Trouble) -> Message:
    return Message(
        content=words(
            "trouble.channel",
            channel=f"<#{trouble.channel_id}>",
            problem=escaped(trouble.problem),
            since=f"{trouble.problem_since:%Y-%m-%d %H:%M}",
        )
    )
