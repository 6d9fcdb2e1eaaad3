"""The game's rules for streaks and times, on one player."""

from __future__ import annotations

from random import Random
from statistics import median

import pytest

from local.simulator import make_people, simulate_session
from local.simulator.fighter import Fighter
from local.simulator.weapons import Kit

PERSON = make_people(Random(1), 1)[0]


def a_fighter() -> Fighter:
    fighter = Fighter(PERSON, 1, Kit.MEDIC)
    fighter.present = True
    fighter.spawn(0, Random(1))
    return fighter


@pytest.mark.parametrize(
    ("kills_at_ms", "series"),
    [
        ([1000], {}),
        ([1000, 3999], {2: 1}),
        ([1000, 4000], {}),
        ([1000, 3900, 6800], {3: 1}),
        ([1000, 1000, 8000, 8500], {2: 2}),
        ([1000 * at for at in range(1, 9)], {6: 1}),
    ],
)
def test_kills_less_than_three_seconds_apart_are_a_series(kills_at_ms: list[int], series: dict[int, int]) -> None:
    fighter = a_fighter()
    for at_ms in kills_at_ms:
        fighter.count_kill(at_ms)
    fighter.leave(60_000)
    assert {size: getattr(fighter.tally, f"multikill_{size}") for size in range(2, 7)} == {
        size: series.get(size, 0) for size in range(2, 7)
    }


@pytest.mark.parametrize(("kills", "spree"), [(2, 0), (3, 3), (7, 7)])
def test_a_spree_counts_from_three_and_ends_with_death(kills: int, spree: int) -> None:
    fighter = a_fighter()
    for number in range(kills):
        fighter.count_kill(10_000 * number)
    fighter.die(90_000, lying=True)
    fighter.spawn(100_000, Random(1))
    fighter.count_kill(110_000)
    fighter.leave(120_000)
    assert fighter.tally.killing_spree == spree
    assert fighter.tally.kills == kills + 1


def test_a_death_spree_ends_with_a_kill() -> None:
    fighter = a_fighter()
    for _ in range(4):
        fighter.count_death()
    fighter.count_kill(1000)
    for _ in range(3):
        fighter.count_death()
    fighter.leave(2000)
    assert fighter.tally.death_spree == 4


def test_time_is_alive_or_dead_and_the_killer_is_credited_with_the_wait() -> None:
    killer, victim = a_fighter(), a_fighter()
    victim.die(1000, lying=True, denied_by=killer)
    victim.revive(12_000)
    victim.die(20_000, lying=False)
    victim.leave(30_000)
    assert victim.tally.alive_ms == 1000 + 8000
    assert victim.tally.played_ms == 30_000
    assert killer.tally.denied_playtime_ms == 11_000


def test_each_store_adds_the_running_death_again() -> None:
    fighter = a_fighter()
    fighter.die(1000, lying=True)
    fighter.revive(12_000)
    assert fighter.tally.stored_dead_ms == 11_000 + 4000 + 9000  # stores at 5 s and at 10 s


def test_dead_time_of_older_writers_is_about_twice_too_long() -> None:
    session = simulate_session(seed=1, players=8)
    ratios = []
    for played, file in zip(session.truth.rounds, session.files, strict=True):
        rows = [row.split("\\") for row in file.content.decode("ascii").splitlines()[1:]]
        written_min = {row[0]: float(row[4].split("\t")[26]) for row in rows}
        for player in played.players:
            dead_ms = player.played_ms - player.alive_ms
            if dead_ms > 30_000:
                ratios.append(60_000 * written_min[player.guid] / dead_ms)
    assert 1.6 < median(ratios) < 2.8
