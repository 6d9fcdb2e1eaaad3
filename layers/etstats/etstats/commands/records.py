"""/records: the most anybody ever did, in a round, on a full map or in a session."""

from __future__ import annotations

from etstats.cards import record as card
from etstats.cards.text import escaped
from etstats.commands.option import MAP, PLAYER, find_player, map_of, named
from etstats.commands.question import Question
from etstats.commands.registry import Labelled, Option, command
from etstats.domain.record import TOLD, RecordFigure, Scope
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage.record import PLACES, records, records_by_map, records_of
from etstats.storage.who import find_name

_SCOPES = {scope.value: scope for scope in Scope}
_FIGURES = {figure.value: figure for figure in RecordFigure}


@command(
    "records",
    options=(
        Option(name="scope", choices=tuple(Labelled(value=one, key=f"records.scope_{one}") for one in _SCOPES)),
        MAP,
        Option(name="stat", choices=tuple(Labelled(value=one, key=f"record.{one}") for one in _FIGURES)),
        named(PLAYER, "player"),
    ),
    example="/records scope:Full map map:supply",
)
def show_records(q: Question) -> Message:
    scope, figure = _SCOPES.get(q.asked.text("scope"), Scope.ROUND), _FIGURES.get(q.asked.text("stat"))
    if scope is Scope.SESSION and q.asked.text("map"):
        raise Refusal("records.not_by_map")
    if figure is not None and figure not in TOLD[scope]:
        raise Refusal("records.not_of_scope", figure=q.words(f"record.{figure.value}"))
    asked = card.Wanted(scope=scope, today=q.today, map=map_of(q), figure=figure)
    if typed := q.asked.text("player"):
        return _of_player(q, asked, find_player(q, typed))
    if figure is not None and asked.by_map:
        return card.by_map(q.words, asked, records_by_map(q.db, scope, figure))
    places = PLACES if figure is not None else 2
    return card.card(q.words, asked, records(q.db, scope, figure=figure, map=asked.map, places=places))


def _of_player(q: Question, asked: card.Wanted, guid: str) -> Message:
    found = records_of(q.db, guid, asked.scope, figure=asked.figure, map=asked.map)
    if not found:
        raise Refusal("records.none_of", name=escaped(find_name(q.db, guid)))
    return card.of_player(q.words, asked, found)
