"""One game server in one tick: visited for its share of the time, and what came of it."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar, Generic, TypeVar

from etstats.config import GameServer
from etstats.domain.health import Light, Observed
from etstats.errors import CircuitOpen, GameServerRefused, GameServerUnavailable, HostKeyMismatch
from etstats.storage.breaker import guarded
from etstats.storage.database import Database
from etstats.storage.health import note_seen
from etstats.usecases.log import Log

B = TypeVar("B")
S = TypeVar("S")


class Outcome(Enum):
    """What became of a file in this tick."""

    FETCHED = "fetched"
    WAITING = "waiting"  # young or growing: at the next tick
    REFUSED = "refused"  # never, unless it changes: the receipt has the reason
    FAILED = "failed"  # could not be read as listed: again at the next tick
    LEFT = "left"  # no time left, or the server went away: at the next tick


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    name: str
    outcome: Outcome
    size: int
    took_ms: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerReport:
    """What a tick found and did at one server. *fault*: why it ended early there."""

    server: str
    listed: int
    files: tuple[FileOutcome, ...]
    took_ms: int
    fault: GameServerUnavailable | None

    def count(self, outcome: Outcome) -> int:
        return sum(file.outcome is outcome for file in self.files)


def counted(reports: Sequence[ServerReport]) -> dict[str, int]:
    """How many files came to which outcome, by its value; every outcome is there."""
    return {outcome.value: sum(report.count(outcome) for report in reports) for outcome in Outcome}


def failure(reports: Sequence[ServerReport]) -> GameServerUnavailable | None:
    """Whether the tick as a whole has failed: when no server could be used, or when one needs a person.

    A single server that is away is reported and tried again; it may not drown what else could go wrong.
    """
    faults = [report.fault for report in reports if report.fault is not None]
    if len(faults) < len(reports):
        faults = [fault for fault in faults if isinstance(fault, (HostKeyMismatch, GameServerRefused))]
    if len(faults) <= 1:
        return faults[0] if faults else None
    return GameServerUnavailable(" ".join(str(fault) for fault in faults))


def note_visits(db: Database, reports: Sequence[ServerReport], *, now: datetime) -> None:
    """Writes down, for /health, how each server was found. Raises DatabaseUnavailable."""
    seen = [
        Observed(
            part=f"ssh/{report.server}",
            light=Light.GOOD if report.fault is None else Light.BAD,
            said=str(report.fault or f"{report.listed} files there"),
        )
        for report in reports
    ]
    note_seen(db, seen, now=now)


def told(reports: Iterable[ServerReport], log: Log, *, what: str) -> list[ServerReport]:
    """All of them; each goes into *log* as it comes."""
    done = []
    for report in reports:
        _tell(report, log, what)
        done.append(report)
    return done


def _tell(report: ServerReport, log: Log, what: str) -> None:
    """One line per *what* that something happened to, and one per server."""
    for file in report.files:
        keys: dict[str, object] = {"server": report.server, "file": file.name, "bytes": file.size}
        if file.outcome is Outcome.FETCHED:
            log.info(f"{what} fetched", extra=keys | {"took_ms": file.took_ms})
        elif file.outcome in (Outcome.FAILED, Outcome.REFUSED):
            log.warning(f"{what} {file.outcome.value}", extra=keys | {"reason": file.reason})
    keys = {"server": report.server, "listed": report.listed, "took_ms": report.took_ms, **counted([report])}
    if report.fault is None:
        log.info("server visited", extra=keys)
    else:
        log.error(str(report.fault), extra=keys | {"fault": type(report.fault).__name__})


@contextmanager
def reached(db: Database, server: GameServer, *, now: datetime) -> Iterator[None]:
    """Over SSH. A server that is away costs each tick the time that the others need, so after a while it is left alone:
    GameServerUnavailable then, too."""
    refusals = (GameServerRefused, HostKeyMismatch)
    try:
        with guarded(db, f"ssh:{server.name}", now=now, faults=(GameServerUnavailable,), answers=refusals):
            yield
    except CircuitOpen as alone:
        raise GameServerUnavailable(str(alone)) from alone


@dataclass(frozen=True, kw_only=True)
class Tick(Generic[B, S]):
    """What one tick works with: the database, a bucket, and what opens a game server. *remaining_ms*: until the
    function is ended; *clock*: now, with its time zone. *reserve_s*: what must be left when the last file is taken."""

    reserve_s: ClassVar[float]
    db: Database
    bucket: B
    open_server: S
    remaining_ms: Callable[[], int]
    clock: Callable[[], datetime]

    def spare_s(self) -> float:
        return self.remaining_ms() / 1000 - self.reserve_s


class Visit(ABC, Generic[B, S]):
    """What is done there is `visit`; it notes *listed* and *files* as it goes."""

    def __init__(self, server: GameServer, tick: Tick[B, S], share_s: float) -> None:
        self.server = server
        self.share_s = share_s
        self.listed = 0
        self.files: list[FileOutcome] = []
        self._tick = tick
        self._started_at = time.monotonic()

    @abstractmethod
    def visit(self) -> None:
        """Raises GameServerUnavailable."""

    def report(self) -> ServerReport:
        fault = None
        try:
            self.visit()
        except GameServerUnavailable as away:
            fault = away
        return ServerReport(
            server=self.server.name,
            listed=self.listed,
            files=tuple(self.files),
            took_ms=ms_since(self._started_at),
            fault=fault,
        )

    def late(self) -> bool:
        return self._tick.spare_s() <= 0 or time.monotonic() - self._started_at >= self.share_s


def ms_since(started_at: float) -> int:
    return round(1000 * (time.monotonic() - started_at))
