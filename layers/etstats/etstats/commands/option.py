"""Options that many commands share, and what is meant by what was typed: PLAYER, WHEN, MAP, PERIOD.

    @command("form", options=(PLAYER, …))
    def form(q: Question) -> Message:
        guid = person_of(q)          the one chosen, or the caller himself; raises Refusal

A suggestion sends back a mark (`#` and an identifier), what is typed by hand is looked up. Both are one value here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from etstats.cards.text import escaped, plain
from etstats.commands.question import Question
from etstats.commands.registry import Answers, Labelled, Option, Takes
from etstats.domain.day import day_typed
from etstats.domain.name import search_key, strip_colours
from etstats.domain.period import Period
from etstats.domain.when import SessionMark, session_mark
from etstats.domain.where import MARK_BYTES
from etstats.domain.who import Named, nearest, player_mark
from etstats.errors import Refusal
from etstats.interactions.reply import CHOICES, Choice
from etstats.interactions.request import Asked
from etstats.storage.caller import find_person
from etstats.storage.when import is_session, latest_session, sessions_before, sessions_on
from etstats.storage.where import find_map, maps_named
from etstats.storage.who import is_hidden, names_near, players_named
from etstats.words import Words

_MAX_LENGTH = 64
_SHOWN = 60  # of what was typed, in a sentence
_PLAYER_MARK = re.compile(r"#([0-9A-Z]{8})")  # a guid
_SESSION_MARK = re.compile(r"#([0-9a-z]{1,13})")  # a session's number, in base 36
_MENTION = re.compile(r"<@!?([0-9]{1,20})>")
_NEAR = 3
_FEW = 5
_SESSIONS_LOOKED_AT = 200
_PERIODS = {period.value: period for period in Period}


# -- a player --------------------------------------------------------------------------------------------------------


def suggest_player(q: Question) -> tuple[Choice, ...]:
    """Names that match what is typed so far, and when they are few, names that look alike."""
    typed = _as_in_game(q.asked.text(q.asked.focused))
    search = search_key(typed)
    found = players_named(q.db, typed=typed, search=search, limit=CHOICES, me=q.me)
    if len(found) < _FEW and search:
        known = {one.guid for one in found}
        found += [
            one for one in nearest(search, names_near(q.db, search, me=q.me), limit=_FEW) if one.guid not in known
        ]
    return tuple(Choice(name=_player(q.words, one), value=player_mark(one.guid)) for one in found[:CHOICES])


def person_of(q: Question, option: str = "player") -> str:
    """The guid of the person meant, the caller's own when none is named. Raises Refusal."""
    typed = q.asked.text(option)
    if typed:
        return find_player(q, typed)
    if q.me is None:
        raise Refusal("refusal.not_linked")
    return q.me


def target_of(q: Question) -> str:
    """The guid of the person in whose menu the command was chosen. Raises Refusal where he has not linked one."""
    return _linked(q, q.asked.target)


def find_player(q: Question, typed: str) -> str:
    """A chosen suggestion, somebody mentioned, a name as it stands, or the beginning of only one player's names.
    Raises Refusal, with the nearest names."""
    if chosen := _PLAYER_MARK.fullmatch(typed):
        return _shown(q, chosen[1])
    if mentioned := _MENTION.fullmatch(typed):
        return _linked(q, mentioned[1])
    name = _as_in_game(typed)
    search = search_key(name)
    found = players_named(q.db, typed=name, search=search, limit=2, me=q.me)
    exact = [one for one in found if one.matched.lower() == name.lower() or (search and one.search_name == search)]
    if exact or len(found) == 1:
        return (exact or found)[0].guid
    raise unknown_player(q, typed)


def unknown_player(q: Question, typed: str) -> Refusal:
    """Nobody goes by that name; who might be meant."""
    name = _as_in_game(typed)
    search = search_key(name)
    near = players_named(q.db, typed=name, search=search, limit=_NEAR, me=q.me) if search else []
    near = near or nearest(search, names_near(q.db, search, me=q.me), limit=_NEAR)
    shown = escaped(typed[:_SHOWN])
    if not near:
        return Refusal("refusal.unknown_player", typed=shown)
    return Refusal("refusal.unknown_player_near", typed=shown, names=", ".join(_near(q.words, one) for one in near))


def _linked(q: Question, user_id: str) -> str:
    found = find_person(q.db, user_id)
    if found is None:
        raise Refusal("refusal.target_not_linked", user=f"<@{user_id}>")
    return _shown(q, found)


def _shown(q: Question, guid: str) -> str:
    """Who hides is found by nobody but himself: not by an old button either."""
    if guid != q.me and is_hidden(q.db, guid):
        raise Refusal("refusal.hidden")
    return guid


