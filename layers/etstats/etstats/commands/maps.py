"""/maps: all maps and how they are played, one of them, or the maps of a player."""

from __future__ import annotations

from etstats.cards import map as card
from etstats.cards.text import escaped
from etstats.commands.option import MAP, PLAYER, find_player, map_of, named
from etstats.commands.question import Question
from etstats.commands.registry import command
from etstats.domain.measure import Measure
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage.leaderboard import standings
from etstats.storage.map import maps_of, maps_played
from etstats.storage.who import find_name


@command("maps", options=(MAP, named(PLAYER, "player")), example="/maps map:supply")
def maps(q: Question) -> Message:
    map, typed = map_of(q), q.asked.text("player")
    guid = find_player(q, typed) if typed else q.me
    if map:
        return _one(q, map, guid)
    if typed and guid is not None:
        return _of_player(q, guid)
    found = maps_played(q.db)
    if not found:
        raise Refusal("refusal.no_data")
    return card.card(q.words, found, maps_of(q.db, guid) if guid else None, guid=guid)


def _one(q: Question, map: str, guid: str | None) -> Message:
    (figures,) = maps_played(q.db, map=map)
    top = standings(q.db, Measure.DPM, map=map, limit=card.TOP)
    own = maps_of(q.db, guid) if guid else []
    name = own[0].name if own else find_name(q.db, guid) if guid else None
    return card.one(q.words, figures, top, own, name=escaped(name) if name else "")


def _of_player(q: Question, guid: str) -> Message:
    found = maps_of(q.db, guid)
    if not found:
        raise Refusal("figures.not_there", name=escaped(find_name(q.db, guid)), part=q.words("period.all"))
    return card.of_player(q.words, guid, found)
