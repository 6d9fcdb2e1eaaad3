"""How a player is doing against his own usual, and how steady he is. Means are weighted by what they are made of
(time, shots, rounds …), never means of means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from statistics import fmean, pstdev

from etstats.domain.formula import damage_per_minute
from etstats.domain.measure import Measure
from etstats.domain.player import RecentSession

SESSIONS = 10  # the usual is made of as many sessions before the latest
CONSISTENCY_DAYS = 30
CONSISTENCY_ROUNDS = 10
LEAN_DAYS = 90
LEAN_ROUNDS = 10
STAMINA_ROUNDS = 6
_AROUND, _AROUND_AT_LEAST = 0.05, 0.5
_STEADY, _AVERAGE = 70, 50
_LATEST = 5
_IMPROVING, _DECLINING = 0.8, 1.2
_EARLY_AND_LATE = 0.10
_LEANING = 0.10
_COURSE_SESSIONS = 4  # fewer are no course


class Verdict(Enum):
    ABOVE = "above"
    AROUND = "around"
    BELOW = "below"


class Tier(Enum):
    CONSISTENT = "consistent"
    AVERAGE = "average"
    STREAKY = "streaky"


class Trend(Enum):
    IMPROVING = "improving"
    STABLE = "stable"
    DECLINING = "declining"


class Course(Enum):
    """Where the sessions are heading: their newer half against their older."""

    RISING = "rising"
    LEVEL = "level"
    FALLING = "falling"


class Stamina(Enum):
    WARMING_UP = "warming_up"
    EVEN = "even"
    TIRING = "tiring"


class Lean(Enum):
    ATTACK = "attack"
    BALANCED = "balanced"
    DEFENCE = "defence"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFigure:
    """What form can be told of. *factor*: what a part of the whole is multiplied by. *around_at_least*: differences up
    to that are none. *least_whole*: stands for none of it; who never died has his kills. *per_round*: a count, told
    for each round. *less_is_better*: as of deaths."""

    factor: float = 1.0
    around_at_least: float = 0.0
    least_whole: int = 0
    per_round: bool = False
    less_is_better: bool = False


FIGURES: dict[Measure, FormFigure] = {
    Measure.DPM: FormFigure(factor=60, around_at_least=_AROUND_AT_LEAST),
    Measure.KD: FormFigure(least_whole=1),
    Measure.KILLS: FormFigure(per_round=True),
    Measure.DEATHS: FormFigure(per_round=True, less_is_better=True),
    Measure.ACCURACY: FormFigure(factor=100),
    Measure.HEADSHOTS: FormFigure(factor=100),
    Measure.USEFUL: FormFigure(factor=100),
    Measure.SURVIVAL: FormFigure(factor=0.1),  # milliseconds of seconds, in per cent
    Measure.REVIVES: FormFigure(per_round=True),
    Measure.ASSISTS: FormFigure(per_round=True),
    Measure.GIBS: FormFigure(per_round=True),
    Measure.OBJECTIVES: FormFigure(per_round=True),
    Measure.XP: FormFigure(per_round=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFigure:
    """One session's *part* and *whole* of a figure, as damage and seconds. None: not known. *first_at*: when the
    session began, whose day it is called by."""

    first_at: datetime
    rounds: int
    part: int | None
    whole: int | None


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
class Tiring:
    """Damage per minute in the first and the last third of a session's *rounds*."""

    rounds: int
    early_dpm: float
    late_dpm: float
    stamina: Stamina


