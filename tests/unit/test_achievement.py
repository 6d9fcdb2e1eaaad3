"""Badges: reached at the tier's very number, not before it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from etstats.domain.achievement import KD_ROUNDS, TIERS, Career, Ladder, Rung, rungs

NEWCOMER = Career(
    guid="AAAA0001", rounds=0, kills=0, deaths=0, revives=None, revived=None, planted=None, defused=None, carried=None
)


def _rung(ladder: Ladder, own: Career, *others: Career) -> Rung:
    return next(rung for rung in rungs(own.guid, [own, *others]) if rung.ladder is ladder)


@pytest.mark.parametrize(("kills", "tier", "next_at"), [(999, 0, 1_000), (1_000, 1, 5_000), (20_000, 4, None)])
def test_a_badge_is_earned_at_its_very_number(kills: int, tier: int, next_at: float | None) -> None:
    rung = _rung(Ladder.KILLS, replace(NEWCOMER, kills=kills))
    assert (rung.tier, rung.next) == (tier, next_at)


def test_a_good_ratio_over_few_rounds_is_no_badge() -> None:
    lucky = replace(NEWCOMER, rounds=KD_ROUNDS - 1, kills=90, deaths=30)
    assert _rung(Ladder.KD, lucky).value is None
    steady = replace(lucky, rounds=KD_ROUNDS)
    assert _rung(Ladder.KD, steady).tier == len(TIERS[Ladder.KD])


def test_nobody_who_never_died_divides_by_zero() -> None:
    assert _rung(Ladder.KD, replace(NEWCOMER, rounds=KD_ROUNDS, kills=2)).value == 2


def test_what_old_files_do_not_tell_is_unknown_and_no_zero() -> None:
    rung = _rung(Ladder.REVIVES, NEWCOMER)
    assert (rung.value, rung.tier, rung.progress) == (None, 0, 0.0)


def test_rarity_counts_who_has_the_same_badge_or_a_higher_one() -> None:
    own = replace(NEWCOMER, kills=5_000)
    veteran = replace(NEWCOMER, guid="BBBB0001", kills=12_000)
    rookie = replace(NEWCOMER, guid="CCCC0001", kills=4_999)
    rung = _rung(Ladder.KILLS, own, veteran, rookie)
    assert (rung.holders, rung.people) == (2, 3)


def test_progress_is_the_share_of_the_next_badge() -> None:
    assert _rung(Ladder.KILLS, replace(NEWCOMER, kills=250)).progress == 0.25
    assert _rung(Ladder.KILLS, replace(NEWCOMER, kills=30_000)).progress == 1.0


def test_every_ladder_leads_upwards() -> None:
    assert all(list(tiers) == sorted(set(tiers)) for tiers in TIERS.values())
    assert set(TIERS) == set(Ladder)
