"""What the commands about an evening share: which one is meant, and the side it is told from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from etstats.cards.picture import timeline as picture
from etstats.cards.session import awards, graphs, maps, overview, table, view, weapons
from etstats.cards.session.view import View
from etstats.commands.option import session_of
from etstats.commands.question import Question
from etstats.commands.registry import Answers, Labelled, Option
from etstats.domain.award_endstats import often_won
from etstats.domain.award_session import given_awards
from etstats.domain.evening import Evening, best_of_maps
from etstats.domain.evening_index import evening_index
from etstats.domain.headline import headlines
from etstats.domain.mvp import team_mvps
from etstats.domain.timeline import timeline
from etstats.errors import Refusal
from etstats.interactions.reply import Embed, Message
from etstats.interactions.request import Asked
from etstats.storage.evening import (
    find_last_session,
    find_session,
    round_awards,
    round_lines,
    sessions_before,
    weapon_lines,
)

_VIEWS = {one.value: one for one in View}

VIEW = Option(
    name="view",
    choices=tuple(Labelled(value=one.value, key=f"session.view_{one.value}") for one in View),
    described="session.option_view",
)


def evening_of(q: Question) -> Evening:
    """The session meant by `when`, else the latest with a round that counts. Raises Refusal."""
    found = find_session(q.db, session_of(q)) if q.asked.text("when") else find_last_session(q.db)
    if found is None:
        raise Refusal("refusal.no_data")
    return found


def answers(asked: Asked) -> Answers:
    """A picture takes a moment."""
    return Answers.LATER if asked.text("view") == View.GRAPHS.value else Answers.NOW


def evening_card(q: Question, evening: Evening) -> Message:
    """The side of *evening* that was asked for, with the way to the others."""
    chosen = _VIEWS.get(q.asked.text("view"), View.OVERVIEW)
    rows = view.rows(q.words, evening.session.session_id, chosen)
    if chosen is View.GRAPHS:
        return replace(_graphs(q, evening), rows=rows)
    draw = _DRAWN.get(chosen)
    embed = draw(q, evening) if draw else table.card(q.words, chosen, evening)
    return Message(embeds=(embed,), rows=rows)


def _graphs(q: Question, evening: Evening) -> Message:
    told = timeline(evening, round_lines(q.db, evening.session.session_id))
    drawn = q.render(picture.draw(q.words, told)) if told.maps else None
    return graphs.card(q.words, evening, told, drawn)


def awards_embed(q: Question, evening: Evening) -> Embed:
    often = often_won(round_awards(q.db, evening.session.session_id))
    return awards.card(q.words, evening, given_awards(evening.lines), often)


def _overview(q: Question, evening: Evening) -> Embed:
    lines = round_lines(q.db, evening.session.session_id)
    best = headlines(evening.lines, sessions_before(q.db, evening))
    return overview.card(q.words, evening, team_mvps(evening, lines), best, evening_index(evening))


def _players(q: Question, evening: Evening) -> Embed:
    return table.players(q.words, evening)


def _weapons(q: Question, evening: Evening) -> Embed:
    return weapons.card(q.words, evening, weapon_lines(q.db, evening.session.session_id))


def _maps(q: Question, evening: Evening) -> Embed:
    return maps.card(q.words, evening, best_of_maps(evening, round_lines(q.db, evening.session.session_id)))


_DRAWN: Mapping[View, Callable[[Question, Evening], Embed]] = {
    View.OVERVIEW: _overview,
    View.PLAYERS: _players,
    View.WEAPONS: _weapons,
    View.MAPS: _maps,
    View.AWARDS: awards_embed,
}
