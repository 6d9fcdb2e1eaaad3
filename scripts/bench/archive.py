"""A made-up archive of any size: years of evenings of one community, stored by the product's own code.

Evenings are numbered backwards from the latest, so that a larger archive is a smaller one with more past.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from random import Random

from etstats.domain.identity import file_id
from etstats.domain.session import Session, StoredFile, sessions
from etstats.parsing.filename import read_name
from etstats.parsing.stats_file import read_stats_file
from etstats.storage.database import Database
from etstats.storage.rows import as_json
from etstats.storage.session import write_sessions
from local.simulator import Person, make_people, simulate_session

SERVER = "main"
LATEST = datetime(2026, 3, 6, 23, 30)
BETWEEN = timedelta(days=2, hours=8)  # three evenings a week
REGULARS = 28  # from whom an evening takes its players
EVERYBODY = 100  # over the years; a newcomer takes the place of whoever has stayed longest
YEARS = 1_050  # evenings after which everybody has been there
# one simulated evening is 12 rounds of 12 players: 21 of them are about 3,000 player-rounds
EVENINGS = {"x1": 21, "x10": 210, "x50": 1_050}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """The files of one gaming session and what the product makes of them."""

    names: tuple[str, ...]
    contents: tuple[bytes, ...]
    sessions: tuple[Session, ...]


@cache
def _people() -> Sequence[Person]:
    return make_people(Random("bench"), EVERYBODY)


def evening(number: int) -> Evening:
    """*number* 0 is the latest."""
    newest = (EVERYBODY - REGULARS) * (YEARS - min(number, YEARS)) // YEARS
    played = simulate_session(
        seed=number, people=_people()[newest : newest + REGULARS], ends_at=LATEST - number * BETWEEN
    )
    names, contents = zip(*((file.name, file.content) for file in played.files), strict=True)
    read = [read_stats_file(read_name(name), content) for name, content in zip(names, contents, strict=True)]
    computed = sessions(StoredFile(file_id=file_id(SERVER, one.name.text), file=one) for one in read)
    return Evening(names=names, contents=contents, sessions=tuple(computed))


def evenings(numbers: Iterable[int]) -> Iterator[Evening]:
    """Made on every core."""
    with ProcessPoolExecutor(os.cpu_count()) as makers:
        yield from makers.map(evening, numbers, chunksize=4)


def load(db: Database, numbers: range, *, told: Callable[[int], None] = lambda _: None) -> None:
    """Stores these evenings, each in one piece. *told* how many are done."""
    for done, made in enumerate(evenings(numbers), 1):
        with db.transaction():
            _store(db, made)
        told(done)
    db.run("vacuum analyze")


def _store(db: Database, made: Evening) -> None:
    digests = [sha256(content).hexdigest() for content in made.contents]
    ids = [file_id(SERVER, name) for name in made.names]
    rows = [
        {
            "file_id": id,
            "server": SERVER,
            "name": name,
            "sha256": digest,
            "content": content,
            "written_at": read_name(name).written_at,
        }
        for id, name, digest, content in zip(ids, made.names, digests, made.contents, strict=True)
    ]
    db.run(
        """
        insert into stats_file (file_id, server, name, sha256, content, written_at, seen_at, stored_at, parsed_at,
                                published_at)
        select file_id, server, name, sha256, content, written_at, :at, :at, :at, :at
        from json_populate_recordset(null::stats_file, cast(:rows as json))""",
        rows=as_json(rows),
        at=datetime.now(UTC),
    )
    contents = dict(zip(ids, digests, strict=True))
    write_sessions(db, SERVER, made.sessions, stored={}, contents=contents)
