"""/awards: what an evening's players are remembered for."""

from __future__ import annotations

from etstats.cards.session.view import ways
from etstats.commands.evening import awards_embed, evening_of
from etstats.commands.option import WHEN
from etstats.commands.question import Question
from etstats.commands.registry import Topic, command
from etstats.interactions.reply import Message


@command("awards", topic=Topic.SESSIONS, options=(WHEN,), example="/awards when:yesterday")
def awards(q: Question) -> Message:
    evening = evening_of(q)
    row = ways(q.words, evening.session.session_id, here="awards")
    return Message(embeds=(awards_embed(q, evening),), rows=(row,))
