"""What an interaction asks us to run: a command that was typed, chosen, pressed or sent off as a form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from etstats.commands.finding import find
from etstats.commands.registry import Answers, Command, Seen
from etstats.errors import Refusal
from etstats.interactions import custom_id
from etstats.interactions.reply import Beside, Press
from etstats.interactions.request import Asked, Given, Kind


class NotHis(Refusal):
    """It needs a tier, or a permission of Discord's, that who asks does not have."""


class Place(Enum):
    """Where the answer goes: a new message, or the message whose button was pressed."""

    NEW = "new"
    PRIVATE = "private"
    IN_PLACE = "in place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """*asked*: the interaction as if the command had been typed."""

    command: Command
    asked: Asked
    place: Place

    @property
    def private(self) -> bool:
        """Only the caller sees the answer."""
        pressed_on = self.asked.pressed_on
        alone = pressed_on is not None and pressed_on.private
        return self.place is Place.PRIVATE or (self.place is Place.IN_PLACE and alone)

    @property
    def later(self) -> bool:
        return self.command.answers_to(self.asked) is Answers.LATER

    @property
    def cooldown_s(self) -> int:
        """Turning pages is free."""
        return self.command.cooldown_s if self.asked.kind is Kind.COMMAND else 0


def task_for(asked: Asked, key: Callable[[], bytes]) -> Task:
    """Raises Refusal: no such command, not for the caller, a button that is not ours or too old."""
    if asked.kind is Kind.COMMAND:
        command = _allowed(asked.command, asked)
        private = command.seen is Seen.PRIVATE or asked.flag("private")
        return Task(command=command, asked=asked, place=Place.PRIVATE if private else Place.NEW)
    pressed = custom_id.unseal(asked.custom_id, key=key(), now_ms=asked.at_ms)
    command = _allowed(pressed.press.command, asked)
    if command.shared and asked.kind is Kind.COMPONENT:
        place = Place.IN_PLACE
    else:
        place = _BESIDE.get(pressed.press.beside) or _place(asked, command, pressed.user_id)
    return Task(command=command, asked=asked.asking(command.name, _options(asked, pressed.press)), place=place)


_BESIDE = {Beside.FOR_ME: Place.PRIVATE, Beside.FOR_ALL: Place.NEW}


def _place(asked: Asked, command: Command, made_for: str) -> Place:
    if _is_own(asked, made_for):
        return Place.IN_PLACE
    if asked.kind is Kind.MODAL and asked.pressed_on is None and command.seen is Seen.PUBLIC:
        return Place.NEW
    return Place.PRIVATE


def _allowed(name: str, asked: Asked) -> Command:
    command = find(name)
    if command is None:
        raise Refusal("refusal.no_such_command")
    if not command.may_be_used_by(asked.caller.permissions):
        raise NotHis("refusal.no_permission")
    return command


def _is_own(asked: Asked, made_for: str) -> bool:
    """Whether the message is the caller's own, to be changed in place. A form is made for who opens it, wherever."""
    if asked.pressed_on is not None and asked.pressed_on.private:
        return True
    if asked.kind is Kind.MODAL:
        return asked.pressed_on is not None and asked.pressed_on.user_id == asked.caller.id
    return made_for == asked.caller.id


def _options(asked: Asked, press: Press) -> tuple[Given, ...]:
    """What the button carries, then what was chosen in the menu or typed into the form."""
    told = dict(press.options)
    if press.fills and asked.chosen:
        told[press.fills] = asked.chosen[0]
    given = tuple(Given(name=name, value=value) for name, value in told.items())
    return given + tuple(one for one in asked.options if asked.kind is Kind.MODAL)


def sealer(asked: Asked, key: Callable[[], bytes]) -> Callable[[Press], str]:
    """Makes the custom_ids of the buttons in a reply to *asked*; the key is fetched only when there is a button."""

    def seal(press: Press) -> str:
        return custom_id.seal(press, key=key(), user_id=asked.caller.id, now_ms=asked.at_ms)

    return seal
