"""What can be counted, how it is shown, and how much somebody must have played to be listed by it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Shown(Enum):
    """How a value is written."""

    WHOLE = "whole"
    DECIMALS = "decimals"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """*sample*: what its n counts, a noun of `etstats.words`.

    *enough_rounds* is how many rounds an old community asks for, *enough_of_it* how many of *asked_for* as well.
    *by_map*: it can be told for one map alone.
    """

    shown: Shown = Shown.WHOLE
    sample: str = "round"
    enough_rounds: int = 11
    enough_of_it: int = 0
    asked_for: str = ""
    least_first: bool = False
    by_map: bool = True


class Measure(Enum):
    """Values are what a command's choice carries: 25 at most."""

    DPM = "dpm"
    KD = "kd"
    EFFICIENCY = "efficiency"
    KILLS = "kills"
    DEATHS = "deaths"
    DAMAGE = "damage"
    ACCURACY = "accuracy"
    HEADSHOTS = "headshots"
    REVIVES = "revives"
    ASSISTS = "assists"
    GIBS = "gibs"
    OBJECTIVES = "objectives"
    USEFUL = "useful"
    MULTIKILLS = "multikills"
    SPREE = "spree"
    SURVIVAL = "survival"
    DISCIPLINE = "discipline"
    XP = "xp"
    SELF_KILLS = "selfkills"
    FULL_SELF_KILLS = "fsk"
    GRENADES = "grenades"
    WINS = "wins"
    GAMES = "games"
    SESSIONS = "sessions"
    ATTENDANCE = "attendance"


_RATE = 51  # a rate settles late

MEANINGS: dict[Measure, Meaning] = {
    Measure.DPM: Meaning(shown=Shown.DECIMALS, enough_rounds=_RATE),
    Measure.KD: Meaning(shown=Shown.DECIMALS, enough_rounds=_RATE),
    Measure.EFFICIENCY: Meaning(shown=Shown.PERCENT, enough_rounds=_RATE),
    Measure.KILLS: Meaning(),
    Measure.DEATHS: Meaning(),
    Measure.DAMAGE: Meaning(),
    Measure.ACCURACY: Meaning(
        shown=Shown.PERCENT, sample="shot", enough_rounds=_RATE, enough_of_it=1_001, asked_for="shot"
    ),
    Measure.HEADSHOTS: Meaning(
        shown=Shown.PERCENT, sample="hit", enough_rounds=_RATE, enough_of_it=501, asked_for="kill"
    ),
    Measure.REVIVES: Meaning(),
    Measure.ASSISTS: Meaning(),
    Measure.GIBS: Meaning(),
    Measure.OBJECTIVES: Meaning(),
    Measure.USEFUL: Meaning(shown=Shown.PERCENT, sample="kill", enough_rounds=_RATE),
    Measure.MULTIKILLS: Meaning(),
    Measure.SPREE: Meaning(),
    Measure.SURVIVAL: Meaning(shown=Shown.PERCENT, enough_rounds=_RATE),
    Measure.DISCIPLINE: Meaning(shown=Shown.PERCENT, enough_rounds=_RATE, least_first=True),
    Measure.XP: Meaning(),
    Measure.SELF_KILLS: Meaning(),
    Measure.FULL_SELF_KILLS: Meaning(),
    Measure.GRENADES: Meaning(by_map=False),
    Measure.WINS: Meaning(enough_rounds=1),
    Measure.GAMES: Meaning(enough_rounds=1),
    Measure.SESSIONS: Meaning(enough_rounds=1, by_map=False),
    Measure.ATTENDANCE: Meaning(sample="session", enough_rounds=1, by_map=False),
}
