"""The second half of an answer that was put off. Safe to repeat: an interaction is answered once.

The claim, the answer and the note that it was given are one transaction: a crash before the answer leaves no claim, so
the repeated delivery answers; a crash after it repeats an edit that changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import Enum
from typing import Protocol

from etstats.commands.answering import finish, sealer
from etstats.errors import DiscordRefused, DiscordUnavailable, Unavailable
from etstats.interactions.reply import Message, Seal, sentence
from etstats.interactions.request import Asked
from etstats.storage.database import Database
from etstats.storage.interaction import claim_interaction

_TOKEN_IS_GONE = (401, 403, 404)  # it lives 15 minutes
TRYING = "The statistics are out of reach right now. I keep trying for some minutes."
CANNOT_SHOW = "I have the answer, but Discord does not take it. The people who run this bot can see why in the log."


class Webhook(Protocol):
    """Where the answer goes. Raises DiscordUnavailable and DiscordRefused."""

    def edit_original(self, application_id: str, token: str, message: Message, *, seal: Seal) -> None: ...


class Ended(Enum):
    ANSWERED = "answered"
    ANSWERED_BEFORE = "answered before"
    GONE = "not answered: Discord does not know it any more"


def follow_up(asked: Asked, *, db: Database, webhook: Webhook, key: Callable[[], bytes], now: datetime) -> Ended:
    """Answers *asked*. Raises Unavailable when worth another try, DiscordRefused when Discord rejects the answer."""
    seal = sealer(asked, key)
    try:
        with db.transaction():
            if not claim_interaction(db, asked.id, now=now):
                return Ended.ANSWERED_BEFORE
            return _edit(asked, finish(asked, db), webhook, seal)
    except DiscordUnavailable:
        raise
    except Unavailable:
        with suppress(DiscordRefused, DiscordUnavailable):
            webhook.edit_original(asked.application_id, asked.token, sentence(TRYING), seal=seal)
        raise


def _edit(asked: Asked, message: Message, webhook: Webhook, seal: Seal) -> Ended:
    try:
        webhook.edit_original(asked.application_id, asked.token, message, seal=seal)
    except DiscordRefused as fault:
        if fault.status in _TOKEN_IS_GONE:
            return Ended.GONE
        webhook.edit_original(asked.application_id, asked.token, sentence(CANNOT_SHOW), seal=seal)
        raise
    return Ended.ANSWERED
