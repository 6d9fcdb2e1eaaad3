"""/score: who won which map of an evening and why, and who stood for which team."""

from __future__ import annotations

from etstats.cards import score as card
from etstats.commands.evening import evening_of
from etstats.commands.option import WHEN
from etstats.commands.question import Question
from etstats.commands.registry import Topic, command
from etstats.interactions.reply import Message
from etstats.storage.evening import round_lines


@command("score", topic=Topic.SESSIONS, options=(WHEN,), example="/score when:yesterday")
def score(q: Question) -> Message:
    evening = evening_of(q)
    return card.card(q.words, evening, round_lines(q.db, evening.session.session_id))
