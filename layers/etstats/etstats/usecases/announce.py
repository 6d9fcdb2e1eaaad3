"""Posts what is due in the outbox and keeps what was posted right, each message by itself, and writes down what became
of it.

Nothing is locked while Discord is asked. A channel is borrowed for a minute, so its posts go out one after the other
and in order, while others are sent to elsewhere. A crash leaves the row as it was: the next try looks in the channel
for what an earlier one may have left there, and posts with the same nonce, which Discord answers with the first post.

Discord away: the channel waits. The channel gone, or closed to us: it waits, too, its admin is told once, and it goes
on by itself when it is mended. Discord says no to one message: the reason goes into the receipt, and the file counts as
published, for the commands show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from etstats.domain.announcement import DEMO, POLL, TROUBLE, USER, Due
from etstats.errors import DiscordRefused, DiscordUnavailable
from etstats.interactions.custom_id import EVERYBODY
from etstats.interactions.custom_id import seal as sealed
from etstats.interactions.reply import Message, Press, Seal
from etstats.storage import announcement as outbox
from etstats.storage.database import Database
from etstats.usecases.compose import Content, Ended, compose

FIRST_WAIT_S = 10
LONGEST_WAIT_S = 900
# a second round completes its first's card if that is no older
COMPLETES_WITHIN = timedelta(hours=2)
# a clock that runs ahead of Discord's must not hide a message
_CLOCKS_APART = timedelta(minutes=2)
# buttons under a post live long
_LIVES_MINUTES = 366 * 24 * 60

_UNAUTHORISED, _FORBIDDEN = 401, 403
_UNKNOWN_CHANNEL, _UNKNOWN_MESSAGE, _TOO_MANY_EDITS = 10003, 10008, 30046


class Channel(Protocol):
    """Where posts go. Raises DiscordUnavailable and DiscordRefused."""

    def create_message(self, channel_id: str, message: Message, *, seal: Seal, nonce: str) -> str: ...

    def edit_message(self, channel_id: str, message_id: str, message: Message, *, seal: Seal) -> None: ...

    def find_message(self, channel_id: str, message: Message, *, seal: Seal, since: datetime) -> str | None: ...

    def admin_channels(self, guild_id: str, user_id: str) -> tuple[str, ...]: ...

    def direct_channel(self, user_id: str) -> str: ...


class Fate(Enum):
    POSTED = "posted"
    EDITED = "edited"
    UNCHANGED = "unchanged"
    PUT_OFF = "put off"
    BLOCKED = "blocked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What became of one post."""

    due: Due
    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """*key*: buttons are sealed with it. *guilds*: whom the posts are for; None: whoever wants them."""

    db: Database
    channel: Channel
    key: Callable[[], bytes]
    now: Callable[[], datetime]
    guilds: Sequence[str] | None = None

    def announce(self, *, time_is_short: Callable[[], bool]) -> Iterator[Announced]:
        """Everything due, until there is nothing left or *time_is_short*. Raises DatabaseUnavailable."""
        if self.guilds is not None:
            outbox.keep_to(self.db, self.guilds)
        outbox.redirect_posts(self.db, now=self.now())
        while not time_is_short():
            due = outbox.claim_due(self.db, now=self.now())
            if due is None:
                return
            yield self._deal_with(due)

    def _deal_with(self, due: Due) -> Announced:
        try:
            fate = self._deal(due)(due)
        except DiscordUnavailable as fault:
            return self._put_off(due, fault)
        except DiscordRefused as fault:
            return self._refused(due, fault)
        return Announced(due=due, fate=fate)

    def _deal(self, due: Due) -> Callable[[Due], Fate]:
        if due.edit:
            return self._edit
        if due.kind == TROUBLE:
            return self._tell_admin
        if due.kind == POLL:
            return self._end
        return self._tell_person if due.is_personal else self._post

    def _post(self, due: Due) -> Fate:
        """Into the message that shows its map's other round or its round's other demos, or into one of its own."""
        content = self._content(due)
        if content.beside is not None and (
            due.kind == DEMO or self.now() - content.beside.posted_at < COMPLETES_WITHIN
        ):
            joined = self._content(due, content.beside.message_id)
            if joined.is_shown or self._change(due, content.beside.message_id, joined):
                return self._mark_posted(due, content.beside.message_id, joined, Fate.EDITED)
            content = self._content(due)  # somebody deleted that message
        return self._mark_posted(due, self._send(due, due.channel_id, content), content, Fate.POSTED)

    def _end(self, due: Due) -> Fate:
        """A poll's own message as it ended; then a line where people talk now. An edit repeats itself harmlessly. Where
        its message is not found, how it ended is a message of its own."""
        content = self._content(due)
        ends = content.ends
        assert ends is not None
        ended = replace(content, message=ends.message)
        place = ends.message_id or self._find_asked(due, ends)
        if place is None:
            return self._mark_posted(due, self._send(due, due.channel_id, ended), ended, Fate.POSTED)
        if not self._change(due, place, ended):
            raise DiscordRefused("what it told of is not there any more", status=0)
        if not ends.is_told:
            return self._mark_posted(due, place, content, Fate.EDITED)
        return self._mark_posted(due, self._send(due, due.channel_id, content), content, Fate.POSTED)

    def _find_asked(self, due: Due, ends: Ended) -> str | None:
        """The answer in which it was asked, which nobody has pressed on: no interaction has told its id."""

        def seal(press: Press) -> str:
            return sealed(press, key=self.key(), user_id=ends.user_id, now_ms=int(ends.at.timestamp() * 1000))

        return self.channel.find_message(due.channel_id, ends.asked, seal=seal, since=ends.at - _CLOCKS_APART)

    def _tell_admin(self, due: Due) -> Fate:
        """Where the bot can talk to him alone, else where a server's notices go."""
        content = self._content(due)
        for place in self.channel.admin_channels(due.guild_id, due.admin) if due.guild_id else ():
            try:
                return self._mark_posted(due, self._send(due, place, content), content, Fate.POSTED)
            except DiscordRefused as fault:
                if fault.status != _FORBIDDEN:
                    raise
        raise DiscordRefused("nobody there can be told", status=0)

    def _tell_person(self, due: Due) -> Fate:
        """Alone. Who takes no messages is not written to; that is no trouble of an admin's."""
        content = self._content(due)
        place = self.channel.direct_channel(due.channel_id.removeprefix(USER))
        return self._mark_posted(due, self._send(due, place, content), content, Fate.POSTED)

    def _content(self, due: Due, message_id: str | None = None) -> Content:
        content = compose(self.db, due, message_id=message_id)
        if content is None:
            raise DiscordRefused("what it told of is not there any more", status=0)
        return content

    def _send(self, due: Due, place: str, content: Content) -> str:
        """The id of the new message, or of the one an earlier try left, brought up to date."""
        seal = self._seal(due)
        if due.tried_at is not None:
            since = due.tried_at - _CLOCKS_APART
            if found := self.channel.find_message(place, content.message, seal=seal, since=since):
                self.channel.edit_message(place, found, content.message, seal=seal)
                return found
        return self.channel.create_message(place, content.message, seal=seal, nonce=due.nonce)

    def _change(self, due: Due, message_id: str, content: Content) -> bool:
        """False: the message is gone, and what it told is not edited any more."""
        try:
            self.channel.edit_message(due.channel_id, message_id, content.message, seal=self._seal(due))
        except DiscordRefused as fault:
            if fault.code != _UNKNOWN_MESSAGE:
                raise
            outbox.mark_gone(self.db, due.channel_id, message_id)
            return False
        return True

    def _edit(self, due: Due) -> Fate:
        sent = outbox.find_sent(self.db, due.kind, due.subject_id, due.channel_id)
        content = compose(self.db, due, message_id=sent.message_id) if sent else None
        changes = content is not None and not content.is_shown
        if sent is not None and content is not None and changes:
            self._change(due, sent.message_id, content)
        with self.db.transaction():
            outbox.forget_edit(self.db, due)
            if sent is not None and content is not None:
                outbox.mark_shown(self.db, due, message_id=sent.message_id, states=content.states)
            outbox.free_channel(self.db, due.channel_id, now=self.now())
        return Fate.EDITED if changes else Fate.UNCHANGED

    def _mark_posted(self, due: Due, message_id: str, content: Content, fate: Fate) -> Fate:
        with self.db.transaction():
            outbox.mark_posted(self.db, due, message_id=message_id, now=self.now())
            outbox.mark_shown(self.db, due, message_id=message_id, states=content.states)
            outbox.free_channel(self.db, due.channel_id, now=self.now())
        return fate

    def _put_off(self, due: Due, fault: DiscordUnavailable) -> Announced:
        with self.db.transaction():
            outbox.mark_unheard(self.db, due, may_have_it=fault.was_taken)
            self._wait(due, wait_s=fault.retry_after_s or 0, everywhere=fault.everywhere)
        return Announced(due=due, fate=Fate.PUT_OFF, reason=str(fault))

    def _refused(self, due: Due, fault: DiscordRefused) -> Announced:
        """The bot's token, the channel or the message is at fault."""
        waits = fault.status == _UNAUTHORISED or fault.code == _TOO_MANY_EDITS
        closed = fault.status == _FORBIDDEN or fault.code == _UNKNOWN_CHANNEL
        blocked = closed and due.kind != TROUBLE and not due.is_personal
        with self.db.transaction():
            if waits or blocked:
                outbox.mark_unheard(self.db, due, may_have_it=False)
                problem = str(fault) if blocked else None
                self._wait(due, everywhere=fault.status == _UNAUTHORISED, problem=problem)
                outbox.tell_admin(self.db, due, now=self.now())
            else:
                outbox.mark_refused(self.db, due, reason=str(fault), now=self.now())
                outbox.free_channel(self.db, due.channel_id, now=self.now())
        fate = Fate.BLOCKED if blocked else Fate.PUT_OFF if waits else Fate.REFUSED
        return Announced(due=due, fate=fate, reason=str(fault))

    def _wait(self, due: Due, *, wait_s: float = 0, everywhere: bool = False, problem: str | None = None) -> None:
        outbox.put_off(
            self.db,
            due.channel_id,
            now=self.now(),
            wait_s=wait_s,
            first_wait_s=FIRST_WAIT_S,
            longest_wait_s=LONGEST_WAIT_S,
            everywhere=everywhere,
            problem=problem,
        )

    def _seal(self, due: Due) -> Seal:
        """The same buttons for every try of a post, so that one can be told by them."""

        def seal(press: Press) -> str:
            made_ms = int(due.created_at.timestamp() * 1000)
            return sealed(press, key=self.key(), user_id=EVERYBODY, now_ms=made_ms, lives_minutes=_LIVES_MINUTES)

        return seal
