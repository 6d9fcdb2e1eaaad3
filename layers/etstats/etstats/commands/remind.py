"""/remind: a word at a time of one's own clock, to oneself or to the channel; said once."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from etstats.cards import reminder as card
from etstats.cards.text import escaped
from etstats.commands.question import Question
from etstats.commands.registry import Labelled, Option, Seen, Takes, Topic, button, command
from etstats.domain.announcement import USER
from etstats.domain.reminder import LONGEST, MOST_OPEN, moment_typed
from etstats.errors import Refusal
from etstats.interactions.reply import CHOICES, Choice, Message
from etstats.storage import reminder as book
from etstats.storage.setting import find_zone, set_zone

_USUAL = "Europe/Berlin"
_CONTINENTS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)
_HERE, _ME = "here", "me"


@cache
def _zones() -> tuple[str, ...]:
    return (*sorted(one for one in available_timezones() if one.startswith(_CONTINENTS)), "UTC")


def suggest_zone(q: Question) -> tuple[Choice, ...]:
    """By any part of the name: `berlin`."""
    typed = q.asked.text(q.asked.focused).casefold().replace(" ", "_")
    found = [one for one in _zones() if typed in one.casefold()]
    first = [one for one in found if one.casefold().rpartition("/")[2].startswith(typed)] if typed else [_USUAL]
    return tuple(Choice(name=one, value=one) for one in dict.fromkeys([*first, *found]))[:CHOICES]


@command(
    "remind set",
    options=(
        Option(name="when", required=True, max_length=60),
        Option(name="text", required=True, max_length=LONGEST),
        Option(name="where", choices=tuple(Labelled(value=one, key=f"remind.{one}") for one in (_ME, _HERE))),
        Option(name="zone", suggest=suggest_zone, max_length=60),
    ),
    seen=Seen.PRIVATE,
    cooldown_s=5,
    example="/remind set when:tomorrow 20:30 text:Match against the neighbours",
    topic=Topic.TOGETHER,
)
def remind_set(q: Question) -> Message:
    """The zone is remembered; without one it is that of most of those who play."""
    user_id = q.asked.caller.id
    zone = _zone(q)
    due_at = moment_typed(q.asked.text("when"), now=q.now, zone=zone)
    if due_at is None:
        raise Refusal("remind.no_time", typed=escaped(q.asked.text("when")[:60]))
    if len(book.open_reminders(q.db, user_id, now=q.now)) >= MOST_OPEN:
        raise Refusal("remind.too_many", most=MOST_OPEN)
    made = book.remind(
        q.db,
        user_id=user_id,
        guild_id=q.asked.guild_id,
        channel_id=_place(q),
        said=q.asked.text("text")[:LONGEST],
        due_at=due_at,
        now=q.now,
        interaction_id=q.asked.id,
    )
    return card.noted(q.words, made, zone.key)


@command("remind list", seen=Seen.PRIVATE, topic=Topic.TOGETHER)
def remind_list(q: Question) -> Message:
    return card.listed(q.words, book.open_reminders(q.db, q.asked.caller.id, now=q.now))


@button("remind cancel", options=(Option(name="number", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=10**12),))
def remind_cancel(q: Question) -> Message:
    book.cancel(q.db, q.asked.number("number", 0), q.asked.caller.id)
    return _in_place(remind_list(q))


def _in_place(message: Message) -> Message:
    """In place of the list that was pressed, which is the caller's own already."""
    return Message(content=message.content, embeds=message.embeds, rows=message.rows)


def _place(q: Question) -> str:
    here = q.asked.text("where") == _HERE and q.asked.guild_id
    return q.asked.channel_id if here else f"{USER}{q.asked.caller.id}"


def _zone(q: Question) -> ZoneInfo:
    """Raises Refusal."""
    typed = q.asked.text("zone")
    known = typed or find_zone(q.db, q.asked.caller.id) or _USUAL
    try:
        zone = ZoneInfo(known)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal("remind.no_zone", typed=escaped(known[:60])) from None
    if typed:
        set_zone(q.db, q.asked.caller.id, zone.key)
    return zone
