"""From what somebody asked to what they are told: finds the command, checks who may use it, refuses politely.

The front function calls `Answerer.respond`, which must be quick; the follow-up function calls `finish` for what was
put off.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from etstats.commands.finding import find
from etstats.commands.question import NO_TOOLS, Question, Show, Tools, cannot_show, no_control
from etstats.commands.task import NotHis, Place, Task, sealer, task_for
from etstats.domain.permission import Tier, tier_of
from etstats.domain.setting import KnownCaller
from etstats.errors import DatabaseUnavailable, Refusal, Stranger, Unavailable
from etstats.interactions.custom_id import BadButton
from etstats.interactions.reply import Json, Message, answer_json, choices_json, deferral_json, sentence
from etstats.interactions.request import Asked, Kind
from etstats.storage.caller import find_caller
from etstats.words import Words, words_for

if TYPE_CHECKING:
    from etstats.commands.control import Control
    from etstats.interactions.form import Form
    from etstats.interactions.reply import Choice, Seal
    from etstats.storage.database import Database


class HandOver(Protocol):
    """Gives an interaction to the follow-up function."""

    def send(self, body: Json) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Answers everything but a PING. What it needs is built when first called for."""

    db: Callable[[], Database]
    key: Callable[[], bytes]  # custom_ids are sealed with it
    followups: Callable[[], HandOver]
    control: Callable[[], Control] = no_control
    roots: tuple[str, ...] = ()

    def respond(self, asked: Asked, body: bytes) -> Json:
        """The HTTP response's JSON; *body* is what Discord sent. Raises Unavailable when something needed is away,
        and Stranger where nobody's figures may be shown."""
        if asked.kind is Kind.AUTOCOMPLETE:
            return choices_json(self._choices(asked))
        return self._reply(asked, body)

    def respond_away(self, asked: Asked, fault: Unavailable) -> Json:
        """The same after Unavailable: a sentence, or nothing to choose from."""
        return self._instead(
            asked, Refusal("refusal.away" if isinstance(fault, DatabaseUnavailable) else "refusal.part_away")
        )

    def respond_stranger(self, asked: Asked, fault: Stranger) -> Json:
        """The same after Stranger."""
        return self._instead(asked, fault)

    def _instead(self, asked: Asked, fault: Refusal) -> Json:
        if asked.kind is Kind.AUTOCOMPLETE:
            return choices_json()
        return self._refusal(asked, fault, words_for(asked.caller.locale))

    def _refusal(self, asked: Asked, fault: Refusal, words: Words) -> Json:
        return answer_json(refused(fault, words), sealer(asked, self.key))

    def _reply(self, asked: Asked, body: bytes) -> Json:
        words = words_for(asked.caller.locale)
        try:
            task = task_for(asked, self.key)
            known = self._known(task)
            words = _words(asked, known)
            tier = tier_of(asked.caller.id, known.granted, self.roots)
            _admit(task, known, tier)
            if not task.later:
                asking = _question(task.asked, self.db(), known, tier, private=task.private, control=self.control)
                return _placed(task, task.command.run(asking), sealer(asked, self.key))
        except Stranger:
            raise
        except Refusal as fault:
            self._note(asked, fault)
            return self._refusal(asked, fault, words)
        # before the deferral is returned: the function is frozen as soon as it has answered
        self.followups().send(json.loads(body))
        return deferral_json(private=task.place is Place.PRIVATE, in_place=task.place is Place.IN_PLACE)

    def _note(self, asked: Asked, fault: Refusal) -> None:
        """Who wanted what is not his, is on record."""
        if isinstance(fault, BadButton | NotHis):
            from etstats.storage import audit  # noqa: PLC0415  # it is seldom wanted

            with suppress(Unavailable):
                audit.note_refused(self.db(), asked, reason=fault.key)

    def _known(self, task: Task) -> KnownCaller:
        """Who asks; the cool-down is his from here on."""
        asked, command = task.asked, task.command
        try:
            return find_caller(
                self.db(), asked.caller.id, guild_id=asked.guild_id, roles=asked.caller.roles,
                command=command.name, cooldown_s=task.cooldown_s,
            )  # fmt: skip
        except Unavailable:
            if command.needs_database:
                raise
            return KnownCaller(away=True)
        except Stranger:
            if command.needs_database:
                raise
            return KnownCaller()

    def _choices(self, asked: Asked) -> tuple[Choice, ...]:
        found = find(asked.command)
        option = found.option(asked.focused) if found is not None else None
        if found is None or option is None or option.suggest is None:
            return ()
        if not found.may_be_used_by(asked.caller.permissions):
            return ()
        db = self.db()
        known = find_caller(db, asked.caller.id, guild_id=asked.guild_id, roles=asked.caller.roles)
        tier = tier_of(asked.caller.id, known.granted, self.roots)
        if tier < found.tier:
            return ()
        try:
            return option.suggest(_question(asked, db, known, tier, control=self.control))
        except Refusal:  # where there is nothing to ask, there is nothing to choose from
            return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a deferral promised, and where it goes. *aside*: the caller alone is told, whatever was promised."""

    message: Message
    place: Place
    aside: bool


def finish(
    asked: Asked,
    db: Database,
    *,
    key: Callable[[], bytes],
    tools: Tools = NO_TOOLS,
    roots: tuple[str, ...] = (),
    show: Show = cannot_show,
) -> Finished:
    """Raises Unavailable."""
    words = words_for(asked.caller.locale)
    place = Place.PRIVATE
    try:
        task = task_for(asked, key)
        place = task.place
        known = find_caller(db, asked.caller.id, guild_id=asked.guild_id, roles=asked.caller.roles)
        words = _words(asked, known)
        tier = tier_of(asked.caller.id, known.granted, roots)
        _check_tier(task, tier)
        asking = _question(task.asked, db, known, tier, private=task.private)
        message = task.command.run(asking.equipped(tools, show))
    except Refusal as fault:
        message = refused(fault, words)
    if not isinstance(message, Message):
        raise TypeError(f"/{asked.command} opens a form, which cannot be put off")
    return Finished(message=message, place=place, aside=message.private and place is not Place.PRIVATE)


def refused(fault: Refusal, words: Words) -> Message:
    """One sentence for the caller alone."""
    return sentence(words(fault.key, **fault.values))


def _check_tier(task: Task, tier: Tier) -> None:
    if tier < task.command.tier:
        raise NotHis(f"refusal.tier_{task.command.tier.name.lower()}")


def _admit(task: Task, known: KnownCaller, tier: Tier) -> None:
    """Raises Refusal where the caller may not ask this, where the answer may not be shown, or when it came too soon.
    What one alone sees is shown anywhere."""
    _check_tier(task, tier)
    asked, channels = task.asked, known.guild.channels
    if task.place is Place.NEW and channels and not {asked.channel_id, asked.channel_parent} & set(channels):
        raise Refusal("refusal.wrong_channel", channel=f"<#{channels[0]}>")
    if known.wait_s:
        raise Refusal("refusal.wait", seconds=known.wait_s)


def _placed(task: Task, made: Message | Form, seal: Seal) -> Json:
    if not isinstance(made, Message):
        from etstats.interactions.form import form_json  # noqa: PLC0415  # few commands have one

        return form_json(made, seal)
    if made.private or task.place is Place.NEW:
        return answer_json(made, seal)
    if task.place is Place.IN_PLACE:
        return answer_json(made, seal, in_place=True)
    return answer_json(replace(made, private=True), seal)


def _words(asked: Asked, known: KnownCaller) -> Words:
    return words_for(known.language or asked.caller.locale)


def _question(
    asked: Asked,
    db: Database,
    known: KnownCaller,
    tier: Tier,
    *,
    private: bool = False,
    control: Callable[[], Control] = no_control,
) -> Question:
    return Question(
        asked=asked, db=db, words=_words(asked, known), me=known.person, guild=known.guild, tier=tier, away=known.away,
        private=private, control=control,
    )  # fmt: skip
