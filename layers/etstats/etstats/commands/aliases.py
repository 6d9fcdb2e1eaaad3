"""/aliases: every name somebody has played under."""

from __future__ import annotations

from etstats.cards import alias as card
from etstats.commands.option import PLAYER, person_of
from etstats.commands.question import Question
from etstats.commands.registry import Option, Takes, Topic, command
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage import player as book

_LAST_PAGE = 50


@command(
    "aliases",
    options=(PLAYER, Option(name="page", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=_LAST_PAGE)),
    example="/aliases player:nick",
    topic=Topic.PLAYERS,
)
def aliases(q: Question) -> Message:
    guid = person_of(q)
    names = book.aliases(q.db, guid)
    if not names:
        raise Refusal("aliases.none")
    page = min(max(q.asked.number("page", 1), 1), card.pages(names))
    return card.card(q.words, guid, names, book.accounts_of(q.db, guid), page=page)