@dataclass(frozen=True, slots=True, kw_only=True)
class SideSums:
    """Rounds a player attacked, or defended, and what he did there."""

    rounds: int
    damage_given: int
    played_s: int

    @property
    def dpm(self) -> float | None:
        return damage_per_minute(self.damage_given, self.played_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """On which side he does more damage. *lean* None: fewer than `LEAN_ROUNDS` rounds, or none on one of the sides."""

    attack: SideSums
    defence: SideSums
    lean: Lean | None

    @property
    def rounds(self) -> int:
        return self.attack.rounds + self.defence.rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The latest session against those before it; *usual* None: nothing known to compare with."""

    now: float | None
    usual: float | None
    verdict: Verdict | None

    @property
    def change(self) -> float | None:
        """0.1: a tenth more than usual."""
        return self.now / self.usual - 1 if self.now is not None and self.usual else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """*name* None: nobody knows him. *sessions*, latest first: the latest and those its usual is made of. *course*
    None: too few sessions to say. *steady_rounds* is what the consistency could be made of, *latest_rounds* what the
    tiring could."""

    name: str | None
    measure: Measure
    sessions: tuple[SessionFigure, ...]
    usual: Usual
    course: Course | None
    steady_rounds: int
    consistency: Consistency | None
    latest_rounds: int
    tiring: Tiring | None
    leaning: Leaning


def value_of(measure: Measure, sessions: Sequence[SessionFigure]) -> float | None:
    """The figure over all of *sessions* of which it is known."""
    figure = FIGURES[measure]
    known = [one for one in sessions if one.part is not None and one.whole is not None]
    whole = max(sum(one.whole or 0 for one in known), figure.least_whole if known else 0)
    return figure.factor * sum(one.part or 0 for one in known) / whole if whole else None


def against_usual(measure: Measure, sessions: Sequence[SessionFigure]) -> Usual:
    """The latest of *sessions*, latest first, against the ten before it."""
    now, usual = value_of(measure, sessions[:1]), value_of(measure, sessions[1 : SESSIONS + 1])
    return Usual(now=now, usual=usual, verdict=verdict(now, usual, around_at_least=FIGURES[measure].around_at_least))


def damage_form(sessions: Sequence[RecentSession]) -> Usual:
    """As `against_usual`, by damage per minute."""
    now, usual = dpm_of(sessions[:1]), dpm_of(sessions[1 : SESSIONS + 1])
    return Usual(now=now, usual=usual, verdict=verdict(now, usual))


def dpm_of(sessions: Sequence[RecentSession]) -> float | None:
    known = [one for one in sessions if one.damage_given is not None and one.played_s is not None]
    return damage_per_minute(sum(one.damage_given or 0 for one in known), sum(one.played_s or 0 for one in known))


def around_usual(measure: Measure, usual: float) -> float:
    """How far from the usual is no news yet."""
    return _around(usual, FIGURES[measure].around_at_least)


def _around(usual: float, at_least: float) -> float:
    return max(at_least, _AROUND * usual)


def verdict(now: float | None, usual: float | None, *, around_at_least: float = _AROUND_AT_LEAST) -> Verdict | None:
    """Half a point is nothing in damage per minute, but a world in kills per death."""
    if now is None or usual is None:
        return None
    if abs(now - usual) <= _around(usual, around_at_least):
        return Verdict.AROUND
    return Verdict.ABOVE if now > usual else Verdict.BELOW


def course(measure: Measure, sessions: Sequence[SessionFigure]) -> Course | None:
    """The newer half of *sessions*, latest first, against the older; within 5 % they are level."""
    told = [one for one in sessions if one.part is not None and one.whole is not None]
    half = len(told) // 2
    newer, older = value_of(measure, told[:half]), value_of(measure, told[-half:] if half else ())
    around = FIGURES[measure].around_at_least
    found = verdict(newer, older, around_at_least=around) if len(told) >= _COURSE_SESSIONS else None
    return None if found is None else _COURSES[found]


_COURSES = {Verdict.ABOVE: Course.RISING, Verdict.AROUND: Course.LEVEL, Verdict.BELOW: Course.FALLING}


def consistency(rounds: Sequence[RecentRound]) -> Consistency | None:
    """100 × (1 − deviation ÷ mean) of damage per minute, latest round first; None: too few rounds to say."""
    if len(rounds) < CONSISTENCY_ROUNDS:
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


def tiring(rounds: Sequence[RecentRound]) -> Tiring | None:
    """The last third of a session's rounds, latest first, against the first; None: too few rounds to say."""
    third = len(rounds) // 3
    if len(rounds) < STAMINA_ROUNDS:
        return None
    late, early = _dpm(rounds[:third]), _dpm(rounds[-third:])
    even = abs(late - early) <= _EARLY_AND_LATE * early
    stamina = Stamina.EVEN if even else Stamina.WARMING_UP if late > early else Stamina.TIRING
    return Tiring(rounds=len(rounds), early_dpm=early, late_dpm=late, stamina=stamina)


def _dpm(rounds: Sequence[RecentRound]) -> float:
    return 60 * sum(one.damage_given for one in rounds) / sum(one.played_s for one in rounds)


def leaning(attack: SideSums, defence: SideSums) -> Leaning:
    """Who does a tenth more of his mean damage on one side leans there."""
    attacking, defending = attack.dpm, defence.dpm
    lean = None
    if attacking is not None and defending is not None and attack.rounds + defence.rounds >= LEAN_ROUNDS:
        difference = attacking - defending
        mean = damage_per_minute(attack.damage_given + defence.damage_given, attack.played_s + defence.played_s) or 0
        even = abs(difference) < _LEANING * mean or not difference
        lean = Lean.BALANCED if even else Lean.ATTACK if difference > 0 else Lean.DEFENCE
    return Leaning(attack=attack, defence=defence, lean=lean)
