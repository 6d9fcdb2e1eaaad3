"""The 38 extended figures of a stats line: their names, units and how they run on into round 2.

Source: the game server's writer scripts, checked on 314 real files.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Span(Enum):
    """What a round-2 file says: the sum since round 1 began, round 2 alone, or something to compute anew."""

    CUMULATIVE = "cumulative"
    ROUND = "round"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """*decimal*: written with one decimal, otherwise a whole number."""

    name: str
    span: Span
    decimal: bool = False


def _cumulative(*names: str) -> tuple[Figure, ...]:
    return tuple(Figure(name=name, span=Span.CUMULATIVE) for name in names)


def _of_the_round(*names: str) -> tuple[Figure, ...]:
    return tuple(Figure(name=name, span=Span.ROUND) for name in names)


def _derived(*names: str) -> tuple[Figure, ...]:
    return tuple(Figure(name=name, span=Span.DERIVED, decimal=True) for name in names)


FIGURES: tuple[Figure, ...] = (
    *_cumulative("damage_given", "damage_received", "team_damage_given", "team_damage_received"),
    *_cumulative("gibs", "self_kills", "team_kills", "team_gibs"),
    *_derived("alive_pct"),  # of all rounds so far
    *_of_the_round("xp", "killing_spree", "death_spree", "kill_assists", "kill_steals", "headshot_kills"),
    *_of_the_round("objectives_stolen", "objectives_returned", "dynamites_planted", "dynamites_defused"),
    *_of_the_round("times_revived"),
    Figure(name="bullets_fired", span=Span.DERIVED),  # before layout 38 the sum of sums: worthless
    *_derived("dpm_raw", "time_played_min", "tank_meatshield", "dead_pct_raw", "dead_min_raw", "kd_raw"),
    *_of_the_round("useful_kills", "denied_playtime_s"),
    *_of_the_round("multikill_2", "multikill_3", "multikill_4", "multikill_5", "multikill_6"),
    *_of_the_round("useless_kills", "full_selfkills", "repairs_constructions", "revives_given"),
)

PLACE = {figure.name: place for place, figure in enumerate(FIGURES)}
CUMULATIVE = tuple(figure.name for figure in FIGURES if figure.span is Span.CUMULATIVE)
OF_THE_ROUND = tuple(figure.name for figure in FIGURES if figure.span is Span.ROUND)
