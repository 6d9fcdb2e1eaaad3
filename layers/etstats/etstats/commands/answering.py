"""From what somebody asked to what they are told: finds the command, checks who may use it, refuses politely.

The front function calls `Answerer.respond`, which must be quick; the follow-up function calls `finish` for what was
put off.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from etstats.commands import catalogue  # noqa: F401  # importing it registers every command
from etstats.commands.question import Question
from etstats.commands.registry import Answers, Command, Seen, find_command
from etstats.interactions import custom_id
from etstats.interactions.custom_id import BadButton, ExpiredButton
from etstats.interactions.reply import Answer, Deferral, Message, Press, Reply, Suggestions, as_json, sentence
from etstats.interactions.request import Asked, Given, Kind
from etstats.words import words_for

if TYPE_CHECKING:
    from etstats.storage.database import Database

NO_SUCH_COMMAND = "I do not know that command. It may be new: try again in a minute, or see /help."
NOT_ALLOWED = "You may not use this command here. Ask somebody who manages the server."
AWAY = "The statistics are out of reach right now. Please try again in a minute."


class HandOver(Protocol):
    """Gives an interaction to the follow-up function."""

    def send(self, body: dict[str, object]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Answers everything but a PING. What it needs is built when first called for."""

    db: Callable[[], Database]
    key: Callable[[], bytes]  # custom_ids are sealed with it
    followups: Callable[[], HandOver]

    def respond(self, asked: Asked, body: bytes) -> dict[str, object]:
        """The HTTP response's JSON; *body* is what Discord sent. Raises Unavailable when something needed is away."""
        return as_json(self._reply(asked, body), sealer(asked, self.key))

    def respond_away(self, asked: Asked) -> dict[str, object]:
        """The same after Unavailable: a sentence, or nothing to choose from."""
        away = Suggestions() if asked.kind is Kind.AUTOCOMPLETE else Answer(message=sentence(AWAY))
        return as_json(away, sealer(asked, self.key))

    def _reply(self, asked: Asked, body: bytes) -> Reply:
        if asked.kind is Kind.COMPONENT:
            return self._pressed(asked)
        if asked.kind is Kind.AUTOCOMPLETE:
            return self._suggestions(asked)
        found = find_command(asked.command) if asked.kind is Kind.COMMAND else None
        if found is None or not found.may_be_used_by(asked.caller.permissions):
            return _not_that(found)
        if found.answers_to(asked) is Answers.NOW:
            return Answer(message=_run(found, asked, self.db()))
        # before the deferral is returned: the function is frozen as soon as it has answered
        self.followups().send(json.loads(body))
        return Deferral(private=found.seen is Seen.PRIVATE)

    def _pressed(self, asked: Asked) -> Reply:
        """A button repeats a command with other options; pressed on somebody else's card, it answers with a copy."""
        try:
            pressed = custom_id.unseal(asked.custom_id, key=self.key(), now_ms=asked.at_ms)
        except (BadButton, ExpiredButton) as fault:
            return Answer(message=sentence(str(fault)))
        found = find_command(pressed.press.command)
        if found is None or not found.may_be_used_by(asked.caller.permissions):
            return _not_that(found)
        options = tuple(Given(name=name, value=value) for name, value in pressed.press.options)
        message = _run(found, asked.asking(found.name, options), self.db())
        if pressed.user_id == asked.caller.id and not message.private:
            return Answer(message=message, instead_of_asked=True)
        return Answer(message=replace(message, private=True))

    def _suggestions(self, asked: Asked) -> Suggestions:
        found = find_command(asked.command)
        option = found.option(asked.focused) if found is not None else None
        if found is None or option is None or option.suggest is None:
            return Suggestions()
        if not found.may_be_used_by(asked.caller.permissions):
            return Suggestions()
        return Suggestions(choices=option.suggest(_question(asked, self.db())))


def finish(asked: Asked, db: Database) -> Message:
    """The message a deferral promised. Raises Unavailable."""
    found = find_command(asked.command)
    return sentence(NO_SUCH_COMMAND) if found is None else _run(found, asked, db)


def sealer(asked: Asked, key: Callable[[], bytes]) -> Callable[[Press], str]:
    """Makes the custom_ids of the buttons in a reply to *asked*; the key is fetched only when there is a button."""

    def seal(press: Press) -> str:
        return custom_id.seal(press, key=key(), user_id=asked.caller.id, now_ms=asked.at_ms)

    return seal


def _not_that(found: Command | None) -> Answer:
    return Answer(message=sentence(NO_SUCH_COMMAND if found is None else NOT_ALLOWED))


def _run(found: Command, asked: Asked, db: Database) -> Message:
    message = found.run(_question(asked, db))
    return message if found.seen is Seen.PUBLIC else replace(message, private=True)


def _question(asked: Asked, db: Database) -> Question:
    return Question(asked=asked, db=db, words=words_for(asked.caller.locale))
