"""/last: the latest gaming session, score first."""

from __future__ import annotations

from etstats.cards import last as card
from etstats.cards.player import NOBODY_YET
from etstats.commands.registry import command
from etstats.interactions.reply import Message, sentence
from etstats.interactions.request import Asked
from etstats.storage.database import Database
from etstats.storage.last import find_last_session, lone_rounds, played_lines, played_maps


@command("last", "The last session: score, maps, players")
def last(_: Asked, db: Database) -> Message:
    session = find_last_session(db)
    if session is None:
        return sentence(NOBODY_YET)
    return card.card(
        session,
        played_maps(db, session.session_id),
        lone_rounds(db, session.session_id),
        played_lines(db, session.session_id),
    )
