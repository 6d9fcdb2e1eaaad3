"""/last: the latest gaming session, score first."""

from __future__ import annotations

from etstats.cards import last as card
from etstats.cards.player import NOBODY_YET
from etstats.commands.registry import command
from etstats.interactions.reply import Message, sentence
from etstats.interactions.request import Asked
from etstats.storage.database import Database
from etstats.storage.last import find_last_session


@command("last", "The last session: score, maps, players")
def last(_: Asked, db: Database) -> Message:
    evening = find_last_session(db)
    if evening is None:
        return sentence(NOBODY_YET)
    return card.card(evening.session, evening.maps, evening.lone_rounds, evening.lines)
