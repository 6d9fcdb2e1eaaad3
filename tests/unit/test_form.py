"""Form and consistency as rules: numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from etstats.domain.form import (
    Course,
    Lean,
    RecentRound,
    SessionFigure,
    SideSums,
    Stamina,
    Tier,
    Trend,
    Verdict,
    against_usual,
    consistency,
    course,
    damage_form,
    leaning,
    tiring,
    value_of,
)
from etstats.domain.measure import Measure
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
    assert damage_form(_sessions(latest, 900, 1_100)).verdict is verdict


def test_half_a_point_of_damage_per_minute_is_around_the_usual_however_little_that_is() -> None:
    assert damage_form(_sessions(15, 10)).verdict is Verdict.AROUND  # 1.5 against 1.0
    assert against_usual(Measure.KD, _figures((15, 10), (10, 10))).verdict is Verdict.ABOVE


def test_the_usual_leaves_out_the_latest_the_eleventh_before_and_what_is_unknown() -> None:
    found = damage_form(_sessions(5_000, *[1_000] * 8, None, 2_000, 9_000))
    assert found.usual == pytest.approx(10_000 * 60 / (9 * 600))
    figures = against_usual(Measure.DPM, _figures((5_000, 600), *[(1_000, 600)] * 8, (None, 600), (2_000, 600), (9, 1)))
    assert figures == found


def test_without_sessions_before_there_is_no_usual() -> None:
    found = damage_form(_sessions(1_000))
    assert (found.now, found.usual, found.verdict, found.change) == (100, None, None, None)


def _figures(*parts: tuple[int | None, int | None]) -> list[SessionFigure]:
    """Part and whole of each session, latest first."""
    return [
        SessionFigure(first_at=datetime(2026, 3, 6) - timedelta(days=day), rounds=1, part=part, whole=whole)
        for day, (part, whole) in enumerate(parts)
    ]


@pytest.mark.parametrize(
    ("measure", "parts", "value"),
    [
        (Measure.DPM, [(100, 60), (500, 120)], 200),  # not the mean of 100 and 250
        (Measure.KD, [(7, 0)], 7),
        (Measure.KD, [(7, 0), (5, 4)], 3),
        (Measure.ACCURACY, [(30, 100)], 30),
        (Measure.ACCURACY, [(0, 0)], None),
        (Measure.SURVIVAL, [(450_000, 600)], 75),
        (Measure.REVIVES, [(None, 0)], None),
        (Measure.REVIVES, [(6, 4), (None, 0)], 1.5),
        (Measure.KD, [], None),
        (Measure.DPM, [(3_000, None), (500, 60)], 500),
    ],
)
def test_a_figure_of_several_sessions_is_the_sum_over_the_sum(
    measure: Measure, parts: list[tuple[int | None, int | None]], value: float | None
) -> None:
    assert value_of(measure, _figures(*parts)) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("latest_first", "heading"),
    [([120, 110, 100, 100], Course.RISING), ([100, 100, 110, 120], Course.FALLING), ([100, 104, 102, 98], Course.LEVEL),
     ([200, 100, 100], None), ([100, 100, 900, 50, 50], Course.RISING)],
)  # fmt: skip
def test_the_course_sets_the_newer_half_against_the_older(latest_first: list[int], heading: Course | None) -> None:
    assert course(Measure.DPM, _figures(*((10 * dpm, 600) for dpm in latest_first))) is heading


@pytest.mark.parametrize(
    ("early", "late", "stamina"),
    [(100, 111, Stamina.WARMING_UP), (100, 110, Stamina.EVEN), (100, 90, Stamina.EVEN), (100, 89, Stamina.TIRING),
     (0, 0, Stamina.EVEN), (0, 10, Stamina.WARMING_UP)],
)  # fmt: skip
def test_the_last_third_of_a_session_tells_whether_somebody_tires(early: int, late: int, stamina: Stamina) -> None:
    found = tiring(_rounds(late, late, 500, 1, early, early))
    assert found is not None
    assert (found.early_dpm, found.late_dpm, found.stamina, found.rounds) == (early, late, stamina, 6)
    assert tiring(_rounds(late, late, 1, early, early)) is None


@pytest.mark.parametrize(
    ("attack", "defence", "lean"),
    [(110, 100, Lean.BALANCED), (112, 100, Lean.ATTACK), (100, 112, Lean.DEFENCE), (0, 0, Lean.BALANCED)],
)
def test_who_does_a_tenth_more_on_one_side_leans_there(attack: int, defence: int, lean: Lean) -> None:
    def side(dpm: int, rounds: int) -> SideSums:
        return SideSums(rounds=rounds, damage_given=10 * dpm * rounds, played_s=600 * rounds)

    assert leaning(side(attack, 5), side(defence, 5)).lean is lean
    assert leaning(side(attack, 4), side(defence, 5)).lean is None
    assert leaning(side(attack, 20), side(defence, 0)).lean is None


def test_damage_in_a_time_nobody_knows_is_no_rate() -> None:
    (latest, *before) = _sessions(1_000, 1_000, 9_000)
    found = damage_form([latest, before[0], replace(before[1], played_s=None)])
    assert (found.now, found.usual) == (100, 100)
