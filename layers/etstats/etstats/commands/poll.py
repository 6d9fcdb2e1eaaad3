"""/poll: a question to everybody in the channel; one vote each, until it closes by itself."""

from __future__ import annotations

from datetime import timedelta

from etstats.cards import poll as card
from etstats.commands.question import Question
from etstats.commands.registry import Option, Takes, Topic, button, command
from etstats.domain.poll import LONGEST_ANSWER, LONGEST_QUESTION, MOST_ANSWERS, MOST_HOURS, USUAL_HOURS
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage import poll as book
from etstats.words import words_for

_REQUIRED = 2
_ANSWERS = tuple(
    Option(
        name=f"answer{number}", required=number <= _REQUIRED, max_length=LONGEST_ANSWER, described="poll.option_answer"
    )
    for number in range(1, MOST_ANSWERS + 1)
)


@command(
    "poll",
    options=(
        Option(name="question", required=True, max_length=LONGEST_QUESTION),
        *_ANSWERS,
        Option(name="hours", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=MOST_HOURS),
    ),
    cooldown_s=10,
    example="/poll question:Which map first? answer1:Supply answer2:Goldrush hours:4",
    topic=Topic.TOGETHER,
)
def poll(q: Question) -> Message:
    if not q.asked.guild_id:
        raise Refusal("poll.in_a_server")
    answers = list(dict.fromkeys(text for one in _ANSWERS if (text := q.asked.text(one.name))))
    if len(answers) < _REQUIRED:
        raise Refusal("poll.too_few")
    hours = min(max(q.asked.number("hours", USUAL_HOURS), 1), MOST_HOURS)
    number = book.open_poll(
        q.db,
        guild_id=q.asked.guild_id,
        channel_id=q.asked.channel_id,
        asked_by=q.asked.caller.id,
        question=q.asked.text("question")[:LONGEST_QUESTION],
        answers=[one[:LONGEST_ANSWER] for one in answers],
        language=q.shared_words.language,
        now=q.now,
        closes_at=q.now + timedelta(hours=hours),
        interaction_id=q.asked.id,
    )
    return _shown(q, number)


@button(
    "polls vote",
    options=(
        Option(name="poll", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=10**12),
        Option(name="answer", takes=Takes.WHOLE_NUMBER, at_least=0, at_most=MOST_ANSWERS - 1),
    ),
    shared=True,
)
def vote_poll(q: Question) -> Message:
    """Where it has closed it is shown as it ended."""
    number = q.asked.number("poll", 0)
    answer = q.asked.number("answer", -1)
    stands = q.asked.pressed_on.id if q.asked.pressed_on is not None else ""
    book.vote(q.db, number, q.asked.caller.id, answer, guild_id=q.asked.guild_id, message_id=stands, now=q.now)
    return _shown(q, number)


def _shown(q: Question, number: int) -> Message:
    found = book.find_poll(q.db, number, guild_id=q.asked.guild_id)
    if found is None:
        raise Refusal("poll.gone")
    return card.card(words_for(found.language), found, now=q.now)
