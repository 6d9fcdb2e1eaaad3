"""A way to an address that we signed: too long for a button, which has room for 512 signs."""

from __future__ import annotations

from etstats.cards.text import NEUTRAL
from etstats.interactions.reply import Embed


def linked(label: str, url: str) -> Embed:
    """*url*: signed by a function's role it carries the role's session, some 1,500 signs in all."""
    return Embed(description=f"**[{label}]({url})**", colour=NEUTRAL)
