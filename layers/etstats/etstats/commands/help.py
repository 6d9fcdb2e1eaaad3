"""/help: what can be asked, straight from the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etstats.cards import help as card
from etstats.commands.registry import Seen, command, commands
from etstats.interactions.reply import Message
from etstats.interactions.request import Asked

if TYPE_CHECKING:
    from etstats.storage.database import Database


@command("help", "What you can ask", seen=Seen.PRIVATE)
def help(asked: Asked, _: Database) -> Message:
    """Only what the caller may use."""
    entries = [
        card.Entry(example=one.example, description=one.description, options=tuple(o.name for o in one.options))
        for one in commands()
        if one.may_be_used_by(asked.caller.permissions)
    ]
    return card.card(entries)
