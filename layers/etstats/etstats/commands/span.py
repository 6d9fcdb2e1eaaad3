"""The options by which commands are asked for a part of the archive: a period, a map."""

from __future__ import annotations

from datetime import UTC, date, datetime

from etstats.cards.text import escaped
from etstats.commands.registry import Option
from etstats.domain.period import LABELS, Period
from etstats.interactions.reply import CHOICES, Choice, Message, sentence
from etstats.interactions.request import Asked
from etstats.storage.database import Database
from etstats.storage.map import maps_named

_MAX_LENGTH = 64
_PERIODS = {period.value: period for period in Period}


def suggest_map(asked: Asked, db: Database) -> tuple[Choice, ...]:
    """Maps that were played, the most played first."""
    found = maps_named(db, asked.text(asked.focused), limit=CHOICES)
    return tuple(Choice(name=name, value=name) for name in found if len(name) <= _MAX_LENGTH)


PERIOD = Option(
    name="period",
    description="From when on; all time when left out",
    choices=tuple(Choice(name=LABELS[period], value=period.value) for period in Period),
)
MAP = Option(name="map", description="One map alone", suggest=suggest_map, max_length=_MAX_LENGTH)


def period_of(asked: Asked) -> Period:
    return _PERIODS.get(asked.text("period"), Period.ALL)


def today_of(asked: Asked) -> date:
    """The day on which Discord took the question, by UTC: at most a day off the game server's."""
    return datetime.fromtimestamp(asked.at_ms / 1000, UTC).date()


def unknown_map(typed: str) -> Message:
    return sentence(f"No counted round of a map called “{escaped(typed[:60])}”. Choose one from the list.")
