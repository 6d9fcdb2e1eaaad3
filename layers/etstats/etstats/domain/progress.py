"""How far work is that takes longer than a moment: told now and then, and not at all where it is soon done."""

from __future__ import annotations

from collections.abc import Callable

EVERY_S = 3.0
Told = Callable[[int, int], None]  # how much is done, and of how much


def nobody(done: int, of: int) -> None:
    """Is told nothing."""


def now_and_then(tell: Callable[[int], None], clock_s: Callable[[], float]) -> Told:
    """Gives *tell* the percents, `EVERY_S` apart at least; the first so long after this."""
    last_s = clock_s()

    def told(done: int, of: int) -> None:
        nonlocal last_s
        if clock_s() - last_s >= EVERY_S:
            last_s = clock_s()
            tell(min(100, 100 * done // max(1, of)))

    return told
