"""/highlights: the best moments of this server's demos."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from etstats.cards import highlight as card
from etstats.cards.ask import asking
from etstats.cards.demo import demo_mark
from etstats.cards.text import escaped
from etstats.commands.demo import demo_named, suggest_demo
from etstats.commands.option import PLAYER, find_player
from etstats.commands.question import Question
from etstats.commands.registry import Labelled, Option, Takes, Topic, command
from etstats.domain.day import day_typed
from etstats.domain.highlight import Kind
from etstats.domain.who import player_mark
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage import demo as book
from etstats.storage.who import find_name

_KINDS = {kind.value for kind in Kind}
_LAST_PAGE = 50


@command(
    "highlights",
    options=(
        PLAYER,
        Option(name="type", choices=tuple(Labelled(value=kind.value, key=f"highlight.{kind.value}") for kind in Kind)),
        Option(name="when", suggest=suggest_demo, max_length=100, carried=card.MARK_BYTES),
        Option(name="page", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=_LAST_PAGE),
    ),
    example="/highlights player:nick type:Multi-kill",
    topic=Topic.DEMOS,
)
def highlights(q: Question) -> Message:
    """Nothing chosen: the best of all demos."""
    guid = find_player(q, q.asked.text("player")) if q.asked.text("player") else None
    demo = demo_named(q, q.asked.text("when"))
    kind = q.asked.text("type") if q.asked.text("type") in _KINDS else ""
    since, until = (None, None) if demo else _day(q)
    page = min(max(q.asked.number("page", 1), 1), _LAST_PAGE)
    found = book.highlights(
        q.db, q.asked.guild_id, demo_id=demo.demo_id if demo else None, guid=guid, kind=kind, since=since, until=until,
        limit=card.PAGE + 1, offset=(page - 1) * card.PAGE,
    )  # fmt: skip
    if not found:
        raise Refusal("highlights.none")
    asked = asking(
        "highlights", player=player_mark(guid) if guid else "", type=kind, page=str(page),
        when=demo_mark(demo.demo_id) if demo else since.date().isoformat() if since else "",
    )  # fmt: skip
    title = q.words("highlights.title_of", name=escaped(find_name(q.db, guid))) if guid else q.words("highlights.title")
    return card.card(q.words, title, found[: card.PAGE], asked, page=page, more=len(found) > card.PAGE)


def _day(q: Question) -> tuple[datetime | None, datetime | None]:
    """Of demos received on the day typed. Raises Refusal for what is no day."""
    typed = q.asked.text("when")
    if not typed:
        return None, None
    day = day_typed(typed, q.today)
    if day is None:
        raise Refusal("highlights.no_day", typed=escaped(typed))
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return begin, begin + timedelta(days=1)
