"""The card a channel gets when a session is over: the evening at a glance, and its best awards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from etstats.cards.session import awards, view
from etstats.cards.session.view import View
from etstats.domain.award_session import Given
from etstats.domain.evening import Evening
from etstats.interactions.reply import Embed, Field, Message
from etstats.words import Words

_MOST_AWARDS = 3


def card(words: Words, evening: Evening, overview: Embed, given: Sequence[Given]) -> Message:
    """*overview*: of the same evening."""
    lines = "\n".join(awards.line(words, one) for one in given[:_MOST_AWARDS])
    fields = overview.fields + ((Field(name=words("session.view_awards"), value=lines),) if lines else ())
    rows = view.rows(words, evening.session.session_id, View.OVERVIEW)
    return Message(embeds=(replace(overview, fields=fields),), rows=rows)
