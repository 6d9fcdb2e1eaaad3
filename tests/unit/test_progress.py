"""How far work is, told now and then."""

from __future__ import annotations

from etstats.domain.progress import EVERY_S, now_and_then


def test_what_is_soon_done_is_not_told_and_the_rest_not_all_the_time() -> None:
    told: list[int] = []
    now = [0.0]
    tell = now_and_then(told.append, lambda: now[0])
    for done in range(101):
        now[0] = done * EVERY_S / 25
        tell(done, 100)
    assert told == [25, 50, 75, 100]


def test_nothing_to_do_is_no_division() -> None:
    told: list[int] = []
    clock = iter([0.0, 9.0, 9.0])
    now_and_then(told.append, lambda: next(clock))(0, 0)
    assert told == [0]
