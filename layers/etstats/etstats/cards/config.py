"""What the admins of a Discord server have chosen, all of it."""

from __future__ import annotations

from etstats.cards.text import NEUTRAL
from etstats.domain.setting import GuildSettings
from etstats.interactions.reply import Embed, Field, Message
from etstats.words import Words

_POSTS = (("round", "round_cards"), ("session", "session_cards"), ("digest", "digests"), ("demo", "demo_cards"))


def card(words: Words, settings: GuildSettings) -> Message:
    """For the admin alone."""
    posts = "\n".join(_post(words, settings, kind, switch) for kind, switch in _POSTS)
    channels = ", ".join(f"<#{channel}>" for channel in settings.channels) or words("config.everywhere")
    admin = f"<@{settings.admin}>" if settings.admin else words("config.nobody")
    language = words(f"lang.{settings.language}") if settings.language else words("config.language_not_set")
    return Message(
        embeds=(
            Embed(
                title=words("config.title"),
                colour=NEUTRAL,
                fields=(
                    Field(name=words("config.posts"), value=posts),
                    Field(name=words("config.channels"), value=channels),
                    Field(name=words("config.admin"), value=admin, inline=True),
                    Field(name=words("config.language"), value=language, inline=True),
                ),
                footer=words("config.footer"),
            ),
        ),
        private=True,
    )


def _post(words: Words, settings: GuildSettings, kind: str, switch: str) -> str:
    """✅ Round cards → #stats."""
    channel = getattr(settings, f"{kind}_channel")
    on = bool(getattr(settings, switch)) and bool(channel)
    where = f"<#{channel}>" if channel else words("config.nowhere")
    state = "✅" if on else "⏸️"
    return f"{state} {words(f'config.{kind}')} → {where}"
