"""/achievements: somebody's badges, and those he is closest to."""

from __future__ import annotations

from etstats.cards import achievement as card
from etstats.commands.option import PLAYER, person_of
from etstats.commands.question import Question
from etstats.commands.registry import Topic, command
from etstats.domain.achievement import rungs
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage.achievement import careers
from etstats.storage.who import find_name


@command("achievements", options=(PLAYER,), example="/achievements player:nick", topic=Topic.PLAYERS)
def achievements(q: Question) -> Message:
    guid = person_of(q)
    everybody = careers(q.db)
    own = next((career for career in everybody if career.guid == guid), None)
    if own is None:
        raise Refusal("achievements.none")
    return card.card(q.words, find_name(q.db, guid), own.rounds, rungs(guid, everybody))
