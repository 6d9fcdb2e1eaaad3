"""Posts what is due in the outbox, each post in a transaction of its own, and writes down what became of it.

A crash between posting and writing it down posts again with the same nonce, which Discord answers with the first post.
Discord away: the post stays, due later. Discord says no: the reason goes into the receipt, and the file counts as
published, for the commands show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NoReturn, Protocol

from etstats.cards import round as card
from etstats.domain.announcement import Due
from etstats.errors import DiscordRefused, DiscordUnavailable
from etstats.interactions.reply import Message, Press, Seal
from etstats.storage.announcement import announced_lines, claim_due, find_round, mark_posted, mark_refused, put_off
from etstats.storage.database import Database
from etstats.words import ENGLISH, words_for

FIRST_WAIT_S = 10
LONGEST_WAIT_S = 900
_UNAUTHORISED = 401


class Channel(Protocol):
    """Where posts go. Raises DiscordUnavailable and DiscordRefused."""

    def create_message(self, channel_id: str, message: Message, *, seal: Seal, nonce: str) -> str: ...


class Fate(Enum):
    POSTED = "posted"
    PUT_OFF = "put off"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What became of one post."""

    due: Due
    fate: Fate
    reason: str = ""


def announce(
    db: Database, channel: Channel, *, now: Callable[[], datetime], time_is_short: Callable[[], bool]
) -> Iterator[Announced]:
    """Everything due, until there is nothing left, Discord is away, or *time_is_short*. Raises DatabaseUnavailable."""
    while not time_is_short():
        with db.transaction():
            due = claim_due(db, now=now())
            announced = None if due is None else _announce(db, channel, due, now())
        if announced is None:
            return
        yield announced
        if announced.fate is Fate.PUT_OFF:
            return


def _announce(db: Database, channel: Channel, due: Due, now: datetime) -> Announced:
    message = _message(db, due)
    if message is None:
        return _refused(db, due, "the round is not there any more", now)
    try:
        message_id = channel.create_message(due.channel_id, message, seal=_no_buttons, nonce=due.nonce)
    except DiscordUnavailable as fault:
        return _put_off(db, due, fault, wait_s=fault.retry_after_s or 0, now=now)
    except DiscordRefused as fault:
        if fault.status == _UNAUTHORISED:  # the bot's token is wrong; that is mended without us
            return _put_off(db, due, fault, wait_s=0, now=now)
        return _refused(db, due, str(fault), now)
    mark_posted(db, due, message_id=message_id, now=now)
    return Announced(due=due, fate=Fate.POSTED)


def _message(db: Database, due: Due) -> Message | None:
    announced = find_round(db, due.subject_id) if due.kind == "round" else None
    return (
        None if announced is None else card.card(words_for(ENGLISH), announced, announced_lines(db, announced.round_id))
    )


def _put_off(db: Database, due: Due, fault: Exception, *, wait_s: float, now: datetime) -> Announced:
    """Twice as long each time, a quarter of an hour at most, and never less than Discord asked for."""
    backoff_s = min(FIRST_WAIT_S * 2 ** min(due.attempts, 10), LONGEST_WAIT_S)
    put_off(db, due, until=now + timedelta(seconds=max(backoff_s, wait_s)))
    return Announced(due=due, fate=Fate.PUT_OFF, reason=str(fault))


def _refused(db: Database, due: Due, reason: str, now: datetime) -> Announced:
    mark_refused(db, due, reason=reason, note=f"not posted: {reason}", now=now)
    return Announced(due=due, fate=Fate.REFUSED, reason=reason)


def _no_buttons(press: Press) -> NoReturn:
    raise ValueError(f"a button for /{press.command} on a round card")
