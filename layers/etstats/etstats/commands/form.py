"""/form: how a player does against his own usual, by any figure."""

from __future__ import annotations

from etstats.cards import form as card
from etstats.cards.drawn import with_picture
from etstats.cards.picture.form import draw, told
from etstats.commands.option import PICTURE, PLAYER, answers, person_of, unknown_player
from etstats.commands.question import Question
from etstats.commands.registry import Labelled, Option, command
from etstats.domain.form import FIGURES
from etstats.domain.measure import Measure
from etstats.interactions.reply import Message
from etstats.storage.form import find_form

_FIGURES = {measure.value: measure for measure in FIGURES}


@command(
    "form",
    options=(
        PLAYER,
        Option(name="metric", choices=tuple(Labelled(value=value, key=f"measure.{value}") for value in _FIGURES)),
        PICTURE,
    ),
    answers=answers,
    example="/form player:name",
)
def form(q: Question) -> Message:
    guid = person_of(q)
    found = find_form(q.db, guid, measure=_FIGURES.get(q.asked.text("metric"), Measure.DPM), today=q.today)
    if found.name is None:
        raise unknown_player(q, q.asked.text("player"))
    drawn = q.asked.flag("picture")
    message = card.card(q.words, guid, found.name, found, drawn=drawn)
    if not drawn:
        return message
    picture = card.picture(q.words, found.name, found)
    return with_picture(message, "form", q.render(draw(q.words, picture)), told=told(q.words, picture))
