"""Computes everything again from the bucket, beside the live rows; says what would change; swaps when told to.

The bucket's bytes and the corrections are the truth, the live rows only what was made of them. Storing goes on
meanwhile: what lands is taken along before the swap, which holds up writers for a moment and readers not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Protocol

from etstats.domain.difference import Difference, Move, moves
from etstats.domain.measure import Measure
from etstats.errors import BadFile, DatabaseUnavailable
from etstats.parsing.filename import read_name
from etstats.storage import correction as book
from etstats.storage import rebuild as shadows
from etstats.storage.database import Database
from etstats.storage.leaderboard import standings
from etstats.storage.testimony import weigh
from etstats.usecases.correct import compute_again
from etstats.usecases.store_round import store

_FOLDER = "stats/"
_READERS = 8
_READ_AHEAD = 64
_TELL_EVERY = 250
_COUNT_AT = tuple(50 * 3**step for step in range(9))
# how often the swap is put off because something landed in the very moment before it
_TRIES = 5
_EVERYBODY = 1_000_000


class Bucket(Protocol):
    def keys(self, prefix: str) -> Iterable[str]: ...

    def get(self, key: str) -> bytes: ...


class _Landed(Exception):
    """Something came between the last look and the swap."""


@dataclass(slots=True, kw_only=True)
class Rebuild:
    """One rebuild. *now*: when what only the bucket has counts as stored. *tell* is given a line of progress.
    *is_ours*: whether a game server is of the community whose rows these are; others' files lie beside its."""

    live: Database
    shadow: Database
    bucket: Bucket
    channel_id: str
    now: datetime
    tell: Callable[[str], None]
    is_ours: Callable[[str], bool]
    files: int = 0
    lost: list[str] = field(default_factory=list)
    _made: bool = False
    _looked_at: set[shadows.LedgerFile] = field(default_factory=set)

    def compute(self, *, since: datetime | None = None) -> None:
        """Fills the shadow. *since*: evenings that were over by then are taken over as they are.

        Raises NotMigrated, RebuildRunning, or Unavailable with the live rows untouched.
        """
        shadows.make(self.live, self.shadow)
        self._made = True
        if since is not None:
            shadows.seed(self.live, self.shadow, since=since)
        known = shadows.known_files(self.shadow)
        keys = [key for key in self.bucket.keys(_FOLDER) if self._is_wanted(key, known, since)]
        self.tell(f"{len(keys)} files to read from the bucket")
        for done, (key, content) in enumerate(self._read(keys), start=1):
            self._store(key, content)
            if done % _TELL_EVERY == 0:
                self.tell(f"{done} of {len(keys)} files")
            if done in _COUNT_AT:
                shadows.count_rows(self.shadow)
        shadows.count_rows(self.shadow)
        self._catch_up()

    def difference(self) -> Difference:
        """What `apply` would change. Only people's reading is asked for; nothing is written."""
        live = self.live
        apart = {table.name: shadows.rows_apart(live, table) for table in shadows.derived_tables(live)}
        return Difference(
            files=self.files,
            corrections=sum(one.withdrawn_at is None for one in book.corrections(self.shadow)),
            rows={table: rows for table, rows in apart.items() if rows},
            rounds=tuple(shadows.changes(live, "round")),
            sessions=tuple(shadows.changes(live, "session")),
            matches=tuple(shadows.changes(live, "match")),
            players=tuple(shadows.changes(live, "player")),
            moves=tuple(move for measure in Measure for move in self._moves(measure)),
            formula_before=tuple(shadows.formula_versions(live)),
            formula_after=tuple(shadows.formula_versions(self.shadow)),
            lost=tuple(self.lost),
        )

    def apply(self) -> None:
        """Makes the live rows the shadow's, all at once or, whatever happens, not at all."""
        for _ in range(_TRIES):
            try:
                return self._swap()
            except _Landed:
                self._catch_up()
        raise DatabaseUnavailable("Files kept landing while the new rows were to take over. Try again in a minute.")

    def end(self) -> None:
        """Takes the shadow away, if it is ours."""
        if self._made:
            self._made = False
            shadows.remove(self.live, self.shadow)
        self.shadow.close()

    def _swap(self) -> None:
        with self.live.transaction():
            shadows.hold_demos(self.live)
            book.hold(self.live)
            shadows.hold_everything(self.live)
            if shadows.changed_corrections(self.live) or shadows.rounds_shown_otherwise(self.live) or self._apart():
                raise _Landed
            shadows.swap(self.live)

    def _catch_up(self) -> None:
        """Takes along what was stored or corrected since."""
        if numbers := set(shadows.changed_corrections(self.live)):
            shadows.copy_corrections(self.live)
            with self.shadow.transaction():
                changed = (one.what for one in book.corrections(self.shadow) if one.correction_id in numbers)
                compute_again(self.shadow, changed, now=self.now)
        if shown := shadows.rounds_shown_otherwise(self.live):
            shadows.copy_demos(self.live)
            with self.shadow.transaction():
                weigh(self.shadow, shown, now=self.now)
        for landed in self._apart():
            self._looked_at.add(landed)
            key = f"{_FOLDER}{landed.server}/{landed.name}"
            try:
                self._store(key, self.bucket.get(key))
            except BadFile:
                self.lost.append(key)

    def _apart(self) -> list[shadows.LedgerFile]:
        """Versions the shadow lacks, but for those the bucket has been asked for already."""
        apart = shadows.files_apart(self.live)
        return [landed for landed in apart if landed not in self._looked_at and self.is_ours(landed.server)]

    def _is_wanted(self, key: str, known: set[tuple[str, str]], since: datetime | None) -> bool:
        """A file of a game server of ours that the shadow has not; whose name tells a time, if it begins with one."""
        _, server, name = [*key.split("/", 2), "", ""][:3]
        if not server or not name or not self.is_ours(server):
            return False
        return (server, name) not in known or (since is not None and _written_at(name) >= since)

    def _read(self, keys: list[str]) -> Iterator[tuple[str, bytes]]:
        """Bytes in the order of *keys*, some read ahead."""
        left = iter(keys)
        with ThreadPoolExecutor(_READERS) as readers:
            while batch := list(islice(left, _READ_AHEAD)):
                yield from zip(batch, readers.map(self.bucket.get, batch), strict=True)

    def _store(self, key: str, content: bytes) -> None:
        _, server, name = key.split("/", 2)
        store(self.shadow, server=server, name=name, content=content, channel_id=self.channel_id, now=self.now)
        self.files += 1

    def _moves(self, measure: Measure) -> list[Move]:
        before, after = (
            {one.guid: (one.rank, one.name) for one in standings(db, measure, limit=_EVERYBODY)}
            for db in (self.live, self.shadow)
        )
        return moves(measure, before, after)


def _written_at(name: str) -> datetime:
    try:
        return read_name(name).written_at
    except BadFile:
        return datetime.min
