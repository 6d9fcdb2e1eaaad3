"""What people ask, with an archive of three sizes: the commands' own functions on one warm connection, card included.

The archive grows into the past: the community's people change over the years, about thirty of them at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import etstats.commands.catalogue  # noqa: F401  # declares the commands
from etstats.commands.registry import find_command
from etstats.domain.record import Scope
from etstats.interactions.request import Asked, Given, Kind
from etstats.storage.database import Database
from etstats.storage.map import maps_played
from etstats.storage.record import records
from etstats.storage.weapon import weapons_used
from scripts.bench.archive import EVENINGS, LATEST, load
from scripts.bench.figure import Figure, median_ms
from scripts.bench.storing import CountingDatabase, fresh_database

_RUNS = 60
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
    figures: dict[str, Figure] = {}
    with fresh_database() as db:
        (empty,) = db.values("select pg_database_size(current_database())")
        done = 0
        for size, evenings in EVENINGS.items():
            load(db, range(done, evenings), told=partial(_tell, told, size, done))
            done = evenings
            told(f"asking {size}")
            figures |= {figure.name: figure for figure in _asked(db, size)}
        yield from figures.values()
        yield from _growth(figures)
        yield from _weight(db, empty)


def _tell(told: Told, size: str, before: int, more: int) -> None:
    told(f"archive {size}: evening {before + more} of {EVENINGS[size]}")


def _asked(db: CountingDatabase, size: str) -> Iterator[Figure]:
    (name,) = db.values("select name from player order by last_at desc, rounds desc, guid limit 1")
    for what, work in _questions(db, name).items():
        before = db.statements
        work()
        queries = db.statements - before
        name_of = f"{what}.ms.{size}"
        yield Figure(
            name=name_of, value=median_ms(work, n=_RUNS), unit="ms", n=_RUNS, budget=_BUDGET_MS.get(what),
            elsewhere=_ELSEWHERE.get(name_of, ""),
        )  # fmt: skip
        if what in _MOST_QUERIES:
            most = _MOST_QUERIES[what]
            yield Figure(name=f"{what}.queries", value=queries, unit="queries", n=1, budget=most)


def _questions(db: Database, player: str) -> dict[str, Callable[[], object]]:
    """The player is asked for by a name typed in full, so that finding him is part of it."""
    return {
        "leaderboard": lambda: _ask(db, "leaderboard"),
        "profile": lambda: _ask(db, "stats", player=player),
        "last": lambda: _ask(db, "last"),
        "leaderboard_90_days": lambda: _ask(db, "leaderboard", period="90d"),
        "leaderboard_attendance": lambda: _ask(db, "leaderboard", by="attendance"),
        "profile_90_days": lambda: _ask(db, "stats", player=player, period="90d"),
        "records": lambda: records(db, Scope.ROUND),
        "maps": lambda: maps_played(db),
        "weapons": lambda: weapons_used(db),
    }


def _ask(db: Database, name: str, **options: str) -> object:
    """As Discord asks a few minutes after the latest evening."""
    command = find_command(name)
    if command is None:
        raise LookupError(f"there is no /{name}")
    at_ms = int((LATEST.timestamp() - _DISCORD_EPOCH_S) * 1000)
    given = tuple(Given(name=option, value=value) for option, value in options.items())
    message = command.run(Asked(kind=Kind.COMMAND, id=str(at_ms << 22), command=name, options=given), db)
    if not message.embeds:
        raise RuntimeError(f"/{name} {options} found nothing: {message.content}")
    return message


def _growth(figures: dict[str, Figure]) -> Iterator[Figure]:
    for what in _BUDGET_MS:
        first, last = figures[f"{what}.ms.x1"], figures[f"{what}.ms.x50"]
        yield Figure(
            name=f"{what}.growth", value=last.value / first.value, unit="times, x1 → x50", n=_RUNS,
            budget=_MOST_GROWTH,
        )  # fmt: skip


def _weight(db: Database, empty: int) -> Iterator[Figure]:
    (size,) = db.values("select pg_database_size(current_database())")
    (rounds,) = db.values("select count(*) from round")
    (lines,) = db.values("select count(*) from player_round")
    (weapons,) = db.values("select count(*) from weapon_round")
    yield Figure(name="database.bytes_per_round", value=(size - empty) / rounds, unit="bytes", n=rounds)
    yield Figure(name="database.player_rounds.x50", value=lines, unit="rows", n=1)
    yield Figure(name="database.weapon_rounds.x50", value=weapons, unit="rows", n=1)
