"""/poll: a question to everybody in the channel; one vote each, until it closes by itself.

What was left out is asked for in a form, which is less to type on a phone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from etstats.cards import poll as card
from etstats.commands.question import Question
from etstats.commands.registry import Option, Takes, Topic, button, command
from etstats.domain.poll import FEWEST_ANSWERS, LONGEST_ANSWER, LONGEST_QUESTION, MOST_ANSWERS, MOST_HOURS, USUAL_HOURS
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.interactions.request import Kind
from etstats.storage import poll as book
from etstats.words import words_for

if TYPE_CHECKING:
    from etstats.interactions.form import Form

_ANSWERS = tuple(
    Option(name=f"answer{number}", max_length=LONGEST_ANSWER, described="poll.option_answer")
    for number in range(1, MOST_ANSWERS + 1)
)


@command(
    "poll",
    options=(
        Option(name="question", max_length=LONGEST_QUESTION),
        *_ANSWERS,
        Option(name="hours", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=MOST_HOURS),
    ),
    cooldown_s=10,
    example="/poll question:Which map first? answer1:Supply answer2:Goldrush hours:4",
    topic=Topic.TOGETHER,
)
def poll(q: Question) -> Message | Form:
    if not q.asked.guild_id:
        raise Refusal("poll.in_a_server")
    question, answers = q.asked.text("question")[:LONGEST_QUESTION], _answers(q)
    hours = min(max(q.asked.number("hours", USUAL_HOURS), 1), MOST_HOURS)
    if not question or len(answers) < FEWEST_ANSWERS:
        if q.asked.kind is Kind.COMMAND:
            return card.form(q.words, question, answers, hours=hours, private=q.private)
        raise Refusal("poll.too_few")
    if len(answers) > MOST_ANSWERS:
        raise Refusal("poll.too_many", most=MOST_ANSWERS)
    number = book.open_poll(
        q.db,
        guild_id=q.asked.guild_id,
        channel_id=q.asked.channel_id,
        asked_by=q.asked.caller.id,
        question=question,
        answers=answers,
        language=q.shared_words.language,
        now=q.now,
        closes_at=q.now + timedelta(hours=hours),
        interaction_id=q.asked.id,
    )
    return _shown(q, number)


def _answers(q: Question) -> list[str]:
    """Each once: of the options, or of the form with one a line."""
    typed = [*(q.asked.text(one.name) for one in _ANSWERS), *q.asked.text(card.LINES).splitlines()]
    return list(dict.fromkeys(text for one in typed if (text := one.strip()[:LONGEST_ANSWER])))


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
