"""/teams: close teams out of those who are there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from etstats.cards import teams as card
from etstats.cards.text import escaped
from etstats.commands.option import find_player
from etstats.commands.question import Question
from etstats.commands.registry import Option, Takes, Topic, button, command
from etstats.domain.availability import COMING
from etstats.domain.balance import BEST, FEWEST, MOST, Candidate, closest
from etstats.domain.closeness import closeness
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.storage import roster as book
from etstats.storage.availability import said_between
from etstats.storage.caller import find_person
from etstats.storage.who import find_name

_BETWEEN = re.compile(r"[,;\n]+")
_PAIR = re.compile(r"(.+?) *(?:&|\+| und | and ) *(.+)")


@command(
    "teams balance",
    options=(
        Option(name="players", max_length=500),
        Option(name="apart", max_length=200),
        Option(name="together", max_length=200),
    ),
    cooldown_s=5,
    example="/teams balance players:nick, kitty, dog, cat apart:nick & kitty",
    topic=Topic.TOGETHER,
)
def teams_balance(q: Question) -> Message:
    """Nobody typed: who said to be in today."""
    guild_id = _guild(q)
    players = _typed(q) if q.asked.text("players") else _coming(q, guild_id)
    if not FEWEST <= len(players) <= MOST:
        raise Refusal("teams.how_many", n=len(players), fewest=FEWEST, most=MOST)
    splits = closest(players, apart=_pairs(q, "apart", players), together=_pairs(q, "together", players))
    if not splits:
        raise Refusal("teams.impossible")
    number = book.keep(
        q.db, guild_id=guild_id, user_id=q.asked.caller.id, players=players, splits=splits,
        close=closeness(book.played(q.db)), now=q.now, interaction_id=q.asked.id,
    )  # fmt: skip
    return _shown(q, guild_id, number)


@command("teams show", topic=Topic.TOGETHER)
def teams_show(q: Question) -> Message:
    """Those that were chosen last."""
    found = book.find_roster(q.db, _guild(q))
    if found is None:
        raise Refusal("teams.none")
    return card.card(q.shared_words, found)


@button(
    "teams use",
    options=(
        Option(name="roster", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=10**12),
        Option(name="number", takes=Takes.WHOLE_NUMBER, at_least=1, at_most=BEST),
    ),
    shared=True,
)
def teams_use(q: Question) -> Message:
    guild_id, number = _guild(q), q.asked.number("roster", 0)
    book.choose(q.db, number, guild_id, q.asked.number("number", 0), now=q.now)
    return _shown(q, guild_id, number)


def _shown(q: Question, guild_id: str, number: int) -> Message:
    found = book.find_roster(q.db, guild_id, number)
    if found is None:
        raise Refusal("teams.none")
    return card.card(q.shared_words, found)


def _guild(q: Question) -> str:
    if not q.asked.guild_id:
        raise Refusal("teams.in_a_server")
    return q.asked.guild_id


def _typed(q: Question) -> list[Candidate]:
    """Names one after the other, with commas between. Raises Refusal for one that nobody goes by."""
    names = [name.strip() for name in _BETWEEN.split(q.asked.text("players")) if name.strip()]
    if len(names) > MOST:
        raise Refusal("teams.how_many", n=len(names), fewest=FEWEST, most=MOST)
    guids = list(dict.fromkeys(find_player(q, name) for name in names))
    known = book.usual(q.db, guids)
    return [known[guid] for guid in guids]


def _coming(q: Question, guild_id: str) -> list[Candidate]:
    """Who said to be in today, as the players they have linked; of others nothing is known."""
    said = [one for one in said_between(q.db, guild_id, q.today, q.today) if one.status in COMING][: MOST + 1]
    persons = {one.user_id: find_person(q.db, one.user_id) for one in said}
    known = book.usual(q.db, [guid for guid in persons.values() if guid is not None])
    found: dict[str, Candidate] = {}
    for one in said:
        stranger = Candidate(key=f"user/{one.user_id}", name=one.name, dpm=None, rounds=0)
        player = known.get(persons[one.user_id] or "", stranger)
        found[player.key] = player
    if not found:
        raise Refusal("teams.nobody_in")
    return list(found.values())


def _pairs(q: Question, option: str, players: Sequence[Candidate]) -> list[tuple[int, int]]:
    """`nick & kitty, dog & cat`. Raises Refusal for what is no pair of the players."""
    places = {one.key: at for at, one in enumerate(players)}
    found = []
    for typed in (part.strip() for part in _BETWEEN.split(q.asked.text(option)) if part.strip()):
        pair = _PAIR.fullmatch(typed)
        if pair is None:
            raise Refusal("teams.no_pair", typed=escaped(typed[:60]))
        found.append((_place(q, pair[1], players, places), _place(q, pair[2], players, places)))
    return found


def _place(q: Question, typed: str, players: Sequence[Candidate], places: dict[str, int]) -> int:
    """By name among the players, else as players are found anywhere."""
    alike = [at for at, one in enumerate(players) if one.name.casefold() == typed.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    guid = find_player(q, typed.strip())
    if guid not in places:
        raise Refusal("teams.not_in", name=escaped(find_name(q.db, guid)))
    return places[guid]
