"""The buttons under a round's card, for whoever presses them alone: all figures, his own, all of the game's awards."""

from __future__ import annotations

from etstats.cards import round_view as card
from etstats.commands.question import Question
from etstats.commands.registry import Option, button
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage.announcement import find_halves

_ID = Option(name="id", carried=16)  # in hexadecimal digits
_VIEW = Option(name="view", carried=6)


@button("round", options=(_ID, _VIEW))
def show(q: Question) -> Message:
    """The round with the rest of its map, as far as it is there by now."""
    halves = find_halves(q.db, int(q.asked.text("id"), 16))
    if not halves:
        raise Refusal("round.gone")
    view = q.asked.text("view")
    if view == "awards":
        return card.awards(q.words, halves)
    if view == "mine":
        return _mine(q, halves)
    return card.everybody(q.words, halves)


def _mine(q: Question, halves: card.Halves) -> Message:
    if q.me is None:
        raise Refusal("refusal.not_linked")
    found = card.mine(q.words, halves, q.me)
    if found is None:
        raise Refusal("round.not_there")
    return found
