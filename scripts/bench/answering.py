"""What people ask, with an archive of three sizes: the commands' own functions on one warm connection, card included.

The archive grows into the past: the community's people change over the years, about thirty of them at a time.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from functools import partial

import etstats.commands.catalogue  # noqa: F401  # declares the commands
from etstats.commands.question import Question
from etstats.commands.registry import find_command
from etstats.domain.record import Scope
from etstats.interactions.reply import Message
from etstats.interactions.request import Asked, Given, Kind
from etstats.storage.database import Database
from etstats.storage.map import maps_played
from etstats.storage.migrate import migrate
from etstats.storage.record import records
from etstats.storage.weapon import weapons_used
from etstats.words import words_for
from local.postgres import postgres
from scripts.bench.archive import EVENINGS, LATEST, load
from scripts.bench.figure import Figure, timed_ms
from scripts.bench.storing import CountingDatabase, open_database

_RUNS, _WARM_UP = 60, 5
_DISCORD_EPOCH_S = 1_420_070_400
_ELSEWHERE = {
    "leaderboard.ms.x1": "11–73, 14 queries",
    "leaderboard.ms.x50": "316–2,281",
    "profile.ms.x1": "15, 9 queries",
    "profile.ms.x50": "349–388",
    "last.ms.x1": "19–29, 30 queries",
    "last.ms.x50": "101–130",
}
_BUDGET_MS = {"leaderboard": 3.0, "profile": 5.0, "last": 5.0}
_MOST_QUERIES = {"leaderboard": 1, "profile": 2, "last": 3}
_MOST_GROWTH = 1.5

Told = Callable[[str], None]


def answering(told: Told = lambda _: None) -> Iterator[Figure]:
    with postgres() as url:
        databases = _archives(url, told)
        yield from _asked(databases, told)
        yield from _weight(databases["x50"])
        for db in databases.values():
            db.close()


def _archives(url: str, told: Told) -> dict[str, CountingDatabase]:
    """One for each size. A copy stays behind while the archive grows on."""
    growing = open_database(url)
    migrate(growing)
    growing.run("create table bench_empty as select pg_database_size(current_database()) as bytes")
    done = 0
    for size, evenings in EVENINGS.items():
        load(growing, range(done, evenings), told=partial(_tell, told, size, done))
        done = evenings
        growing.close()
        admin = open_database(_named(url, "postgres"))
        admin.run(f"create database {size} template etstats")
        admin.close()
    return {size: open_database(_named(url, size)) for size in EVENINGS}


def _named(url: str, database: str) -> str:
    return url.replace("/etstats?", f"/{database}?")


def _tell(told: Told, size: str, before: int, more: int) -> None:
    told(f"archive {size}: evening {before + more} of {EVENINGS[size]}")


def _asked(databases: dict[str, CountingDatabase], told: Told) -> Iterator[Figure]:
    for what in _QUESTIONS:
        told(f"asking for {what}")
        values = _medians_ms(what, databases)
        for size, value in values.items():
            name = f"{what}.ms.{size}"
            yield Figure(
                name=name, value=value, unit="ms", n=_RUNS, budget=_BUDGET_MS.get(what),
                elsewhere=_ELSEWHERE.get(name, ""),
            )  # fmt: skip
        if what in _MOST_QUERIES:
            growth = values["x50"] / values["x1"]
            yield Figure(name=f"{what}.growth", value=growth, unit="× from x1 to x50", n=_RUNS, budget=_MOST_GROWTH)
            most = _MOST_QUERIES[what]
            yield Figure(name=f"{what}.queries", value=_queries(what, databases), unit="", n=1, budget=most)


def _medians_ms(what: str, databases: dict[str, CountingDatabase]) -> dict[str, float]:
    """Sizes in turn, run by run, so that whatever else the machine does slows all of them alike."""
    ask = _QUESTIONS[what]
    players = {size: _latest_player(db) for size, db in databases.items()}
    times: dict[str, list[float]] = {size: [] for size in databases}
    for _ in range(_WARM_UP + _RUNS):
        for size, db in databases.items():
            times[size].append(timed_ms(partial(ask, db, players[size])))
    return {size: statistics.median(taken[_WARM_UP:]) for size, taken in times.items()}


def _queries(what: str, databases: dict[str, CountingDatabase]) -> int:
    db = databases["x50"]
    player = _latest_player(db)
    before = db.statements
    _QUESTIONS[what](db, player)
    return db.statements - before


def _latest_player(db: Database) -> str:
    (name,) = db.values("select name from player order by last_at desc, rounds desc, guid limit 1")
    return str(name)


def _ask(db: Database, name: str, **options: str) -> object:
    """As Discord asks a few minutes after the latest evening."""
    command = find_command(name)
    if command is None:
        raise LookupError(f"there is no /{name}")
    at_ms = int((LATEST.timestamp() - _DISCORD_EPOCH_S) * 1000)
    given = tuple(Given(name=option, value=value) for option, value in options.items())
    asked = Asked(kind=Kind.COMMAND, id=str(at_ms << 22), command=name, options=given)
    message = command.run(Question(asked=asked, db=db, words=words_for("en")))
    if not isinstance(message, Message) or not message.embeds:
        raise RuntimeError(f"/{name} {options} found nothing: {message}")
    return message


def _weight(db: Database) -> Iterator[Figure]:
    (empty,) = db.values("select bytes from bench_empty")
    (size,) = db.values("select pg_database_size(current_database())")
    (rounds,) = db.values("select count(*) from round")
    (lines,) = db.values("select count(*) from player_round")
    (weapons,) = db.values("select count(*) from weapon_round")
    yield Figure(name="database.bytes_per_round", value=(size - empty) / rounds, unit="bytes", n=rounds)
    yield Figure(name="database.player_rounds.x50", value=lines, unit="rows", n=1)
    yield Figure(name="database.weapon_rounds.x50", value=weapons, unit="rows", n=1)


# The player is asked for by a name typed in full, so that finding him is part of it.
_QUESTIONS: dict[str, Callable[[Database, str], object]] = {
    "leaderboard": lambda db, _: _ask(db, "leaderboard"),
    "profile": lambda db, player: _ask(db, "stats", player=player),
    "last": lambda db, _: _ask(db, "last"),
    "leaderboard_90_days": lambda db, _: _ask(db, "leaderboard", period="90d"),
    "leaderboard_attendance": lambda db, _: _ask(db, "leaderboard", stat="attendance"),
    "profile_90_days": lambda db, player: _ask(db, "stats", player=player, period="90d"),
    "records": lambda db, _: records(db, Scope.ROUND),
    "maps": lambda db, _: maps_played(db),
    "weapons": lambda db, _: weapons_used(db),
}
