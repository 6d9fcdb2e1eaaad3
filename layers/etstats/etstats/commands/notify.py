"""/notify: whether somebody is written to about his evening, and when."""

from __future__ import annotations

from etstats.commands.question import Question
from etstats.commands.registry import Labelled, Option, Seen, Topic, command
from etstats.domain.privacy import Notify
from etstats.errors import Refusal
from etstats.interactions.reply import Message, sentence
from etstats.storage.setting import find_held, set_notify

_CHOICES = {one.value: one for one in Notify}


@command(
    "notify",
    options=(
        Option(name="when", choices=tuple(Labelled(value=one.value, key=f"notify.{one.value}") for one in Notify)),
    ),
    seen=Seen.PRIVATE,
    example="/notify when:in the morning",
    topic=Topic.YOU,
)
def notify(q: Question) -> Message:
    """Nothing chosen: how it is now."""
    chosen = _CHOICES.get(q.asked.text("when"))
    if chosen is None:
        now = find_held(q.db, q.asked.caller.id, q.me).notify
        return sentence(q.words("notify.now", when=q.words(f"notify.{now}")))
    if chosen is not Notify.NEVER and q.me is None:
        raise Refusal("notify.unlinked")
    set_notify(q.db, q.asked.caller.id, chosen)
    return sentence(q.words("notify.changed", when=q.words(f"notify.{chosen.value}")))
