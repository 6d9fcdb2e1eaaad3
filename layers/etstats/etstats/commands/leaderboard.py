"""/leaderboard: who is ahead, by the measure asked for."""

from __future__ import annotations

from etstats.cards import leaderboard as card
from etstats.commands.registry import Option, Takes, command
from etstats.domain.leaderboard import Standing
from etstats.domain.measure import MEANINGS, Measure
from etstats.interactions.reply import Choice, Message
from etstats.interactions.request import Asked
from etstats.storage.database import Database
from etstats.storage.leaderboard import standings

_LAST_PAGE = 50
_MEASURES = {measure.value: measure for measure in Measure}


@command(
    "leaderboard",
    "Who is ahead",
    options=(
        Option(
            name="by",
            description="What counts; damage per minute when left out",
            choices=tuple(Choice(name=MEANINGS[measure].label, value=measure.value) for measure in Measure),
        ),
        Option(name="page", description="Ten players each", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=_LAST_PAGE),
    ),
    example="/leaderboard by:Kills",
)
def leaderboard(asked: Asked, db: Database) -> Message:
    measure = _MEASURES.get(asked.text("by"), Measure.DPM)
    page = min(max(asked.number("page", 1), 1), _LAST_PAGE)
    found = _page(db, measure, page)
    if not found and page > 1:
        # the list is shorter than it was, or than somebody thought: its first page is what there is to see
        page, found = 1, _page(db, measure, 1)
    return card.card(measure, found, page=page)


def _page(db: Database, measure: Measure, page: int) -> list[Standing]:
    return standings(db, measure, limit=card.LINES, offset=(page - 1) * card.LINES)
