"""/watch: a highlight as a film from above, made when somebody first asks; until it is there, how far it is."""

from __future__ import annotations

from etstats.cards import watch as card
from etstats.commands.demo import DEMO, HIGHLIGHT, demo_of, highlights_from
from etstats.commands.question import Question
from etstats.commands.registry import Answers, Topic, command
from etstats.domain.video import Watched
from etstats.errors import Refusal
from etstats.interactions.reply import Message


@command(
    "watch",
    options=(DEMO, HIGHLIGHT),
    answers=Answers.LATER,
    cooldown_s=5,
    example="/watch demo:evening.tv_84 highlight:1",
    topic=Topic.DEMOS,
)
def watch(q: Question) -> Message:
    """No number: the demo's best."""
    number = max(1, q.asked.number("highlight", 1))
    shown, *others = highlights_from(q, demo_of(q), number)
    asking = card.Asking(shown=shown, has_next=bool(others), private=q.private)

    def told(watched: Watched) -> None:
        q.show(card.card(q.words, asking, watched))

    watched = q.watch(shown, told)
    if watched is None:
        raise Refusal("clip.no_highlight", n=number)
    return card.card(q.words, asking, watched)
