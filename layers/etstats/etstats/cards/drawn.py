"""A card with its picture: everything it shows is in the card's words as well."""

from __future__ import annotations

from dataclasses import replace

from etstats.interactions.reply import Attachment, Message

_LONGEST_DESCRIPTION = 1_024


def with_picture(message: Message, name: str, png: bytes, *, told: str) -> Message:
    """*message* with a picture below its first embed; *told*: what it shows, for those who cannot see it."""
    file = Attachment(name=f"{name}.png", content=png, media_type="image/png", description=told[:_LONGEST_DESCRIPTION])
    first, *others = message.embeds
    return replace(message, embeds=(replace(first, image=file.name), *others), files=(file,))
