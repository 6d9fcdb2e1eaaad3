"""One tick: finished demos of the game servers' folders go into the bucket, each once, the latest first.

A demo is copied to disk, its bytes say which demo it is, and it is put where every demo of its Discord server is; its
landing there has it analysed. Safe to run twice and beside itself: the same bytes are the same demo, and what one tick
leaves the next one finds. One bad file never stops the others, nor does one dead server.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

from etstats.config import GameServer
from etstats.domain.demo import MAX_BYTES, State, demo_key, sha256_of
from etstats.domain.listing import ListedFile, Listing, Unsettled, Verdict, judge
from etstats.errors import BadFile, GameServerUnavailable
from etstats.storage import demo as demos
from etstats.storage import demo_file as book
from etstats.usecases import visit
from etstats.usecases.fetch_files import GRACE_S, receipt_name
from etstats.usecases.visit import FileOutcome, Outcome, ServerReport, Visit, ms_since, reached

# A demo grows while its match is played, with pauses; then it is left alone.
QUIET_S = 60
# What must be left of the function's time when a file's copy has come: the largest takes some seconds to put.
RESERVE_S = 40

_DEMO = re.compile(r".+\.(dm_84|tv_84)", re.DOTALL)


class OpenServer(Protocol):
    """A connection to a game server's folder. Faults: GameServerUnavailable, and BadFile for a single file."""

    def listing(self) -> Listing: ...
    def download(self, name: str, into: BinaryIO, *, size: int) -> None: ...


class OpensServers(Protocol):
    def __call__(self, server: GameServer, *, deadline_s: float) -> AbstractContextManager[OpenServer]: ...


class Bucket(Protocol):
    """Raises BucketUnavailable."""

    def put_file(self, key: str, file: BinaryIO, *, sha256: str) -> None: ...


class Tick(visit.Tick[Bucket, OpensServers]):
    """What one tick works with."""

    reserve_s = RESERVE_S


def fetch_demos(servers: Sequence[GameServer], tick: Tick) -> Iterator[ServerReport]:
    """Visits each server that has a folder of demos, for at most its share of the time.

    Raises BucketUnavailable or DatabaseUnavailable; a server's faults are in its report.
    """
    visited = [server for server in servers if server.demo_folder]
    for place, server in enumerate(visited):
        yield _DemosVisit(server, tick, tick.spare_s() / (len(visited) - place)).report()


class _DemosVisit(Visit[Bucket, OpensServers]):
    """A server's demos in one tick."""

    def visit(self) -> None:
        folder = replace(self.server, folder=self.server.demo_folder)
        with (
            reached(self._tick.db, self.server, now=self._tick.clock()),
            self._tick.open_server(folder, deadline_s=max(0.0, self.share_s) + GRACE_S) as opened,
        ):
            files = self._plan(opened.listing())
            for at, file in enumerate(files):
                try:
                    self.files.append(self._take(opened, file))
                except GameServerUnavailable:
                    self.files += [_outcome(left, Outcome.LEFT) for left in files[at:]]
                    raise

    def _plan(self, listing: Listing) -> list[Unsettled]:
        """What may be taken now, the latest first. Everything new or changed is noted before."""
        listed = [file for file in listing.files if _DEMO.fullmatch(file.name) and file.size]
        named = {receipt_name(file.name): file for file in listed}
        self.listed = len(named)
        refusals = {name: reason for name, file in named.items() if (reason := _refusal(name, file))}
        files = book.unsettled(self._tick.db, self.server.name, [replace(f, name=n) for n, f in named.items()])
        now = self._tick.clock()
        if new := [file for file in files if not file.unchanged]:
            book.note_seen(self._tick.db, self.server.name, new, refusals, now=now)
        take = []
        for file in files:
            reason = refusals.get(file.name, "")
            clock = listing.server_clock
            match judge(file, refused=bool(reason), server_clock=clock, now=now, quiet_s=QUIET_S):
                case Verdict.FETCH:
                    take.append(file)
                case Verdict.WAIT:
                    self.files.append(_outcome(file, Outcome.WAITING))
                case Verdict.REFUSE:
                    self.files.append(_outcome(file, Outcome.REFUSED, reason=reason))
        # one that made trouble before goes last
        return sorted(take, key=lambda file: (file.note is not None, -file.mtime, file.name))

    def _take(self, opened: OpenServer, file: Unsettled) -> FileOutcome:
        if self.late():
            return _outcome(file, Outcome.LEFT)
        began = time.monotonic()
        try:
            with TemporaryFile() as copy:
                opened.download(file.name, copy, size=file.size)
                sha256 = self._keep(file, copy)
        except BadFile as fault:
            book.note_trouble(self._tick.db, self.server.name, file.name, str(fault))
            return _outcome(file, Outcome.FAILED, reason=str(fault), took_ms=ms_since(began))
        book.note_taken(self._tick.db, self.server.name, file, sha256=sha256)
        return _outcome(file, Outcome.FETCHED, took_ms=ms_since(began))

    def _keep(self, file: Unsettled, copy: BinaryIO) -> str:
        """Its SHA-256. The row comes first: whoever finds the demo in the bucket knows where it is from."""
        sha256, kind, guild_id = sha256_of(copy), file.name.rpartition(".")[2], self.server.guilds[0]
        number = demos.receive(
            self._tick.db, guild_id=guild_id, sha256=sha256, kind=kind, name=file.name, size=file.size, by=None,
            now=self._tick.clock(), recorded_at=datetime.fromtimestamp(file.mtime, UTC),
        )  # fmt: skip
        known = demos.find_any_demo(self._tick.db, number)
        if known is not None and known.state == State.RECEIVED.value:
            self._tick.bucket.put_file(demo_key(guild_id, sha256, kind), copy, sha256=sha256)
        return sha256


def _refusal(name: str, file: ListedFile) -> str:
    """Why it is not taken; '': it may be."""
    if name != file.name:
        return "its name is too long, or has bytes that are not printable UTF-8"
    if file.size > MAX_BYTES:
        return f"it has {file.size:,} bytes; a demo may have {MAX_BYTES:,}"
    return ""


def _outcome(file: Unsettled, outcome: Outcome, *, reason: str = "", took_ms: int = 0) -> FileOutcome:
    return FileOutcome(name=file.name, outcome=outcome, size=file.size, took_ms=took_ms, reason=reason)
