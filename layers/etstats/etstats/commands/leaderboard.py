"""/leaderboard: who is ahead, by the measure asked for, and where the asker stands."""

from __future__ import annotations

from etstats.cards import leaderboard as card
from etstats.cards.figure import name
from etstats.commands.option import MAP, PERIOD, map_of, period_of
from etstats.commands.question import Question
from etstats.commands.registry import Labelled, Option, Takes, command
from etstats.domain.measure import MEANINGS, Measure
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage.leaderboard import board

_LAST_PAGE = 50
_MEASURES = {measure.value: measure for measure in Measure}


@command(
    "leaderboard",
    options=(
        Option(
            name="stat",
            choices=tuple(Labelled(value=measure.value, key=f"measure.{measure.value}") for measure in Measure),
        ),
        PERIOD,
        MAP,
        Option(name="page", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=_LAST_PAGE),
    ),
    example="/leaderboard stat:Kills period:30 days",
)
def leaderboard(q: Question) -> Message:
    measure = _MEASURES.get(q.asked.text("stat"), Measure.DPM)
    if q.asked.text("map") and not MEANINGS[measure].by_map:
        raise Refusal("leaderboard.not_by_map", measure=name(q.words, measure))
    find = q.asked.text("page") == card.FIND_ME
    if find and q.me is None:
        raise Refusal("refusal.not_linked")
    map, period = map_of(q), period_of(q)
    found = board(
        q.db,
        measure,
        period=period,
        map=map,
        today=q.today,
        lines=card.LINES,
        page=min(max(q.asked.number("page", 1), 1), _LAST_PAGE),
        guid=q.me,
        find=find,
    )
    if not found.standings:
        raise Refusal("leaderboard.nobody")
    return card.card(q.words, measure, found, me=q.me, period=period, map=map, today=q.today)
