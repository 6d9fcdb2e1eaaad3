"""/avail: who is in on which evening."""

from __future__ import annotations

import re
from datetime import date, timedelta

from etstats.cards import avail as card
from etstats.cards.text import escaped
from etstats.commands.question import Question
from etstats.commands.registry import Labelled, Option, Seen, Topic, button, command
from etstats.domain.availability import DAYS, FURTHEST, Available, Status
from etstats.domain.day import day_ahead
from etstats.errors import Refusal
from etstats.interactions.reply import Choice, Message, sentence
from etstats.storage import availability as book

_TAKE_BACK = "remove"
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


def suggest_day(q: Question) -> tuple[Choice, ...]:
    """Today and the six days after it."""
    typed = q.asked.text(q.asked.focused).casefold()
    days = [q.today + timedelta(days=ahead) for ahead in range(DAYS)]
    labelled = [(q.words.day(day), day.isoformat()) for day in days]
    return tuple(Choice(name=name, value=value) for name, value in labelled if typed in name.casefold())


_DAY = Option(name="day", suggest=suggest_day, max_length=40, described="avail.option_day", carried=10)


@command("avail show", options=(_DAY,), example="/avail show day:tomorrow", topic=Topic.TOGETHER)
def avail_show(q: Question) -> Message:
    """Nothing chosen: today."""
    return _board(q, _day(q))


@command(
    "avail set",
    options=(
        Option(
            name="status",
            required=True,
            choices=(
                *(Labelled(value=one.value, key=f"avail.{one.value}") for one in Status),
                Labelled(value=_TAKE_BACK, key="avail.remove"),
            ),
        ),
        _DAY,
        Option(name="begins", max_length=5),
    ),
    seen=Seen.PRIVATE,
    example="/avail set status:In day:tomorrow begins:20:30",
    topic=Topic.TOGETHER,
)
def avail_set(q: Question) -> Message:
    day, status = _day(q), q.asked.text("status")
    if status == _TAKE_BACK:
        book.take_back(q.db, _guild(q), day, q.asked.caller.id)
        return sentence(q.words("avail.removed", day=q.words.day(day)))
    return card.noted(q.words, _say(q, day, status))


@button("avail answer", options=(_DAY, Option(name="status", carried=5)), shared=True)
def avail_answer(q: Question) -> Message:
    """The same from a board: it shows the answer at once."""
    day = _day(q)
    _say(q, day, q.asked.text("status"))
    return _board(q, day)


def _say(q: Question, day: date, status: str) -> Available:
    if status not in {one.value for one in Status}:
        raise Refusal("avail.unknown_status")
    said = Available(
        day=day, user_id=q.asked.caller.id, name=q.asked.caller.name[:64], status=Status(status), begins=_begins(q)
    )
    book.say(q.db, _guild(q), said, now=q.now)
    return said


def _board(q: Question, day: date) -> Message:
    last = max(day, q.today + timedelta(days=DAYS - 1))
    said = book.said_between(q.db, _guild(q), min(day, q.today), last)
    return card.card(q.shared_words, said, day=day, today=q.today)


def _guild(q: Question) -> str:
    if not q.asked.guild_id:
        raise Refusal("avail.in_a_server")
    return q.asked.guild_id


def _day(q: Question) -> date:
    """Raises Refusal for what is no day, is over, or is too far ahead."""
    typed = q.asked.text("day")
    day = day_ahead(typed, q.today) if typed else q.today
    if day is None:
        raise Refusal("avail.no_day", typed=escaped(typed[:40]))
    if not q.today - timedelta(days=1) <= day <= q.today + FURTHEST:  # a day off UTC it may be that day still
        raise Refusal("avail.other_day", days=FURTHEST.days)
    return day


def _begins(q: Question) -> str:
    """As a clock shows it. Raises Refusal."""
    typed = q.asked.text("begins")
    told = _CLOCK.fullmatch(typed)
    if typed and told is None:
        raise Refusal("avail.no_time")
    return f"{int(told[1])}:{told[2]}" if told is not None else ""
