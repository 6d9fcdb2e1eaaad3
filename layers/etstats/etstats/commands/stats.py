"""/stats: a player's figures, found by any name he has gone by."""

from __future__ import annotations

from etstats.cards import player as card
from etstats.commands.option import MAP, PERIOD, PLAYER, map_of, period_of, person_of, unknown_player
from etstats.commands.question import Question
from etstats.commands.registry import command
from etstats.interactions.reply import Message
from etstats.storage.player import find_profile


@command("stats", options=(PLAYER, PERIOD, MAP), example="/stats player:name")
def stats(q: Question) -> Message:
    guid, map, period = person_of(q), map_of(q), period_of(q)
    profile = find_profile(q.db, guid, period=period, map=map, today=q.today)
    if profile is None:
        raise unknown_player(q, q.asked.text("player"))
    if not profile.player.rounds:
        return card.absent(profile.player, period=period, map=map, today=q.today)
    return card.card(q.words, profile, period=period, map=map, today=q.today)
