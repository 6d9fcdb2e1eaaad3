"""What a post says, made of what is stored at the moment it goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from etstats.cards import demo as demo_card
from etstats.cards import digest as digest_card
from etstats.cards import notice as notice_card
from etstats.cards import poll as poll_card
from etstats.cards import problem as problem_card
from etstats.cards import reminder as reminder_card
from etstats.cards import round as round_card
from etstats.cards import trouble as trouble_card
from etstats.cards.session import closed, overview
from etstats.domain.announcement import (
    DEMO,
    DIGEST,
    OVER,
    PERSONAL,
    POLL,
    PROBLEM,
    REMINDER,
    ROUND,
    SESSION,
    TROUBLE,
    USER,
    Due,
    Half,
    Sent,
)
from etstats.domain.award_session import given_awards
from etstats.domain.demo import State, told_once
from etstats.domain.digest import night_numbered
from etstats.domain.evening import Evening
from etstats.domain.evening_index import evening_index
from etstats.domain.headline import headline, headlines
from etstats.domain.mvp import team_mvps
from etstats.interactions.reply import Message
from etstats.storage import announcement as outbox
from etstats.storage import demo as demos
from etstats.storage import digest as nights
from etstats.storage.caller import find_caller
from etstats.storage.database import Database
from etstats.storage.evening import find_session, round_lines, sessions_before
from etstats.storage.health import find_problem
from etstats.storage.poll import find_poll
from etstats.storage.reminder import find_reminder
from etstats.words import Words, words_for

_MANY = 25  # of a demo's best moments are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """*states*: checksums of what it was made of, by round. *is_shown*: the message is made of just that already.
    *beside*: the message in which the channel has its map's other round, or its round's other demos. *ends*: what is
    over with it."""

    message: Message
    states: Mapping[int, str] = field(default_factory=dict)
    is_shown: bool = False
    beside: Sent | None = None
    ends: Ended | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A poll's own message as it becomes. *asked*: as it was, pressed by nobody, for *user_id* at that time."""

    message_id: str | None
    message: Message
    asked: Message
    user_id: str
    at: datetime
    is_told: bool


def compose(db: Database, due: Due, *, message_id: str | None) -> Content | None:
    """What *due* says now, in the message with this id or, None, in a new one. None: there is nothing to tell of."""
    words = words_for(due.language)
    if due.kind == ROUND:
        return _round(db, due, words, message_id)
    if due.kind == TROUBLE:
        trouble = outbox.find_trouble(db, due.channel_id.removeprefix(outbox.ADMIN_OF))
        return Content(message=trouble_card.card(words, trouble)) if trouble else None
    if due.kind == PERSONAL:
        return _personal(db, due)
    if due.kind == POLL:
        return _poll(db, due)
    if due.kind == REMINDER:
        reminder = find_reminder(db, due.subject_id)
        return Content(message=reminder_card.said(words, reminder, personal=due.is_personal)) if reminder else None
    if due.kind in (PROBLEM, OVER):
        problem = find_problem(db, due.subject_id)
        over = due.kind == OVER
        return Content(message=problem_card.card(words, problem, over=over)) if problem else None
    if due.kind == DEMO:
        return _demo(db, due, words, message_id)
    told = {SESSION: _session, DIGEST: _digest}.get(due.kind)
    return told(db, due, words) if told else None


def _poll(db: Database, due: Due) -> Content | None:
    """Its end: its own message with what came of it, and a line for who does not look up, unless nobody voted."""
    poll = find_poll(db, due.subject_id)
    if poll is None:
        return None
    words = words_for(poll.language)
    ends = Ended(
        message_id=poll.message_id, message=poll_card.card(words, poll, now=poll.closes_at),
        asked=poll_card.card(words, poll, now=poll.opened_at), user_id=poll.asked_by, at=poll.opened_at,
        is_told=any(poll.votes),
    )  # fmt: skip
    return Content(message=poll_card.line(words, poll), ends=ends)


