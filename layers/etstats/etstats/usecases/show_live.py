"""A minute has passed: cards that follow what is played are made anew, and who wanted to know when people play is told.

Where nobody plays nothing is written to Discord, and without a card or somebody waiting no server is asked. Safe to
repeat: a card is edited only into something else, and each who waits is taken off the list before he is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from etstats.cards import server as card
from etstats.config import GameServer
from etstats.domain.order import Look
from etstats.errors import CircuitOpen, DiscordRefused, DiscordUnavailable
from etstats.interactions.custom_id import EVERYBODY
from etstats.interactions.custom_id import seal as sealed
from etstats.interactions.reply import Message, Press, Seal
from etstats.storage import server as book
from etstats.storage.breaker import guarded
from etstats.storage.database import Database
from etstats.storage.server import LiveCard, Ping
from etstats.words import Words, words_for

WAITS = timedelta(hours=12)
_LOOK_S = 2.5


class Channel(Protocol):
    """Raises DiscordUnavailable and DiscordRefused."""

    def create_message(self, channel_id: str, message: Message, *, seal: Seal, nonce: str) -> str: ...

    def edit_message(self, channel_id: str, message_id: str, message: Message, *, seal: Seal) -> None: ...

    def direct_channel(self, user_id: str) -> str: ...


class Looking(Protocol):
    """`usecases.control_server.Controller`, as far as it is needed here."""

    @property
    def known(self) -> Sequence[GameServer]: ...

    def look(self, server: GameServer, *, budget_s: float) -> Look: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    posted: int = 0
    edited: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """*key*: buttons are sealed with it."""

    db: Database
    looking: Looking
    channel: Channel
    key: Callable[[], bytes]
    now: Callable[[], datetime]

    def show(self) -> Shown:
        """Raises DatabaseUnavailable; what Discord does not take now is for the next minute."""
        cards = book.live_cards(self.db)
        waiting = book.pings(self.db, since=self.now() - WAITS)
        done = Shown()
        for server in self.looking.known:
            its_cards = [one for one in cards if one.server == server.name and one.guild_id in server.guilds]
            its_waiting = [one for one in waiting if one.server == server.name and one.guild_id in server.guilds]
            if not its_cards and not its_waiting:
                continue
            look = self.looking.look(server, budget_s=_LOOK_S)
            with suppress(DiscordUnavailable, CircuitOpen):
                done = self._tell(look, its_waiting, done)
                for one in its_cards:
                    done = self._renew(one, look, done)
        return done

    def _tell(self, look: Look, waiting: Sequence[Ping], done: Shown) -> Shown:
        """Who cannot be told now, waits on; who does not want to be written to, does not."""
        for one in (one for one in waiting if look.humans >= one.at_least):
            if not book.take_pings(self.db, one.server, [one.user_id]):
                continue
            try:
                with self._discord():
                    place = self.channel.direct_channel(one.user_id)
                    message = card.ping(_words(one.language), look)
                    self.channel.create_message(place, message, seal=self._seal, nonce=f"{one.user_id}"[-20:])
            except (DiscordUnavailable, CircuitOpen):
                book.ask_ping(self.db, one.server, one.user_id, one.guild_id, one.at_least, now=self.now())
                raise
            except DiscordRefused:
                continue
            done = replace(done, told=done.told + 1)
        return done

    def _renew(self, one: LiveCard, look: Look, done: Shown) -> Shown:
        """Posts it, or edits it where it shows something else by now."""
        shown = digest(look)
        if one.shown == shown:
            return done
        message = card.card(_words(one.language), look)
        try:
            with self._discord():
                if one.message_id is None:
                    made = self.channel.create_message(one.channel_id, message, seal=self._seal, nonce=one.nonce)
                    book.note_shown(self.db, one, message_id=made, shown=shown)
                    return replace(done, posted=done.posted + 1)
                self.channel.edit_message(one.channel_id, one.message_id, message, seal=self._seal)
                book.note_shown(self.db, one, message_id=one.message_id, shown=shown)
                return replace(done, edited=done.edited + 1)
        except DiscordRefused as fault:  # the message or the channel is gone, or closed to us
            book.note_shown(self.db, one, message_id=one.message_id, shown=one.shown, problem=str(fault))
            return done

    def _discord(self) -> AbstractContextManager[None]:
        return guarded(self.db, "discord", now=self.now(), faults=(DiscordUnavailable,))

    def _seal(self, press: Press) -> str:
        return sealed(press, key=self.key(), user_id=EVERYBODY, now_ms=int(self.now().timestamp() * 1000))


def digest(look: Look) -> str:
    """Of what a card shows. Where nobody plays it stays the same whatever the server does by itself."""
    playing = (look.status, look.last_round_at) if look.humans else ()
    return hashlib.sha256(repr((look.answers, playing)).encode()).hexdigest()[:16]


def _words(language: str | None) -> Words:
    return words_for(language or "")
