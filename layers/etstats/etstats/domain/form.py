"""How a player is doing against his own usual, and how steady he is. Means are weighted by time, never of means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import fmean, pstdev

from etstats.domain.formula import damage_per_minute
from etstats.domain.player import RecentSession

SESSIONS = 10  # the usual is made of as many sessions before the latest
CONSISTENCY_DAYS = 30
_FEWEST_ROUNDS = 10
_AROUND, _AROUND_AT_LEAST = 0.05, 0.5
_STEADY, _AVERAGE = 70, 50
_LATEST = 5
_IMPROVING, _DECLINING = 0.8, 1.2


class Verdict(Enum):
    ABOVE = "above the usual"
    AROUND = "around the usual"
    BELOW = "below the usual"


class Tier(Enum):
    CONSISTENT = "consistent"
    AVERAGE = "average"
    STREAKY = "streaky"


class Trend(Enum):
    IMPROVING = "improving"
    STABLE = "stable"
    DECLINING = "declining"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentRound:
    """A counted round of more than a minute, for the consistency."""

    damage_given: int
    played_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """*score* 0 to 100, from the spread of damage per minute over *rounds* rounds. *trend*: the latest five against
    the five before; None: too alike to say."""

    rounds: int
    mean_dpm: float
    deviation_dpm: float
    score: float
    tier: Tier
    trend: Trend | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """*sessions*, latest first: the latest and those its *usual_dpm* is made of. None: nothing known to compare."""

    sessions: tuple[RecentSession, ...]
    usual_dpm: float | None
    verdict: Verdict | None
    consistency: Consistency | None


def form(sessions: Sequence[RecentSession], rounds: Sequence[RecentRound]) -> Form:
    """From the latest sessions and rounds, both latest first."""
    latest, before = sessions[:1], sessions[1 : SESSIONS + 1]
    usual = dpm_of(before)
    return Form(
        sessions=(*latest, *before),
        usual_dpm=usual,
        verdict=verdict(dpm_of(latest), usual),
        consistency=consistency(rounds),
    )


def dpm_of(sessions: Sequence[RecentSession]) -> float | None:
    known = [one for one in sessions if one.damage_given is not None]
    return damage_per_minute(sum(one.damage_given or 0 for one in known), sum(one.played_s for one in known))


def verdict(now: float | None, usual: float | None) -> Verdict | None:
    if now is None or usual is None:
        return None
    if abs(now - usual) <= max(_AROUND_AT_LEAST, _AROUND * usual):
        return Verdict.AROUND
    return Verdict.ABOVE if now > usual else Verdict.BELOW


def consistency(rounds: Sequence[RecentRound]) -> Consistency | None:
    """100 × (1 − deviation ÷ mean) of damage per minute, latest round first; None: too few rounds to say."""
    if len(rounds) < _FEWEST_ROUNDS:
        return None
    rates = [60 * one.damage_given / one.played_s for one in rounds]
    mean, deviation = fmean(rates), pstdev(rates)
    score = max(0.0, min(100.0, 100 * (1 - deviation / mean))) if mean else 0.0
    tier = Tier.CONSISTENT if score >= _STEADY else Tier.AVERAGE if score >= _AVERAGE else Tier.STREAKY
    return Consistency(
        rounds=len(rounds), mean_dpm=mean, deviation_dpm=deviation, score=score, tier=tier, trend=_trend(rates)
    )


def _trend(rates: Sequence[float]) -> Trend | None:
    now, before = pstdev(rates[:_LATEST]), pstdev(rates[_LATEST : 2 * _LATEST])
    if not before:
        return None if not now else Trend.DECLINING
    ratio = now / before
    return Trend.IMPROVING if ratio < _IMPROVING else Trend.DECLINING if ratio > _DECLINING else Trend.STABLE
