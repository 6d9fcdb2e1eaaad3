"""/help: what can be asked, straight from the registry."""

from __future__ import annotations

from etstats.cards import help as card
from etstats.commands.question import Question
from etstats.commands.registry import Seen, command, commands
from etstats.interactions.reply import Message


@command("help", seen=Seen.PRIVATE, needs_database=False)
def help(q: Question) -> Message:
    """Only what the caller may use."""
    entries = [
        card.Entry(example=one.example, description=q.words(one.described), options=tuple(o.name for o in one.options))
        for one in commands()
        if one.may_be_used_by(q.asked.caller.permissions)
    ]
    return card.card(q.words, entries)
