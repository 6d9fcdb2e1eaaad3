"""/clip: a part of a demo as a file that the game plays: a highlight, or from when to when; through anybody's eyes."""

from __future__ import annotations

import re

from etstats.cards import clip as card
from etstats.commands.demo import DEMO, HIGHLIGHT, demo_of, highlights_from
from etstats.commands.question import Question
from etstats.commands.registry import Answers, Option, Topic, command
from etstats.domain.clip import AS_RECORDED, LONGEST_MS, Wanted
from etstats.domain.demo import Demo, State
from etstats.errors import BadDemo, Refusal
from etstats.interactions.reply import Message
from etstats.storage import demo as book

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4})")


@command(
    "clip",
    options=(
        DEMO,
        Option(name="start", max_length=8),
        Option(name="end", max_length=8),
        Option(name="pov", max_length=64, carried=2),
        HIGHLIGHT,
    ),
    answers=Answers.LATER,
    cooldown_s=5,
    example="/clip demo:evening.tv_84 start:3:20 end:3:35",
    topic=Topic.DEMOS,
)
def clip(q: Question) -> Message:
    demo = demo_of(q)
    if demo.state != State.READY.value or demo.begin_ms is None or demo.end_ms is None:
        raise Refusal("clip.not_ready")
    from_ms, to_ms = _range(q, demo)
    wanted = Wanted(
        demo_id=demo.demo_id, demo_key=demo.key, kind=demo.kind, from_ms=from_ms, to_ms=to_ms, pov=_pov(q, demo)
    )
    try:
        made = q.cut(wanted)
    except BadDemo as fault:
        raise Refusal("clip.cannot", reason=str(fault)) from fault
    return card.card(q.words, demo, wanted, made)


def _range(q: Question, demo: Demo) -> tuple[int, int]:
    """In server time. Raises Refusal."""
    number = q.asked.number("highlight", 0)
    if number:
        shown = highlights_from(q, demo, number)[0]
        return shown.from_ms, shown.to_ms
    begin_ms, end_ms = demo.begin_ms or 0, demo.end_ms or 0
    from_ms = begin_ms + _seconds(q, "start", 0) * 1_000
    to_ms = begin_ms + _seconds(q, "end", (end_ms - begin_ms) // 1_000 + 1) * 1_000
    if from_ms >= to_ms or from_ms > end_ms:
        raise Refusal("clip.no_range", length=q.words.clock((end_ms - begin_ms) // 1_000))
    return from_ms, min(to_ms, end_ms, from_ms + LONGEST_MS)


def _seconds(q: Question, option: str, default: int) -> int:
    """3:20 and 200 are the same moment of the demo."""
    typed = q.asked.text(option)
    if not typed:
        return default
    told = _CLOCK.fullmatch(typed)
    if told is None:
        raise Refusal("clip.no_time")
    return int(told[1] or 0) * 60 + int(told[2])


def _pov(q: Question, demo: Demo) -> int:
    """The client through whose eyes; only a TV's demo has more than one pair. Raises Refusal."""
    typed = q.asked.text("pov")
    if not typed:
        return AS_RECORDED
    if demo.kind != "tv_84":
        raise Refusal("clip.no_pov")
    players = book.demo_players(q.db, demo.demo_id)
    alike = [one for one in players if typed.casefold() in one.name.casefold() or typed == str(one.client)]
    if not alike:
        raise Refusal("clip.unknown_pov", names=", ".join(card.names(players)))
    return alike[0].client
