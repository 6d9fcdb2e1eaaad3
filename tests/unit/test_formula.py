"""The figures people compare, by hand."""

from __future__ import annotations

import pytest

from etstats.domain.formula import accuracy, alive, damage_per_minute, efficiency, headshots, kill_death_ratio


def test_damage_per_minute_is_of_the_players_own_time() -> None:
    assert damage_per_minute(6000, 1200) == 300
    assert damage_per_minute(None, 60) is None
    assert damage_per_minute(5, None) is None
    assert damage_per_minute(5, 0) is None


def test_who_never_died_has_his_kills_for_a_ratio() -> None:
    assert (kill_death_ratio(7, 0), kill_death_ratio(3, 2)) == (7, 1.5)


def test_shares_are_per_cent_and_nothing_of_nothing_is_nothing() -> None:
    assert (efficiency(3, 1), accuracy(1, 3), headshots(1, 4)) == pytest.approx((75, 33.333, 25), abs=0.001)
    assert (efficiency(0, 0), accuracy(0, 0), headshots(0, 0)) == (0, 0, 0)


def test_alive_is_a_share_of_the_time_in_a_team() -> None:
    assert alive(450_000, 600) == 75
    assert alive(None, 600) is None
    assert alive(1, 0) is None