def _session(db: Database, due: Due, words: Words) -> Content | None:
    evening = _evening(db, due)
    if evening is None or not evening.session.counted_rounds:
        return None
    lines = round_lines(db, evening.session.session_id)
    best = headlines(evening.lines, sessions_before(db, evening))
    embed = overview.card(words, evening, team_mvps(evening, lines), best, evening_index(evening))
    return Content(message=closed.card(words, evening, embed, given_awards(evening.lines)))


def _evening(db: Database, due: Due) -> Evening | None:
    session_id = outbox.find_session_of(db, due.subject_id)
    return None if session_id is None else find_session(db, session_id)


def _personal(db: Database, due: Due) -> Content | None:
    """What one of the evening's players did, in his language; nothing when he is not one of them any more."""
    caller = find_caller(db, due.channel_id.removeprefix(USER), guild_id="")
    evening = _evening(db, due)
    own = next((one for one in evening.lines if one.guid == caller.person), None) if evening else None
    if evening is None or own is None:
        return None
    best = headline(own, sessions_before(db, evening).get(own.guid, ()))
    return Content(message=notice_card.card(words_for(caller.language), evening, own, best))


def _digest(db: Database, due: Due, words: Words) -> Content | None:
    night = night_numbered(due.subject_id)
    session_ids = nights.sessions_of(db, night)
    evenings = [evening for one in session_ids if (evening := find_session(db, one)) is not None]
    if not evenings:
        return None
    sessions = [
        digest_card.Told(evening=one, mvps=team_mvps(one, round_lines(db, one.session.session_id))) for one in evenings
    ]
    told = digest_card.Night(
        day=night,
        sessions=sessions,
        bests=nights.personal_bests(db, session_ids),
        records=nights.fallen_records(db, session_ids),
        before=nights.find_on_this_day(db, night),
    )
    return Content(message=digest_card.card(words, told))


def _demo(db: Database, due: Due, words: Words, message_id: str | None) -> Content | None:
    """All demos of its round in the first message that told of one; where they were not known to be of one round then,
    the others lead there."""
    one = demos.find_any_demo(db, due.subject_id)
    if one is None or one.state != State.READY.value:
        return None
    found = [one] if one.round_id is None else demos.demos_of(db, one.round_id, guild_id=one.guild_id)
    sent = [outbox.find_sent(db, DEMO, each.demo_id, due.channel_id) for each in found]
    first = min((each for each in sent if each), key=lambda each: (each.posted_at, each.message_id), default=None)
    if first is not None and message_id not in (None, first.message_id):
        return Content(message=demo_card.elsewhere(words, one, due.channel_id, first.message_id))
    shown = [each for demo in found for each in demos.highlights(db, demo.guild_id, demo_id=demo.demo_id, limit=_MANY)]
    return Content(message=demo_card.post(words, found, told_once(shown)[: demo_card.BEST]), beside=first)


def _round(db: Database, due: Due, words: Words, message_id: str | None) -> Content | None:
    states = outbox.round_states(db, due.subject_id)  # before what they are checksums of: newer is looked at again
    halves = outbox.find_halves(db, due.subject_id)
    own = next((half for half in halves if half.round.round_id == due.subject_id), None)
    if own is None:
        return None
    sent = {round_id: outbox.find_sent(db, ROUND, round_id, due.channel_id) for round_id in states}
    beside = sent.get(own.round.other_id or 0)
    return Content(
        message=round_card.card(
            words, _told(own, halves, beside, message_id), about=due.subject_id, guild_id=due.guild_id
        ),
        states=states,
        is_shown=any(one and (one.message_id, one.state) == (message_id, states[at]) for at, one in sent.items()),
        beside=beside,
    )


def _told(own: Half, halves: tuple[Half, ...], beside: Sent | None, message_id: str | None) -> tuple[Half, ...]:
    """The whole map, but for a first round whose second has a message of its own."""
    apart = beside is not None and beside.message_id != message_id
    return (own,) if apart and own == halves[0] else halves
