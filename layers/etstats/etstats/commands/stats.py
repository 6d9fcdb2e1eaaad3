"""/stats: a player's form and figures, found by any name he has gone by."""

from __future__ import annotations

from etstats.cards import player as card
from etstats.cards.drawn import with_picture
from etstats.cards.picture.percentile import draw, told
from etstats.cards.text import escaped, part_or_all
from etstats.commands.option import (
    MAP,
    PERIOD,
    PICTURE,
    PLAYER,
    answers,
    map_of,
    period_of,
    person_of,
    target_of,
    unknown_player,
)
from etstats.commands.question import Question
from etstats.commands.registry import command, user_menu
from etstats.domain.period import Period
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage.player import find_profile


@command("stats", options=(PLAYER, PERIOD, MAP, PICTURE), answers=answers, example="/stats player:name")
def stats(q: Question) -> Message:
    return _profile(q, person_of(q), period_of(q), map_of(q))


@user_menu("Stats")
def stats_of_user(q: Question) -> Message:
    return _profile(q, target_of(q), Period.ALL, "")


def _profile(q: Question, guid: str, period: Period, map: str) -> Message:
    found = find_profile(q.db, guid, period=period, map=map, today=q.today, ranked=card.RANKED)
    if found is None:
        raise unknown_player(q, q.asked.text("player"))
    if not found.player.rounds:
        part = part_or_all(q.words, period, map, q.today)
        raise Refusal("figures.not_there", name=escaped(found.player.name), part=part)
    drawn = q.asked.flag("picture")
    message = card.card(q.words, found, period=period, map=map, today=q.today, drawn=drawn)
    if not drawn:
        return message
    picture = card.picture(q.words, found, period=period, map=map, today=q.today)
    return with_picture(message, "stats", q.render(draw(q.words, picture)), told=told(q.words, picture))
