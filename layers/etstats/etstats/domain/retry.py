"""Trying again: how often, how long to wait in between, and never beyond the time there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """*tries* in all. The longest wait before the second is *first_s*, then twice that and so on, *most_s* at most."""

    tries: int
    first_s: float
    most_s: float

    def waits(self, random: Callable[[], float]) -> Iterator[float]:
        """A wait before each further try: from half its longest to all of it, so that many who failed together do not
        come back together. *random* gives 0 to 1."""
        for number in range(self.tries - 1):
            yield (0.5 + random() / 2) * min(self.most_s, self.first_s * 2**number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """So much time for all of it. *clock* in seconds, of any beginning."""

    ends_at: float
    clock: Callable[[], float]

    @property
    def left_s(self) -> float:
        return max(0.0, self.ends_at - self.clock())


def budget(seconds: float, clock: Callable[[], float]) -> Budget:
    return Budget(ends_at=clock() + seconds, clock=clock)


def tried(
    work: Callable[[], T],
    *,
    again_after: tuple[type[Exception], ...],
    backoff: Backoff,
    within: Budget,
    random: Callable[[], float],
    sleep: Callable[[float], None],
) -> T:
    """What *work* returns, tried again after the faults named. The last fault escapes, at once when the next wait
    would outlast the budget."""
    for wait_s in backoff.waits(random):
        try:
            return work()
        except again_after:
            if wait_s >= within.left_s:
                raise
        sleep(wait_s)
    return work()
