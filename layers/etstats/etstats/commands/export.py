"""/export: the last session's figures as files."""

from __future__ import annotations

from etstats.cards import export as card
from etstats.commands.question import Question
from etstats.commands.registry import Answers, Topic, command
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage.evening import find_last_session


@command("export", answers=Answers.LATER, topic=Topic.SESSIONS)
def export(q: Question) -> Message:
    evening = find_last_session(q.db)
    if evening is None:
        raise Refusal("refusal.no_data")
    return card.card(q.words, evening.session, evening.maps, evening.lone_rounds, evening.lines)
