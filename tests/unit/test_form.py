"""Form and consistency as rules: numbers worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from etstats.domain.form import RecentRound, Tier, Trend, Verdict, consistency, form
from etstats.domain.player import RecentSession


def _rounds(*dpm: int) -> list[RecentRound]:
    """Of ten minutes each."""
    return [RecentRound(damage_given=10 * rate, played_s=600) for rate in dpm]


def _sessions(*damage: int | None) -> list[RecentSession]:
    """Of 600 seconds each, latest first."""
    return [
        RecentSession(
            last_at=datetime(2026, 3, 6) - timedelta(days=day), rounds=1, played_s=600, kills=1, deaths=1,
            damage_given=one,
        )
        for day, one in enumerate(damage)
    ]  # fmt: skip


def test_nine_rounds_are_too_few() -> None:
    assert consistency(_rounds(*[100] * 9)) is None


@pytest.mark.parametrize(
    ("spread", "score", "tier"),
    [(0, 100, Tier.CONSISTENT), (30, 70, Tier.CONSISTENT), (31, 69, Tier.AVERAGE), (50, 50, Tier.AVERAGE),
     (51, 49, Tier.STREAKY), (100, 0, Tier.STREAKY)],
)  # fmt: skip
def test_the_score_is_what_the_spread_leaves_of_the_mean(spread: int, score: float, tier: Tier) -> None:
    found = consistency(_rounds(*[100 + spread, 100 - spread] * 5))
    assert found is not None
    assert (found.mean_dpm, found.deviation_dpm) == (100, spread)
    assert found.score == pytest.approx(score)
    assert found.tier is tier


@pytest.mark.parametrize(
    ("now", "before", "trend"),
    [(7, 10, Trend.IMPROVING), (9, 10, Trend.STABLE), (11, 10, Trend.STABLE), (13, 10, Trend.DECLINING),
     (5, 0, Trend.DECLINING), (0, 0, None), (0, 5, Trend.IMPROVING)],
)  # fmt: skip
def test_the_trend_sets_the_latest_five_against_the_five_before(now: int, before: int, trend: Trend | None) -> None:
    """A spread of n: four rounds n off the mean, one on it, so the deviation is proportional to n."""
    latest, earlier = ([100 + n, 100 - n, 100 + n, 100 - n, 100] for n in (now, before))
    found = consistency(_rounds(*latest, *earlier, *[500] * 5))
    assert found is not None
    assert found.trend is trend


@pytest.mark.parametrize(
    ("latest", "verdict"),
    [(1_050, Verdict.AROUND), (950, Verdict.AROUND), (1_051, Verdict.ABOVE), (949, Verdict.BELOW)],
)
def test_five_per_cent_are_around_the_usual(latest: int, verdict: Verdict) -> None:
    assert form(_sessions(latest, 900, 1_100), []).verdict is verdict


def test_half_a_point_is_around_the_usual_however_little_that_is() -> None:
    assert form(_sessions(15, 10), []).verdict is Verdict.AROUND  # 1.5 against 1.0


def test_the_usual_leaves_out_the_latest_the_eleventh_before_and_what_is_unknown() -> None:
    found = form(_sessions(5_000, *[1_000] * 8, None, 2_000, 9_000), [])
    assert found.usual_dpm == pytest.approx(10_000 * 60 / (9 * 600))
    assert len(found.sessions) == 11


def test_without_sessions_before_there_is_no_usual() -> None:
    found = form(_sessions(1_000), [])
    assert (found.usual_dpm, found.verdict) == (None, None)
