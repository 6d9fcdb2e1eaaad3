"""/help: what can be asked, straight from the registry."""

from __future__ import annotations

from etstats.cards import help as card
from etstats.commands import catalogue  # noqa: F401  # declares every command
from etstats.commands.finding import find
from etstats.commands.question import Question
from etstats.commands.registry import Command, Option, Permission, Seen, Topic, command, commands
from etstats.domain.permission import Tier
from etstats.errors import Refusal
from etstats.interactions.reply import CHOICES, Choice, Message
from etstats.words import Words


def suggest_command(q: Question) -> tuple[Choice, ...]:
    typed = q.asked.text("command").lower().lstrip("/")
    names = [one.name for one in _usable(q) if typed in one.name.lower()]
    return tuple(Choice(name=_shown(name), value=name) for name in names[:CHOICES])


@command(
    "help",
    options=(Option(name="command", suggest=suggest_command, max_length=64),),
    seen=Seen.PRIVATE,
    example="/help command:stats",
    needs_database=False,
    topic=Topic.YOU,
)
def help(q: Question) -> Message:
    """All that the caller may use; one command; or one topic, chosen in the menu."""
    wanted = q.asked.text("command").lstrip("/")
    if wanted:
        return card.one(q.words, _entry(q.words, _find(q, wanted)))
    usable = _usable(q)
    topics = {topic.value: [one for one in usable if one.topic is topic] for topic in Topic}
    chosen = q.asked.text("topic")
    listed = {
        topic: [_entry(q.words, one, with_options=topic == chosen) for one in among]
        for topic, among in topics.items()
        if among
    }
    return card.card(q.words, listed, chosen=chosen if chosen in listed else "")


def _usable(q: Question) -> list[Command]:
    return [one for one in commands() if _may(q, one)]


def _may(q: Question, one: Command) -> bool:
    return one.may_be_used_by(q.asked.caller.permissions) and q.tier >= one.tier


def _find(q: Question, name: str) -> Command:
    found = find(name) or find(name.lower())
    if found is None or not _may(q, found):
        raise Refusal("refusal.no_such_command")
    return found


def _entry(words: Words, one: Command, *, with_options: bool = True) -> card.Entry:
    return card.Entry(
        name=one.name,
        on_user=one.on_user,
        description=words(one.described),
        family="" if one.on_user or " " not in one.name else words(f"{one.name.split()[0]}.command"),
        example="" if one.on_user else one.example,
        options=tuple((option.name, words(one.option_described(option))) for option in one.all_options if with_options),
        private=one.seen is Seen.PRIVATE,
        admins_only=one.permission is Permission.MANAGE_SERVER and one.tier is Tier.MEMBER,
        tier="" if one.tier is Tier.MEMBER else one.tier.key,
        cooldown_s=one.cooldown_s,
    )


def _shown(name: str) -> str:
    found = find(name)
    return name if found is not None and found.on_user else f"/{name}"
