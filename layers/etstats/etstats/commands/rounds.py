"""/rounds: every round of an evening, or the latest on a map, with the receipts of its files."""

from __future__ import annotations

from collections.abc import Callable

from etstats.cards import rounds as card
from etstats.commands.evening import evening_of
from etstats.commands.option import MAP, WHEN, map_of
from etstats.commands.question import Question
from etstats.commands.registry import Option, Takes, Topic, command
from etstats.domain.rounds import ListedRound, Listing
from etstats.domain.when import session_mark
from etstats.domain.where import map_mark
from etstats.interactions.reply import Message
from etstats.storage.rounds import loose_files, rounds_of_session, rounds_on_map

_LAST_PAGE = 99


@command(
    "rounds",
    topic=Topic.SESSIONS,
    options=(WHEN, MAP, Option(name="page", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=_LAST_PAGE)),
    example="/rounds when:yesterday",
)
def rounds(q: Question) -> Message:
    map = map_of(q)
    return _on_map(q, map) if map and not q.asked.text("when") else _of_session(q, map)


def _on_map(q: Question, map: str) -> Message:
    listing = _page(q, lambda limit, offset: rounds_on_map(q.db, map, limit=limit, offset=offset))
    return card.card(q.words, listing, session=None, map=map, asked=(("map", map_mark(map)),), now=q.now)


def _of_session(q: Question, map: str) -> Message:
    session = evening_of(q).session
    listing = _page(
        q, lambda limit, offset: rounds_of_session(q.db, session.session_id, map=map, limit=limit, offset=offset)
    )
    if not map and not listing.more:
        listing = listing.with_loose(loose_files(q.db, session))
    asked = [("when", session_mark(session.session_id)), *([("map", map_mark(map))] if map else [])]
    return card.card(q.words, listing, session=session, map=map, asked=asked, now=q.now)


def _page(q: Question, read: Callable[[int, int], list[ListedRound]]) -> Listing:
    """One more is read than a page holds, to know whether there is another. Beyond the last it is the first."""
    page = min(max(q.asked.number("page", 1), 1), _LAST_PAGE)
    found = read(card.PAGE + 1, (page - 1) * card.PAGE)
    if not found and page > 1:
        page, found = 1, read(card.PAGE + 1, 0)
    more = len(found) > card.PAGE and page < _LAST_PAGE
    return Listing(rounds=tuple(found[: card.PAGE]), page=page, more=more)
