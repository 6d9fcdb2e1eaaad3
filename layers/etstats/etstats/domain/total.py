"""Sums over the counted rounds of one player, and every measure they tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from etstats.domain.formula import accuracy, alive, damage_per_minute, efficiency, headshots, kill_death_ratio
from etstats.domain.measure import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """None: never known. *timed_damage*: given in the *timed_rounds*, whose time in a team is known; *judged_kills*: of
    rounds in which it is known how many were useful; *events*: what a stats file of the oldest kind does not tell."""

    rounds: int
    wins: int | None
    played_s: int | None
    alive_ms: int | None
    kills: int
    deaths: int
    gun_hits: int
    gun_shots: int
    gun_headshot_hits: int
    damage_given: int | None
    damage_received: int | None
    team_damage_given: int | None
    gibs: int | None
    self_kills: int | None
    xp: int | None
    max_killing_spree: int | None
    kill_assists: int | None
    objectives: int | None
    times_revived: int | None
    useful_kills: int | None
    multikills: int | None
    revives_given: int | None
    revives_known_rounds: int
    repairs_constructions: int | None
    timed_rounds: int
    timed_damage: int | None
    judged_kills: int | None
    events_known_rounds: int
    repairs_known_rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """What a total says of a measure, and what that rests on."""

    figure: Callable[[Total], float | None]
    sample: Callable[[Total], int] = lambda total: total.rounds


def _timed(total: Total) -> int:
    return total.timed_rounds


def _events(total: Total) -> int:
    return total.events_known_rounds


_TOLD: dict[Measure, _Telling] = {
    Measure.DPM: _Telling(figure=lambda total: damage_per_minute(total.timed_damage, total.played_s), sample=_timed),
    Measure.KD: _Telling(figure=lambda total: kill_death_ratio(total.kills, total.deaths) if total.rounds else None),
    Measure.EFFICIENCY: _Telling(
        figure=lambda total: efficiency(total.kills, total.deaths) if total.kills or total.deaths else None
    ),
    Measure.KILLS: _Telling(figure=lambda total: total.kills),
    Measure.DEATHS: _Telling(figure=lambda total: total.deaths),
    Measure.DAMAGE: _Telling(figure=lambda total: total.damage_given),
    Measure.ACCURACY: _Telling(
        figure=lambda total: accuracy(total.gun_hits, total.gun_shots) if total.gun_shots else None,
        sample=lambda total: total.gun_shots,
    ),
    Measure.HEADSHOTS: _Telling(
        figure=lambda total: headshots(total.gun_headshot_hits, total.gun_hits) if total.gun_hits else None,
        sample=lambda total: total.gun_hits,
    ),
    Measure.REVIVES: _Telling(
        figure=lambda total: total.revives_given if total.revives_known_rounds else None,
        sample=lambda total: total.revives_known_rounds,
    ),
    Measure.ASSISTS: _Telling(figure=lambda total: total.kill_assists, sample=_events),
    Measure.GIBS: _Telling(figure=lambda total: total.gibs),
    Measure.OBJECTIVES: _Telling(figure=lambda total: total.objectives, sample=_events),
    Measure.USEFUL: _Telling(
        figure=lambda total: _share(total.useful_kills, total.judged_kills),
        sample=lambda total: total.judged_kills or 0,
    ),
    Measure.MULTIKILLS: _Telling(figure=lambda total: total.multikills, sample=_events),
    Measure.SPREE: _Telling(figure=lambda total: total.max_killing_spree, sample=_events),
    Measure.SURVIVAL: _Telling(figure=lambda total: alive(total.alive_ms, total.played_s), sample=_timed),
    Measure.DISCIPLINE: _Telling(
        figure=lambda total: _share(total.team_damage_given, (total.team_damage_given or 0) + (total.damage_given or 0))
    ),
    Measure.XP: _Telling(figure=lambda total: total.xp),
    Measure.SELF_KILLS: _Telling(figure=lambda total: total.self_kills),
    Measure.WINS: _Telling(figure=lambda total: total.wins),
    Measure.GAMES: _Telling(figure=lambda total: total.rounds),
}


def figure_of(total: Total, measure: Measure) -> float | None:
    """The measure's value; None: not known, or nothing to divide by."""
    return _TOLD[measure].figure(total)


def sample_of(total: Total, measure: Measure) -> int:
    """The measure's n."""
    return _TOLD[measure].sample(total)


def per_round(total: Total, measure: Measure) -> float | None:
    """A count's mean over the rounds in which it is known."""
    counted, rounds = figure_of(total, measure), sample_of(total, measure)
    return counted / rounds if counted is not None and rounds else None


def _share(part: int | None, whole: int | None) -> float | None:
    return 100 * part / whole if part is not None and whole else None
