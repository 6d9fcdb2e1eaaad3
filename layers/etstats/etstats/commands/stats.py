"""/stats: a player's figures, found by any name he has gone by."""

from __future__ import annotations

import re
import unicodedata

from etstats.cards import player as card
from etstats.cards.text import count, day, plain
from etstats.commands.question import Question
from etstats.commands.registry import Option, command
from etstats.commands.span import MAP, PERIOD, period_of, unknown_map
from etstats.domain.name import search_key, strip_colours
from etstats.domain.player import Named, nearest
from etstats.interactions.reply import CHOICES, Choice, Message, sentence
from etstats.storage.database import Database
from etstats.storage.map import find_map
from etstats.storage.player import everybody, find_profile, players_named

_CHOSEN = re.compile(r"#([0-9A-Z]{8})")  # what a suggestion sends back: the guid, marked off from a name
_NEAR = 3
_FEW = 5


def suggest_player(q: Question) -> tuple[Choice, ...]:
    """Names that match what is typed so far, and when they are few, names that look alike."""
    asked, db = q.asked, q.db
    typed = _as_in_game(asked.text(asked.focused))
    search = search_key(typed)
    found = players_named(db, typed=typed, search=search, limit=CHOICES)
    if len(found) < _FEW and search:
        known = {one.guid for one in found}
        found += [one for one in nearest(search, everybody(db), limit=_FEW) if one.guid not in known]
    return tuple(Choice(name=_label(one), value=f"#{one.guid}") for one in found[:CHOICES])


@command(
    "stats",
    options=(
        Option(name="player", suggest=suggest_player, max_length=64, described="option.player"),
        PERIOD,
        MAP,
    ),
    example="/stats player:name",
)
def stats(q: Question) -> Message:
    asked, db, today = q.asked, q.db, q.today
    typed, on = asked.text("player"), asked.text("map")
    if not typed:
        return sentence(card.HOW_TO_NAME)
    map = find_map(db, on) if on else ""
    if map is None:
        return unknown_map(on)
    guid = _find_guid(typed, db)
    period = period_of(asked)
    profile = find_profile(db, guid, period=period, map=map, today=today) if guid is not None else None
    if profile is None:
        return _nobody(typed, db)
    if not profile.player.rounds:
        return card.absent(profile.player, period=period, map=map, today=today)
    return card.card(q.words, profile, period=period, map=map, today=today)


def _as_in_game(typed: str) -> str:
    """Without colour codes, and ü as u: names in the game know ASCII only."""
    return strip_colours(unicodedata.normalize("NFKD", typed))


def _find_guid(typed: str, db: Database) -> str | None:
    """A chosen suggestion, a name as it stands, or the beginning of only one player's names."""
    if chosen := _CHOSEN.fullmatch(typed):
        return chosen[1]
    name = _as_in_game(typed)
    search = search_key(name)
    found = players_named(db, typed=name, search=search, limit=2)
    exact = [one for one in found if one.matched.lower() == name.lower() or (search and one.search_name == search)]
    if exact or len(found) == 1:
        return (exact or found)[0].guid
    return None


def _nobody(typed: str, db: Database) -> Message:
    name = _as_in_game(typed)
    search = search_key(name)
    near = players_named(db, typed=name, search=search, limit=_NEAR) if search else []
    return card.unknown(typed, near or nearest(search, everybody(db), limit=_NEAR))


def _label(one: Named) -> str:
    """nick · 2 Oct 2025 · 120 rounds; with the name that matched when it is another."""
    name = plain(one.name) if one.matched == one.name else f"{plain(one.name)} (was {plain(one.matched)})"
    return f"{name} · {day(one.last_at)} · {count(one.rounds, 'round')}"
