"""A yes to what was asked: the same person's, where he asked, in time, once; a repeated one gets the same answer."""

from __future__ import annotations

from etstats.cards import job as card
from etstats.cards.job import numbered
from etstats.commands.question import Question
from etstats.commands.registry import Option
from etstats.domain.audit import BROKE_OFF, LEFT_ALONE, TOO_LATE, Entry, State
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage import audit

# The entry of the audit log that a button is about.
NUMBER = Option(name="n", max_length=19, carried=19)


def entry_of(q: Question) -> Entry:
    """What was asked for here, by the one who presses. Raises Refusal, on record."""
    found = audit.find(q.control().db, q.asked.number("n", 0), guild_id=q.asked.guild_id)
    if found is None or found.actor_id != q.asked.caller.id:
        audit.note_refused(q.control().db, q.asked, reason="not his to confirm")
        raise Refusal("admin.not_yours")
    return found


def confirmed(q: Question, entry: Entry) -> Entry | None:
    """The entry, now being done; None where its time is over, or another press was faster."""
    return audit.confirm(q.control().db, entry.audit_id, by=q.asked)


def too_late(q: Question, entry: Entry) -> Message:
    now = audit.find(q.control().db, entry.audit_id, guild_id=q.asked.guild_id)
    if now is not None and now.state != State.ASKED:
        return earlier(q, now)
    audit.end(q.control().db, entry.audit_id, State.REFUSED, TOO_LATE)
    return Message(content=q.words("admin.too_late"))


def earlier(q: Question, entry: Entry) -> Message:
    """What came of it, for whoever asks again. What broke off in the middle is not repeated: it may have been done."""
    if entry.state == State.DOING:
        died = entry.good_till is not None and q.control().now() > entry.good_till
        if not died and q.asked.id not in (entry.interaction_id, entry.confirmed_by):
            raise Refusal("admin.under_way")
        audit.end(q.control().db, entry.audit_id, State.FAILED, BROKE_OFF)
        return numbered(q.words, q.words("job.broke_off", n=entry.audit_id), entry)
    return card.over(q.words, entry)


def left_alone(q: Question) -> Message:
    """The no."""
    entry = entry_of(q)
    if entry.state != State.ASKED:
        return earlier(q, entry)
    audit.end(q.control().db, entry.audit_id, State.REFUSED, LEFT_ALONE)
    return Message(content=q.words("admin.left_alone"))
