"""The options by which commands are asked for a part of the archive: a period, a map."""

from __future__ import annotations

from etstats.cards.text import escaped
from etstats.commands.question import Question
from etstats.commands.registry import Labelled, Option
from etstats.domain.period import Period
from etstats.interactions.reply import CHOICES, Choice, Message, sentence
from etstats.interactions.request import Asked
from etstats.storage.map import maps_named

_MAX_LENGTH = 64
_PERIODS = {period.value: period for period in Period}


def suggest_map(q: Question) -> tuple[Choice, ...]:
    """Maps that were played, the most played first."""
    found = maps_named(q.db, q.asked.text(q.asked.focused), limit=CHOICES)
    return tuple(Choice(name=name, value=name) for name in found if len(name) <= _MAX_LENGTH)


PERIOD = Option(
    name="period",
    choices=tuple(Labelled(value=period.value, key=f"period.{period.value}") for period in Period),
    described="option.period",
)
MAP = Option(name="map", suggest=suggest_map, max_length=_MAX_LENGTH, described="option.map")


def period_of(asked: Asked) -> Period:
    return _PERIODS.get(asked.text("period"), Period.ALL)


def unknown_map(typed: str) -> Message:
    return sentence(f"No counted round of a map called “{escaped(typed[:60])}”. Choose one from the list.")
