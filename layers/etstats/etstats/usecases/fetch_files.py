"""One tick: what is new on the game servers goes into the bucket, exactly as it is, oldest first.

Safe to run twice and beside itself: the bucket takes the same bytes again, the ledger remembers what was listed and
what was fetched, and what one tick leaves the next one finds. One bad file never stops the others, nor does one dead
server; what is down for all of them (bucket, database) ends the tick.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from etstats.config import GameServer
from etstats.domain.listing import ListedFile, Listing, Unsettled, Verdict, judge
from etstats.errors import (
    BadFile,
    GameServerUnavailable,
    Unavailable,
)
from etstats.parsing.filename import read_name
from etstats.storage import ledger
from etstats.storage.ledger import Sighting
from etstats.usecases import visit
from etstats.usecases.visit import FileOutcome, Outcome, ServerReport, Visit, ms_since, reached

# What must be left of the function's time when the last file is taken: a server that hangs then is cut off after
# GRACE_S, and a write to the bucket gives up after 12 s.
RESERVE_S = 18
GRACE_S = 3
CHANNELS = 4
BATCH = 32  # files per note in the ledger
MAX_NAME_BYTES = 255
MAX_BYTES = 1 << 20  # a stats file has some 10 KB

_LIKE_STATS = re.compile(r".*-round-\d.*\.txt", re.DOTALL)


class OpenServer(Protocol):
    """A connection to a game server. Faults: GameServerUnavailable, and BadFile for a single file."""

    def listing(self) -> Listing: ...
    def read(self, name: str, *, at_most: int) -> bytes: ...


class OpensServers(Protocol):
    def __call__(self, server: GameServer, *, deadline_s: float) -> AbstractContextManager[OpenServer]: ...


class Bucket(Protocol):
    """Called from several threads. Raises BucketUnavailable."""

    def put(self, key: str, body: bytes) -> None: ...


class Tick(visit.Tick[Bucket, OpensServers]):
    """What one tick works with."""

    reserve_s = RESERVE_S


def fetch_files(servers: Sequence[GameServer], tick: Tick) -> Iterator[ServerReport]:
    """Visits each server for at most its share of the time; what one does not use, the later ones have.

    Raises BucketUnavailable or DatabaseUnavailable; a server's faults are in its report.
    """
    for place, server in enumerate(servers):
        share_s = tick.spare_s() / (len(servers) - place)
        yield _FetchVisit(server, tick, share_s).report()


class _FetchVisit(Visit[Bucket, OpensServers]):
    """A server's stats files in one tick."""

    def visit(self) -> None:
        if self.late():
            raise GameServerUnavailable(
                f"This tick had no time left for the game server {self.server.name}. "
                "If that lasts, give the fetch function a longer timeout."
            )
        with (
            reached(self._tick.db, self.server, now=self._tick.clock()),
            self._tick.open_server(self.server, deadline_s=self.share_s + GRACE_S) as opened,
        ):
            self._fetch_all(opened, self._plan(opened.listing()))

    def _plan(self, listing: Listing) -> list[Unsettled]:
        """What may be fetched now, oldest first. Everything new or changed has its receipt before."""
        named = [_named(file) for file in listing.files if _LIKE_STATS.fullmatch(file.name)]
        # a folder that changes while it is read can show a file twice
        listed = {file.name: file for file, _ in named}
        refusals = {file.name: refusal for file, refusal in named if refusal is not None}
        self.listed = len(listed)
        files = ledger.unsettled(self._tick.db, self.server.name, listed.values())
        now = self._tick.clock()
        self._give_receipts(files, refusals, now)
        fetch = []
        for file in files:
            refusal = refusals.get(file.name)
            match judge(file, refused=refusal is not None, server_clock=listing.server_clock, now=now):
                case Verdict.FETCH:
                    fetch.append(file)
                case Verdict.WAIT:
                    self.files.append(_outcome(file, Outcome.WAITING))
                case Verdict.REFUSE:
                    self.files.append(_outcome(file, Outcome.REFUSED, reason=str(refusal)))
        # one that made trouble before goes last: it may cost a channel its patience again
        return sorted(fetch, key=lambda file: (file.note is not None, file.mtime, file.name))

    def _give_receipts(self, files: Iterable[Unsettled], refusals: dict[str, BadFile], now: datetime) -> None:
        seen = [_sighting(file, refusals.get(file.name)) for file in files if not file.unchanged]
        if seen:
            ledger.note_seen(self._tick.db, self.server.name, seen, now=now)

    def _fetch_all(self, opened: OpenServer, files: Sequence[Unsettled]) -> None:
        with ThreadPoolExecutor(CHANNELS, thread_name_prefix="fetch") as channels:
            for start in range(0, len(files), BATCH):
                done = list(channels.map(lambda file: self._fetch(opened, file), files[start : start + BATCH]))
                self.files += [outcome for outcome, _ in done]
                self._note([outcome for outcome, _ in done], files[start : start + BATCH])
                if faults := [fault for _, fault in done if fault is not None]:
                    self.files += [_outcome(file, Outcome.LEFT) for file in files[start + BATCH :]]
                    raise faults[0]

    def _fetch(self, opened: OpenServer, file: Unsettled) -> tuple[FileOutcome, Unavailable | None]:
        """Reads one file and puts it away. Runs in a thread of its own, so faults are handed back."""
        if self.late():
            return _outcome(file, Outcome.LEFT), None
        started_at = time.monotonic()
        try:
            body = _read_as_listed(opened, file)
            self._tick.bucket.put(f"stats/{self.server.name}/{file.name}", body)
        except BadFile as fault:
            return _outcome(file, Outcome.FAILED, reason=str(fault), since=started_at), None
        except Unavailable as fault:
            return _outcome(file, Outcome.LEFT), fault
        return _outcome(file, Outcome.FETCHED, since=started_at), None

    def _note(self, outcomes: Iterable[FileOutcome], files: Iterable[Unsettled]) -> None:
        """One statement for what a batch brought, and one for what it could not read."""
        both = list(zip(outcomes, files, strict=True))
        if fetched := [file for outcome, file in both if outcome.outcome is Outcome.FETCHED]:
            ledger.note_fetched(self._tick.db, self.server.name, fetched, now=self._tick.clock())
        if failed := {file.name: outcome.reason for outcome, file in both if outcome.outcome is Outcome.FAILED}:
            ledger.note_trouble(self._tick.db, self.server.name, failed)


