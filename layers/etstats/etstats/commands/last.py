"""/last: the latest gaming session, score first."""

from __future__ import annotations

from etstats.cards import last as card
from etstats.commands.question import Question
from etstats.commands.registry import Topic, command
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage.evening import find_last_session


@command("last", topic=Topic.SESSIONS)
def last(q: Question) -> Message:
    evening = find_last_session(q.db)
    if evening is None:
        raise Refusal("refusal.no_data")
    return card.card(q.words, evening.session, evening.maps, evening.lone_rounds, evening.lines)
