"""/weapons: what is done with each weapon, one of them, or a player's."""

from __future__ import annotations

from etstats.cards import weapon as card
from etstats.cards.text import escaped, part_or_all
from etstats.commands.option import PERIOD, PLAYER, find_player, named, period_of
from etstats.commands.question import Question
from etstats.commands.registry import Option, command
from etstats.domain.name import search_key
from etstats.domain.weapon import LABELS
from etstats.errors import Refusal
from etstats.interactions.reply import CHOICES, Choice, Message
from etstats.storage.weapon import weapons_of, weapons_used
from etstats.storage.who import find_name

_MAX_LENGTH = 32
_SHOWN = 60


def suggest_weapon(q: Question) -> tuple[Choice, ...]:
    """Weapons with what is typed in their names."""
    typed = search_key(q.asked.text(q.asked.focused))
    found = [(key, label) for key, label in LABELS.items() if typed in search_key(label) or typed in search_key(key)]
    return tuple(Choice(name=label, value=key) for key, label in found[:CHOICES])


@command(
    "weapons",
    options=(
        named(PLAYER, "player"),
        Option(name="weapon", suggest=suggest_weapon, max_length=_MAX_LENGTH, carried=card.LONGEST_KEY),
        PERIOD,
    ),
    example="/weapons weapon:Thompson",
)
def weapons(q: Question) -> Message:
    typed, weapon = q.asked.text("player"), _weapon_of(q)
    guid = find_player(q, typed) if typed else q.me
    wanted = card.Wanted(period=period_of(q), weapon=weapon, today=q.today)
    if weapon:
        return _one(q, wanted, guid)
    return _of_player(q, wanted, guid) if typed and guid is not None else _all(q, wanted, guid)


def _all(q: Question, wanted: card.Wanted, guid: str | None) -> Message:
    found = weapons_used(q.db, period=wanted.period, today=q.today)
    if not found:
        raise Refusal("weapons.none", part=part_or_all(q.words, wanted.period, "", q.today))
    return card.card(q.words, wanted, found, guid=guid)


def _one(q: Question, wanted: card.Wanted, guid: str | None) -> Message:
    found = weapons_used(q.db, weapon=wanted.weapon, period=wanted.period, today=q.today)
    if not found:
        raise Refusal("weapons.none", part=part_or_all(q.words, wanted.period, "", q.today))
    own = weapons_of(q.db, guid, period=wanted.period, today=q.today) if guid else []
    name = escaped(find_name(q.db, guid)) if guid else ""
    return card.one(q.words, wanted, found[0], own, name=name, guid=guid)


def _of_player(q: Question, wanted: card.Wanted, guid: str) -> Message:
    found = weapons_of(q.db, guid, period=wanted.period, today=q.today)
    name = escaped(find_name(q.db, guid))
    if not found:
        raise Refusal("weapons.none_of", name=name, part=part_or_all(q.words, wanted.period, "", q.today))
    return card.of_player(q.words, wanted, found, name=name, guid=guid)


def _weapon_of(q: Question) -> str:
    """The weapon meant, by its key or its name; '' when none is named. Raises Refusal."""
    typed = q.asked.text("weapon")
    if not typed or typed in LABELS:
        return typed
    search = search_key(typed)
    alike = [key for key, label in LABELS.items() if search and search in (search_key(label), search_key(key))]
    if not alike:
        raise Refusal("weapons.unknown", typed=escaped(typed[:_SHOWN]))
    return alike[0]
