"""/topshots: the best single performances in this server's demos."""

from __future__ import annotations

from etstats.cards import demo as card
from etstats.commands.question import Question
from etstats.commands.registry import Labelled, Option, Topic, command
from etstats.domain.demo import Performance
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage.demo import top_performances

_MEASURES = {one.value: one for one in Performance}
_LINES = 10


@command(
    "topshots",
    options=(
        Option(name="by", choices=tuple(Labelled(value=one.value, key=f"topshots.{one.value}") for one in Performance)),
    ),
    example="/topshots by:Killing spree",
    topic=Topic.DEMOS,
)
def topshots(q: Question) -> Message:
    measure = _MEASURES.get(q.asked.text("by"), Performance.KILLS)
    found = top_performances(q.db, q.asked.guild_id, measure, limit=_LINES)
    if not found:
        raise Refusal("topshots.none")
    return card.top(q.words, measure, found)
