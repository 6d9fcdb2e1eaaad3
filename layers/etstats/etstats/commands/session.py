"""/session: one evening, from every side; the menu under the card changes between them in place."""

from __future__ import annotations

from etstats.commands.evening import VIEW, answers, evening_card, evening_of
from etstats.commands.option import WHEN
from etstats.commands.question import Question
from etstats.commands.registry import Topic, command
from etstats.interactions.reply import Message


@command(
    "session",
    topic=Topic.SESSIONS,
    options=(WHEN, VIEW),
    answers=answers,
    example="/session when:2 Oct 2025 view:Combat",
)
def session(q: Question) -> Message:
    return evening_card(q, evening_of(q))
