"""Trying again: waits grow and are spread, and nobody waits beyond the time there is."""

from __future__ import annotations

import pytest

from etstats.domain.retry import Backoff, budget, tried
from etstats.errors import BadInput, Unavailable

FOUR = Backoff(tries=4, first_s=1, most_s=3)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def _tried(clock: Clock, faults: list[Exception], *, seconds: float = 60, random: float = 1.0) -> str:
    def work() -> str:
        if faults:
            raise faults.pop(0)
        return "done"

    return tried(
        work, again_after=(Unavailable,), backoff=FOUR, within=budget(seconds, clock), random=lambda: random,
        sleep=clock.sleep,
    )  # fmt: skip


def test_waits_double_up_to_their_longest_and_are_from_half_to_all_of_it() -> None:
    assert list(FOUR.waits(lambda: 1.0)) == [1, 2, 3]
    assert list(FOUR.waits(lambda: 0.0)) == [0.5, 1, 1.5]


def test_it_is_tried_again_until_it_works() -> None:
    clock = Clock()
    assert _tried(clock, [Unavailable("1"), Unavailable("2")]) == "done"
    assert clock.slept == [1, 2]


def test_the_last_fault_escapes() -> None:
    faults: list[Exception] = [Unavailable(str(number)) for number in range(9)]
    with pytest.raises(Unavailable, match="3"):
        _tried(Clock(), faults)
    assert len(faults) == 5


def test_nobody_waits_beyond_his_time() -> None:
    clock = Clock()
    with pytest.raises(Unavailable, match="2"):
        _tried(clock, [Unavailable("1"), Unavailable("2"), Unavailable("3")], seconds=2.5)
    assert clock.slept == [1]


def test_what_another_try_cannot_help_escapes_at_once() -> None:
    with pytest.raises(BadInput):
        _tried(Clock(), [BadInput("no")])