def _read_as_listed(opened: OpenServer, file: Unsettled) -> bytes:
    body = opened.read(file.name, at_most=file.size + 1)
    if len(body) != file.size:
        raise BadFile("changed", "it is not as long as it was listed: somebody is writing it")
    return body


def receipt_name(name: str) -> str:
    """What the receipt of a file called *name* calls it: the same, unless that cannot be written down."""
    encoded = name.encode(errors="surrogateescape")
    return name if name.isprintable() and len(encoded) <= MAX_NAME_BYTES else _spelled_out(encoded)


def _named(file: ListedFile) -> tuple[ListedFile, BadFile | None]:
    """The file under the name its receipt has, which is its own unless that cannot be written down."""
    named = receipt_name(file.name)
    if named != file.name:
        return replace(file, name=named), BadFile(
            "unsafe_name", "its name is too long, or has bytes that are not printable UTF-8"
        )
    try:
        read_name(file.name)
    except BadFile as fault:
        return file, fault
    if file.size > MAX_BYTES:
        return file, BadFile("too_large", f"it has {file.size:,} bytes; a stats file has at most {MAX_BYTES:,}")
    return file, None


def _spelled_out(name: bytes) -> str:
    text = name.decode(errors="backslashreplace")
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)[:MAX_NAME_BYTES]


def _sighting(file: Unsettled, refusal: BadFile | None) -> Sighting:
    code, words = (refusal.code, str(refusal)) if refusal is not None else (None, None)
    return Sighting(name=file.name, size=file.size, mtime=file.mtime, refusal_code=code, refusal=words)


def _outcome(file: Unsettled, outcome: Outcome, *, reason: str = "", since: float | None = None) -> FileOutcome:
    took_ms = 0 if since is None else ms_since(since)
    return FileOutcome(name=file.name, outcome=outcome, size=file.size, took_ms=took_ms, reason=reason)
