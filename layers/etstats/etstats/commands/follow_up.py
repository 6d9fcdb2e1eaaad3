"""The second half of an answer that was put off. Safe to repeat: an interaction is answered once.

The claim, the answer and the note that it was given are one transaction: a crash before the answer leaves no claim, so
the repeated delivery answers; a crash after it repeats an edit that changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from etstats.commands.answering import Finished, finish
from etstats.commands.question import NO_TOOLS, Tools
from etstats.commands.task import Place, sealer
from etstats.errors import DiscordRefused, DiscordUnavailable, Unavailable
from etstats.interactions.reply import Message, Seal, sentence
from etstats.interactions.request import Asked
from etstats.storage.database import Database
from etstats.storage.interaction import claim_interaction
from etstats.words import words_for

_TOKEN_IS_GONE = (401, 403, 404)  # it lives 15 minutes


class Webhook(Protocol):
    """Where the answer goes. Raises DiscordUnavailable and DiscordRefused."""

    def edit_original(self, application_id: str, token: str, message: Message, *, seal: Seal) -> None: ...

    def say_aside(self, application_id: str, token: str, message: Message, *, seal: Seal, replacing: bool) -> None: ...


class Ended(Enum):
    ANSWERED = "answered"
    ANSWERED_BEFORE = "answered before"
    GONE = "not answered: Discord does not know it any more"


def follow_up(
    asked: Asked,
    *,
    db: Database,
    webhook: Webhook,
    key: Callable[[], bytes],
    now: datetime,
    tools: Tools = NO_TOOLS,
    roots: tuple[str, ...] = (),
) -> Ended:
    """Answers *asked*. Raises Unavailable when worth another try, DiscordRefused when Discord rejects the answer."""
    telling = _Telling(asked=asked, webhook=webhook, seal=sealer(asked, key))
    try:
        with db.transaction():
            if not claim_interaction(db, asked.id, now=now):
                return Ended.ANSWERED_BEFORE
            done = finish(asked, db, key=key, tools=tools, roots=roots, show=telling.show)
            return telling.answer(done)
    except DiscordUnavailable:
        raise
    except Unavailable:
        with suppress(DiscordRefused, DiscordUnavailable):
            telling.sorry("refusal.trying")
        raise


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """The way back to who asked."""

    asked: Asked
    webhook: Webhook
    seal: Seal

    def show(self, message: Message) -> None:
        """In the answer's place, until that comes; where it does not arrive, nothing is lost."""
        with suppress(DiscordRefused, DiscordUnavailable):
            self.webhook.edit_original(self.asked.application_id, self.asked.token, message, seal=self.seal)

    def answer(self, done: Finished) -> Ended:
        try:
            self._tell(done)
        except DiscordRefused as fault:
            if fault.status in _TOKEN_IS_GONE:
                return Ended.GONE
            self.sorry("refusal.cannot_show")
            raise
        return Ended.ANSWERED

    def _tell(self, done: Finished) -> None:
        asked = self.asked
        if done.aside:
            replacing = done.place is Place.NEW
            self.webhook.say_aside(asked.application_id, asked.token, done.message, seal=self.seal, replacing=replacing)
        else:
            self.webhook.edit_original(asked.application_id, asked.token, done.message, seal=self.seal)

    def sorry(self, key: str) -> None:
        """A sentence in place of the answer; a card that was pressed stays as it is."""
        asked, told = self.asked, sentence(words_for(self.asked.caller.locale)(key))
        if asked.pressed_on is not None:
            self.webhook.say_aside(asked.application_id, asked.token, told, seal=self.seal, replacing=False)
        else:
            self.webhook.edit_original(asked.application_id, asked.token, told, seal=self.seal)
