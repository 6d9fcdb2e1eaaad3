"""One history against the clean run: equal to the byte, or a difference that tells how to get there."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from itertools import islice

from tests.histories.history import Correct, History, Message, Put, Step, Tick, clean
from tests.histories.play import Stage, Stuck

_SHRINK_S = 30.0
_TRIES = 4
_SHOWN_ROWS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """*expected* and *found* are dumps; *told* is what the workers did, *order* the steps as they were done."""

    history: History
    expected: str
    found: str
    told: tuple[str, ...]
    order: tuple[Step, ...]

    def lines(self) -> Iterator[str]:
        yield from self.history.lines()
        yield "what the workers did:"
        yield from (f"  {line}" for line in self.told)
        yield "rows of the clean run (-) and of this one (+):"
        rows = unified_diff(self.expected.splitlines(), self.found.splitlines(), n=0, lineterm="")
        yield from (f"  {row}" for row in _from_where_they_differ(islice(rows, 2, 2 + _SHOWN_ROWS)))


def _from_where_they_differ(rows: Iterable[str]) -> Iterator[str]:
    """Of two rows that begin alike only a little of what is alike."""
    before = ""
    for row in rows:
        pairs = enumerate(zip(row[1:], before[1:], strict=False))
        alike = next((at for at, (one, other) in pairs if one != other), 0)
        yield (row[:60] + " … " + row[alike - 20 :] if alike > 80 else row)[:300]
        before = row


def trial(stage: Stage, history: History) -> Difference | None:
    """None when the history's rows equal those of the clean run."""
    expected = found = ""
    try:
        expected = stage.expected(clean(history))
        found, told = stage.play(history)
        if found == expected:
            return None
    except Stuck as stuck:
        told = str(stuck).splitlines()
    return Difference(history=history, expected=expected, found=found, told=tuple(told), order=stage.order)


def shrink(stage: Stage, difference: Difference) -> Difference:
    """The same difference with fewer deliveries, as far as half a minute goes. What depends on how workers got in each
    other's way may not come again; then it is left as it is."""
    ends = time.monotonic() + _SHRINK_S
    smaller: Difference | None = difference
    while smaller is not None and time.monotonic() < ends:
        difference = smaller
        smaller = next(filter(None, _attempts(stage, difference, ends)), None)
    return difference


def _attempts(stage: Stage, difference: Difference, ends: float) -> Iterator[Difference | None]:
    for candidate in _smaller(difference.history, difference.order):
        for _ in range(_TRIES if candidate.workers > 1 else 1):
            if time.monotonic() > ends:
                return
            yield trial(stage, candidate)


def _smaller(history: History, order: tuple[Step, ...]) -> Iterator[History]:
    """Simpler histories of the same files, the simplest first."""
    if history.workers > 1:
        calm = History(seed=history.seed, scenario=history.scenario, steps=order)
        yield calm
        yield replace(calm, faults=history.faults)
        yield replace(history, workers=1)
    if history.workers > 2:
        yield replace(history, workers=2)
    if history.faults:
        yield replace(history, faults=())
        yield from (replace(history, faults=(fault,)) for fault in history.faults if len(history.faults) > 1)
    if history.away or history.slow:
        yield replace(history, away=frozenset(), slow=frozenset())
    if history.batch > 1:
        yield replace(history, batch=1)
    for key in sorted({step.key for step in history.steps if isinstance(step, Put)}):
        yield replace(history, steps=tuple(_without(key, history.steps)))
    for at in _droppable(history):
        yield replace(history, steps=history.steps[:at] + history.steps[at + 1 :])


def _without(key: str, steps: Sequence[Step]) -> Iterator[Step]:
    """The steps of the other files."""
    for step in steps:
        if isinstance(step, Put):
            if step.key != key:
                yield step
        elif isinstance(step, Tick | Correct):
            yield step
        elif keys := tuple(other for other in step.keys if other != key):
            yield replace(step, keys=keys)


def _droppable(history: History) -> Iterator[int]:
    """Messages and puts without which every file still arrives in its last version."""
    last_put: dict[str, int] = {}
    last_message: dict[str, int] = {}
    for at, step in enumerate(history.steps):
        if isinstance(step, Put):
            last_put[step.key] = at
        elif isinstance(step, Message):
            last_message.update(dict.fromkeys(step.keys, at))
    kept = {*last_put.values(), *last_message.values()}
    yield from (at for at in range(len(history.steps)) if at not in kept)
