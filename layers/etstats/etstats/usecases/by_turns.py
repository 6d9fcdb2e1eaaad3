"""What a schedule does for every community, one after the other: each has its share of the time, and what one does not
use the later ones have; one that fails keeps nobody waiting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from etstats.usecases.log import Log

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """*remaining_ms*: until it should have ended, with what the function itself needs at its end."""

    community: str
    remaining_ms: Callable[[], int]

    def is_short(self, enough_ms: int) -> bool:
        return self.remaining_ms() < enough_ms


def by_turns(
    communities: Sequence[str],
    work: Callable[[Turn], T],
    *,
    remaining_ms: Callable[[], int],
    enough_ms: int,
    log: Log,
    failing: str,
) -> list[T]:
    """What *work* made of each. *enough_ms*: what a piece of it may take at the end. Raises the first fault when
    everybody had his turn; each goes into *log*, *failing* saying what it means."""
    done: list[T] = []
    faults: list[Exception] = []
    for place, community in enumerate(communities):
        later = len(communities) - place - 1
        kept = max(0, remaining_ms() - enough_ms) * later // (later + 1) if later else 0
        try:
            done.append(work(Turn(community=community, remaining_ms=_less(remaining_ms, kept))))
        except Exception as fault:  # whatever it is, it is this community's
            log.error(failing, extra={"community": community, "reason": str(fault)})  # noqa: TRY400  # it is raised below
            faults.append(fault)
    if faults:
        raise faults[0]
    return done


def _less(remaining_ms: Callable[[], int], kept: int) -> Callable[[], int]:
    return lambda: remaining_ms() - kept
