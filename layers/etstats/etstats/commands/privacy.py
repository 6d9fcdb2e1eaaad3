"""/privacy: what is kept about somebody, hiding it, and being forgotten."""

from __future__ import annotations

from datetime import UTC, datetime

from etstats.cards import privacy as card
from etstats.commands.question import Question
from etstats.commands.registry import Option, Seen, Takes, Topic, command
from etstats.domain.privacy import FAREWELL_AFTER
from etstats.interactions.reply import Message, sentence
from etstats.storage import setting
from etstats.storage.link import find_link


@command("privacy show", seen=Seen.PRIVATE, topic=Topic.YOU)
def privacy_show(q: Question) -> Message:
    user_id = q.asked.caller.id
    return card.held(q.words, setting.find_held(q.db, user_id, q.me), find_link(q.db, user_id))


@command(
    "privacy hide",
    options=(Option(name="hidden", takes=Takes.BOOLEAN, required=True),),
    seen=Seen.PRIVATE,
    example="/privacy hide hidden:True",
    topic=Topic.YOU,
)
def privacy_hide(q: Question) -> Message:
    hidden = q.asked.text("hidden").lower() == "true"
    setting.set_hidden(q.db, q.asked.caller.id, hidden)
    return sentence(q.words("privacy.hidden" if hidden else "privacy.not_hidden"))


@command("privacy delete", options=(Option(name="really", takes=Takes.BOOLEAN),), seen=Seen.PRIVATE, topic=Topic.YOU)
def privacy_delete(q: Question) -> Message:
    """First what it means; then, with *really*, the request, which can be taken back for a week."""
    if q.asked.text("really").lower() != "true":
        return card.before_delete(q.words)
    now = datetime.fromtimestamp(q.asked.at_ms / 1000, UTC)
    due_at = setting.ask_farewell(q.db, q.asked.caller.id, now=now, after=FAREWELL_AFTER)
    return card.will_delete(q.words, due_at)


@command("privacy keep", seen=Seen.PRIVATE, topic=Topic.YOU)
def privacy_keep(q: Question) -> Message:
    kept = setting.withdraw_farewell(q.db, q.asked.caller.id)
    return sentence(q.words("privacy.kept" if kept else "privacy.nothing_to_keep"))
