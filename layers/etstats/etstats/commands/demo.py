"""/demo: the demos this Discord server has, how far they are, what is in them."""

from __future__ import annotations

import re

from etstats.cards import demo as card
from etstats.cards.text import escaped
from etstats.commands.question import Question
from etstats.commands.registry import Option, Permission, Seen, Takes, command
from etstats.domain.demo import Demo, Shown, State
from etstats.errors import Refusal
from etstats.interactions.reply import CHOICES, Choice, Message, sentence
from etstats.storage import demo as book

_MARK = re.compile(r"#([0-9]{1,18})")
_LAST_PAGE = 50
_LOOKED_AT = 200


def suggest_demo(q: Question) -> tuple[Choice, ...]:
    """This server's, the latest first, with what is typed in their labels."""
    typed = q.asked.text(q.asked.focused).casefold()
    found = book.demos(q.db, q.asked.guild_id, limit=_LOOKED_AT if typed else CHOICES)
    labelled = [(card.label(q.words, one), card.demo_mark(one.demo_id)) for one in found]
    return tuple(Choice(name=label, value=mark) for label, mark in labelled if typed in label.casefold())[:CHOICES]


DEMO = Option(name="demo", suggest=suggest_demo, max_length=100, described="option.demo", carried=19)
HIGHLIGHT = Option(
    name="highlight", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=999, described="option.highlight"
)  # fmt: skip


def demo_of(q: Question) -> Demo:
    """The demo meant, the latest one when none is named. Raises Refusal."""
    typed = q.asked.text("demo")
    if not typed:
        latest = book.demos(q.db, q.asked.guild_id, limit=1)
        if not latest:
            raise Refusal("demo.none")
        return latest[0]
    found = demo_named(q, typed)
    if found is None:
        raise Refusal("demo.unknown", typed=escaped(typed[:60]))
    return found


def demo_named(q: Question, typed: str) -> Demo | None:
    """The demo a suggestion stands for; None: something else was typed."""
    chosen = _MARK.fullmatch(typed)
    return book.find_demo(q.db, int(chosen[1]), guild_id=q.asked.guild_id) if chosen else None


def highlights_from(q: Question, demo: Demo, number: int) -> list[Shown]:
    """The demo's highlight of that number, and the next one where there is one. Raises Refusal."""
    if demo.state != State.READY.value:
        raise Refusal("clip.not_ready")
    found = book.highlights(q.db, q.asked.guild_id, demo_id=demo.demo_id, limit=2, offset=number - 1)
    if not found:
        raise Refusal("clip.no_highlight", n=number)
    return found


@command("demo list", options=(Option(name="page", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=_LAST_PAGE),))
def demo_list(q: Question) -> Message:
    page = min(max(q.asked.number("page", 1), 1), _LAST_PAGE)
    found = book.demos(q.db, q.asked.guild_id, limit=card.PAGE + 1, offset=(page - 1) * card.PAGE)
    if not found:
        raise Refusal("demo.none")
    return card.listed(q.words, found[: card.PAGE], page=page, more=len(found) > card.PAGE)


@command("demo info", options=(DEMO,), example="/demo info demo:evening.tv_84")
def demo_info(q: Question) -> Message:
    one = demo_of(q)
    if one.state != State.READY.value:
        return card.info(q.words, one, [], [])
    best = book.highlights(q.db, q.asked.guild_id, demo_id=one.demo_id, limit=card.BEST)
    return card.info(q.words, one, book.demo_players(q.db, one.demo_id), best)


@command("demo delete", options=(DEMO,), seen=Seen.PRIVATE, example="/demo delete demo:evening.tv_84")
def demo_delete(q: Question) -> Message:
    """By whoever uploaded it, and by those who manage the server. Its bytes stay in the bucket's history."""
    if not q.asked.text("demo"):
        raise Refusal("demo.which")
    one = demo_of(q)
    manages = q.asked.caller.permissions & Permission.MANAGE_SERVER.value
    if one.uploaded_by != q.asked.caller.id and not manages:
        raise Refusal("demo.not_yours")
    book.delete(q.db, one.demo_id, guild_id=q.asked.guild_id)
    return sentence(q.words("demo.deleted", name=escaped(one.name)))
