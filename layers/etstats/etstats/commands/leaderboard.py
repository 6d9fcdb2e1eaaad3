"""/leaderboard: who is ahead, by the measure asked for."""

from __future__ import annotations

from functools import partial

from etstats.cards import leaderboard as card
from etstats.commands.option import MAP, PERIOD, map_of, period_of
from etstats.commands.question import Question
from etstats.commands.registry import Labelled, Option, Takes, command
from etstats.domain.measure import MEANINGS, Measure
from etstats.interactions.reply import Message
from etstats.storage.leaderboard import standings

_LAST_PAGE = 50
_MEASURES = {measure.value: measure for measure in Measure}


@command(
    "leaderboard",
    options=(
        Option(
            name="by",
            choices=tuple(Labelled(value=measure.value, key=f"measure.{measure.value}") for measure in Measure),
        ),
        PERIOD,
        MAP,
        Option(name="page", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=_LAST_PAGE),
    ),
    example="/leaderboard by:Kills period:30 days",
)
def leaderboard(q: Question) -> Message:
    asked, db, today = q.asked, q.db, q.today
    measure = _MEASURES.get(asked.text("by"), Measure.DPM)
    if asked.text("map") and not MEANINGS[measure].by_map:
        return card.not_by_map(measure)
    map, period = map_of(q), period_of(q)
    page_from = partial(standings, db, measure, period=period, map=map, today=today, limit=card.LINES)
    page = min(max(asked.number("page", 1), 1), _LAST_PAGE)
    found = page_from(offset=(page - 1) * card.LINES)
    if not found and page > 1:
        # the list is shorter than it was, or than somebody thought: its first page is what there is to see
        page, found = 1, page_from(offset=0)
    return card.card(q.words, measure, found, period=period, map=map, today=today, page=page)