def _as_in_game(typed: str) -> str:
    """Without colour codes, and ü as u: names in the game know ASCII only."""
    return strip_colours(unicodedata.normalize("NFKD", typed))


def _player(words: Words, one: Named) -> str:
    """nick · 2 Oct 2025 · 120 rounds; with the name that matched when it is another."""
    name, matched = plain(one.name), plain(one.matched)
    if one.matched != one.name:
        name = words("option.player_was", name=name, was=matched)
    return f"{name} · {words.day(one.last_at)} · {words.count('round', one.rounds)}"


def _near(words: Words, one: Named) -> str:
    shown = f"**{escaped(one.matched)}**"
    return shown if one.matched == one.name else words("option.player_now", name=shown, now=escaped(one.name))


PLAYER = Option(name="player", suggest=suggest_player, max_length=_MAX_LENGTH, described="option.player", carried=9)


# -- a session -------------------------------------------------------------------------------------------------------


def suggest_session(q: Question) -> tuple[Choice, ...]:
    """The latest sessions, or those of the day typed, or those whose label has what is typed in it."""
    typed = q.asked.text(q.asked.focused)
    day = day_typed(typed, q.today)
    found = (
        sessions_before(q.db, limit=_SESSIONS_LOOKED_AT if typed else CHOICES)
        if day is None
        else sessions_on(q.db, day)
    )
    labelled = [(session_label(q.words, one), session_mark(one.session_id)) for one in found]
    if day is None:
        labelled = [one for one in labelled if typed.casefold() in one[0].casefold()]
    return tuple(Choice(name=label, value=mark) for label, mark in labelled[:CHOICES])


def session_label(words: Words, one: SessionMark) -> str:
    """Thu 2 Oct 2025 21:18 · 4:2 · 5 maps · 10 players."""
    score = f"{plain(one.team_a or 'A')} {one.score_a}:{one.score_b} {plain(one.team_b or 'B')}"
    told = [f"{words.day(one.first_at)} {one.first_at:%H:%M}", *([score] if one.maps else [])]
    counts = words.count("map", one.maps) if one.maps else words.count("round", one.counted_rounds)
    return " · ".join((*told, counts, words.count("player", one.players)))


def session_of(q: Question, option: str = "when") -> int:
    """The number of the session meant, the latest when none is named. Raises Refusal."""
    typed = q.asked.text(option)
    found = _find_session(q, typed) if typed else latest_session(q.db)
    if found is not None:
        return found
    raise Refusal("refusal.unknown_session", typed=escaped(typed[:_SHOWN])) if typed else Refusal("refusal.no_data")


def _find_session(q: Question, typed: str) -> int | None:
    if chosen := _SESSION_MARK.fullmatch(typed):
        number = int(chosen[1], 36)
        return number if number < 1 << 63 and is_session(q.db, number) else None
    day = day_typed(typed, q.today)
    on_it = sessions_on(q.db, day) if day is not None else []
    return on_it[0].session_id if on_it else None


WHEN = Option(name="when", suggest=suggest_session, max_length=_MAX_LENGTH, described="option.when", carried=14)


# -- a map, a period -------------------------------------------------------------------------------------------------


def suggest_map(q: Question) -> tuple[Choice, ...]:
    """Maps that were played, the most played first."""
    found = maps_named(q.db, q.asked.text(q.asked.focused), limit=CHOICES)
    return tuple(Choice(name=name, value=name) for name in found if len(name) <= _MAX_LENGTH)


def map_of(q: Question) -> str:
    """The map meant; '' when none is named. Raises Refusal."""
    typed = q.asked.text("map")
    found = find_map(q.db, typed) if typed else ""
    if found is None:
        raise Refusal("refusal.unknown_map", typed=escaped(typed[:_SHOWN]))
    return found


def period_of(q: Question) -> Period:
    """The period chosen; all time when none is."""
    return _PERIODS.get(q.asked.text("period"), Period.ALL)


def answers(asked: Asked) -> Answers:
    """A picture takes a moment."""
    return Answers.LATER if asked.flag("picture") else Answers.NOW


PICTURE = Option(name="picture", takes=Takes.BOOLEAN, described="option.picture")
MAP = Option(name="map", suggest=suggest_map, max_length=_MAX_LENGTH, described="option.map", carried=MARK_BYTES)
PERIOD = Option(
    name="period",
    choices=tuple(Labelled(value=period.value, key=f"period.{period.value}") for period in Period),
    described="option.period",
)


def named(option: Option, name: str, *, required: bool = False) -> Option:
    """The same option under another name, with words of the command's own: two players to compare."""
    return replace(option, name=name, described="", required=required)
