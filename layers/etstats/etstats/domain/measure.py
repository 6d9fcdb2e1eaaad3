"""What a leaderboard can count: the words for it, how it is shown, and how much somebody must have played."""

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
    """*heading* is the column's, *sample* what n counts.

    *enough_rounds* is how many rounds an old community asks for, *enough_of_it* how many of *asked_for* as well.
    *by_map*: it can be told for one map alone.
    """

    label: str
    heading: str
    explained: str
    shown: Shown = Shown.WHOLE
    sample: str = "rounds"
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
    Measure.DPM: Meaning(
        label="Damage per minute", heading="DPM", shown=Shown.DECIMALS, enough_rounds=_RATE,
        explained="damage to enemies per minute in a team",
    ),
    Measure.KD: Meaning(
        label="Kills per death", heading="K/D", shown=Shown.DECIMALS, enough_rounds=_RATE,
        explained="kills divided by deaths; suicides count for neither",
    ),
    Measure.EFFICIENCY: Meaning(
        label="Efficiency", heading="EFF", shown=Shown.PERCENT, enough_rounds=_RATE,
        explained="kills as a share of kills and deaths",
    ),
    Measure.KILLS: Meaning(label="Kills", heading="KILLS", explained="enemies killed"),
    Measure.DEATHS: Meaning(label="Deaths", heading="DEATHS", explained="deaths by enemies"),
    Measure.DAMAGE: Meaning(label="Damage", heading="DAMAGE", explained="damage to enemies"),
    Measure.ACCURACY: Meaning(
        label="Gun accuracy", heading="ACC", shown=Shown.PERCENT, sample="shots", enough_rounds=_RATE,
        enough_of_it=1_001, asked_for="shots",
        explained="hits as a share of shots with guns",
    ),
    Measure.HEADSHOTS: Meaning(
        label="Headshots", heading="HS", shown=Shown.PERCENT, sample="hits", enough_rounds=_RATE,
        enough_of_it=501, asked_for="kills",
        explained="head hits as a share of hits with guns",
    ),
    Measure.REVIVES: Meaning(
        label="Revives", heading="REVIVES", explained="team-mates revived, in the rounds whose files tell",
    ),
    Measure.ASSISTS: Meaning(label="Assists", heading="ASSISTS", explained="hurt whom another killed just after"),
    Measure.GIBS: Meaning(label="Gibs", heading="GIBS", explained="enemy bodies destroyed"),
    Measure.OBJECTIVES: Meaning(
        label="Objectives", heading="OBJ", explained="stolen and returned, dynamites planted and defused",
    ),
    Measure.USEFUL: Meaning(
        label="Useful kills", heading="USEFUL", shown=Shown.PERCENT, sample="kills", enough_rounds=_RATE,
        explained="share of kills whose victim had at least half a respawn to wait",
    ),
    Measure.MULTIKILLS: Meaning(
        label="Multikills", heading="MULTI", explained="two kills or more in a row, three seconds apart at most",
    ),
    Measure.SPREE: Meaning(label="Killing spree", heading="SPREE", explained="most kills without dying"),
    Measure.SURVIVAL: Meaning(
        label="Time alive", heading="ALIVE", shown=Shown.PERCENT, enough_rounds=_RATE,
        explained="time alive as a share of time in a team",
    ),
    Measure.DISCIPLINE: Meaning(
        label="Least team damage", heading="TEAM", shown=Shown.PERCENT, enough_rounds=_RATE, least_first=True,
        explained="team damage as a share of all damage given; least first",
    ),
    Measure.XP: Meaning(label="Experience", heading="XP", explained="experience points"),
    Measure.SELF_KILLS: Meaning(label="Self kills", heading="SELF", explained="deaths by the own hand or the world's"),
    Measure.FULL_SELF_KILLS: Meaning(
        label="Full self kills", heading="FULL", explained="self kills with nearly the whole respawn time ahead",
    ),
    Measure.GRENADES: Meaning(
        label="Grenade kills", heading="KILLS", sample="rounds with grenades", by_map=False,
        explained="enemies killed with hand grenades",
    ),
    Measure.WINS: Meaning(label="Wins", heading="WINS", explained="rounds on the winning side", enough_rounds=1),
    Measure.GAMES: Meaning(
        label="Rounds played", heading="ROUNDS", enough_rounds=1, explained="counted rounds: who is most active",
    ),
    Measure.SESSIONS: Meaning(
        label="Sessions", heading="SESSIONS", enough_rounds=1, by_map=False,
        explained="gaming sessions with a counted round",
    ),
    Measure.ATTENDANCE: Meaning(
        label="Longest attendance", heading="IN A ROW", sample="sessions", enough_rounds=1, by_map=False,
        explained="gaming sessions in a row without missing one",
    ),
}  # fmt: skip
