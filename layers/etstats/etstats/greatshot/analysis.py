"""A demo, read once for what happens and once for where players are, becomes its highlights and its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import SEEK_END
from typing import BinaryIO, NamedTuple, TypeVar

from etstats.demo.demo import About, Demo
from etstats.demo.events import Completeness, Pause
from etstats.demo.positions import Position, read_positions
from etstats.domain.highlight import Highlight
from etstats.domain.testimony import Testimony
from etstats.errors import BadDemo
from etstats.greatshot.battle import Battle, battle
from etstats.greatshot.detect import detect
from etstats.greatshot.testimony import witnessed

SAMPLED_MS = 200
_LOOK_EVERY = 1_000
_MOST = 1_500_000  # some twelve hours of a full server
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """*highlights*: the best first."""

    about: About
    battle: Battle
    highlights: tuple[Highlight, ...]
    testimony: Testimony | None


class _Fought(NamedTuple):
    """*sure*: that every kill is told as it was. *lossless*: no snapshot is lost."""

    about: About
    battle: Battle
    pauses: tuple[Pause, ...]
    sure: bool
    lossless: bool


def analyse(source: BinaryIO, *, look: Callable[[int], None] = lambda _: None) -> Analysis:
    """Reads *source* twice from its start. *look* is told again and again how many percent are done, and may raise to
    end it. Raises BadDemo."""
    found = _fought(source, look, read_positions(source, every_ms=SAMPLED_MS))
    told = witnessed(found.battle, found.about.players, found.pauses, lossless=found.lossless) if found.sure else None
    return Analysis(about=found.about, battle=found.battle, highlights=tuple(detect(found.battle)), testimony=told)


def fought(source: BinaryIO, from_ms: int, to_ms: int, *, look: Callable[[int], None] = lambda _: None) -> Battle:
    """The battle of a demo with every position from *from_ms* to *to_ms*, and the sampled ones of the rest. Reads
    *source* twice from its start; *look* as above. Raises BadDemo."""
    return _fought(source, look, _sampled(read_positions(source, every_ms=0), from_ms, to_ms)).battle


def _fought(source: BinaryIO, look: Callable[[int], None], positions: Iterable[Position]) -> _Fought:
    """*positions* of *source* are asked for when its events have been read."""
    size = max(1, source.seek(0, SEEK_END))
    source.seek(0)
    demo = Demo(source)
    events = list(_watched(demo.events(), source, size, look, from_percent=0))
    about = demo.about()
    source.seek(0)
    seen = list(_watched(positions, source, size, look, from_percent=50))
    complete = demo.completeness()["hit"] is not Completeness.CULLED
    # server times of one map may be those of another as well
    sure = demo.completeness()["kill"] is Completeness.COMPLETE and about.gamestates == 1
    found = battle(
        events,
        seen,
        about.players,
        complete=complete,
        sampled_ms=SAMPLED_MS,
        begin_ms=about.first_server_time_ms,
        end_ms=about.last_server_time_ms,
    )
    pauses = tuple(event for event in events if isinstance(event, Pause))
    return _Fought(about, found, pauses, sure=sure, lossless=demo.reader.invalid_snapshots == 0)


def _sampled(positions: Iterable[Position], from_ms: int, to_ms: int) -> Iterator[Position]:
    """Those of one moment in each SAMPLED_MS, but all from *from_ms* to *to_ms*."""
    kept_ms = due_ms = -1
    for seen in positions:
        if seen.at_ms < kept_ms:  # the server began anew
            due_ms = -1
        if seen.at_ms >= due_ms and seen.at_ms != kept_ms:
            kept_ms, due_ms = seen.at_ms, (seen.at_ms // SAMPLED_MS + 1) * SAMPLED_MS
        if seen.at_ms == kept_ms or from_ms <= seen.at_ms <= to_ms:
            yield seen


def _watched(
    found: Iterable[T], source: BinaryIO, size: int, look: Callable[[int], None], *, from_percent: int
) -> Iterator[T]:
    """Half of the work. Raises BadDemo when there is more in it than a match can hold."""
    for number, one in enumerate(found):
        if number % _LOOK_EVERY == 0:
            look(from_percent + 50 * source.tell() // size)
        if number > _MOST:
            raise BadDemo("too_much", f"there is more in it than a match can hold: {_MOST:,} events or positions")
        yield one
