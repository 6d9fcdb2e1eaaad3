"""/last: the latest gaming session, score first."""

from __future__ import annotations

from etstats.commands.evening import VIEW, answers, evening_card, evening_of
from etstats.commands.question import Question
from etstats.commands.registry import Topic, command
from etstats.interactions.reply import Message


@command("last", topic=Topic.SESSIONS, options=(VIEW,), answers=answers, example="/last view:Players")
def last(q: Question) -> Message:
    return evening_card(q, evening_of(q))
