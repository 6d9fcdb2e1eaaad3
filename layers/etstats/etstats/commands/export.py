"""/export: figures to take away as files: everything about oneself, a session, or a map."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from etstats.cards import export as card
from etstats.cards.text import escaped, file_safe
from etstats.commands.option import MAP, WHEN, map_of, session_of
from etstats.commands.question import Question
from etstats.commands.registry import Answers, Labelled, Option, Seen, Topic, command
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage import export as book


def _choice_of(name: str, *values: str) -> Option:
    return Option(name=name, choices=tuple(Labelled(value=value, key=f"export.{value}") for value in values))


@command(
    "export",
    options=(_choice_of("scope", "session", "me", "map"), WHEN, MAP, _choice_of("format", "csv", "json")),
    answers=Answers.LATER,
    seen=Seen.PRIVATE,
    cooldown_s=10,
    example="/export scope:A session format:CSV",
    topic=Topic.SESSIONS,
)
def export(q: Question) -> Message:
    """Nothing chosen: the latest session, as CSV."""
    scope = q.asked.text("scope") or ("map" if q.asked.text("map") else "session")
    made = _SCOPES.get(scope, _session)
    return made(q)


def _session(q: Question) -> Message:
    session_id = session_of(q)
    tables = book.session_tables(q.db, session_id)
    started = book.session_start(q.db, session_id)
    told = q.words("export.session_told", day=q.words.day(started), files=_files(q))
    return card.card(told, tables, stem=f"session-{started:%Y-%m-%d-%H%M}", as_json=_as_json(q))


def _me(q: Question) -> Message:
    """All that is held about the caller, with or without a player behind his account."""
    tables = book.account_tables(q.db, q.asked.caller.id)
    if q.me is not None:
        tables += book.person_tables(q.db, q.me)
    told = q.words("export.me_told" if q.me is not None else "export.me_told_unlinked", files=_files(q))
    return card.card(told, tables, stem="me", as_json=_as_json(q))


def _map(q: Question) -> Message:
    map = map_of(q)
    if not map:
        raise Refusal("export.which_map")
    told = q.words("export.map_told", map=escaped(map), files=_files(q))
    return card.card(told, book.map_tables(q.db, map), stem=f"map-{file_safe(map)}", as_json=_as_json(q))


def _as_json(q: Question) -> bool:
    return q.asked.text("format") == "json"


def _files(q: Question) -> str:
    return q.words("export.json" if _as_json(q) else "export.csv")


_SCOPES: Mapping[str, Callable[[Question], Message]] = {"session": _session, "me": _me, "map": _map}
