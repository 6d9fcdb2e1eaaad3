"""What each measure is made of, in SQL: our own fragments over the sums kept for each player."""

from __future__ import annotations

from dataclasses import dataclass

from etstats.domain.measure import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Our own fragments: the *score*, the *sample* it rests on, what else it *asks* for much of, and the *sums* all
    three are made of."""

    score: str
    sums: tuple[str, ...]
    sample: str = "rounds"
    asks: str = "0"
    best: str = "sum"  # how days become a period


def _sum(name: str) -> Score:
    return Score(score=name, sums=(name,))


SCORES: dict[Measure, Score] = {
    Measure.DPM: Score(score="damage_given * 60.0 / nullif(played_s, 0)", sums=("damage_given", "played_s")),
    Measure.KD: Score(score="kills * 1.0 / greatest(deaths, 1)", sums=("kills", "deaths")),
    Measure.EFFICIENCY: Score(score="kills * 100.0 / nullif(kills + deaths, 0)", sums=("kills", "deaths")),
    Measure.KILLS: _sum("kills"),
    Measure.DEATHS: _sum("deaths"),
    Measure.DAMAGE: _sum("damage_given"),
    Measure.ACCURACY: Score(
        score="gun_hits * 100.0 / nullif(gun_shots, 0)",
        sums=("gun_hits", "gun_shots"),
        sample="gun_shots",
        asks="gun_shots",
    ),
    Measure.HEADSHOTS: Score(
        score="gun_headshot_hits * 100.0 / nullif(gun_hits, 0)",
        sums=("gun_headshot_hits", "gun_hits", "kills"),
        sample="gun_hits",
        asks="kills",
    ),
    Measure.REVIVES: Score(
        score="case when revives_known_rounds > 0 then revives_given end",
        sums=("revives_given", "revives_known_rounds"),
        sample="revives_known_rounds",
    ),
    Measure.ASSISTS: _sum("kill_assists"),
    Measure.GIBS: _sum("gibs"),
    Measure.OBJECTIVES: _sum("objectives"),
    Measure.USEFUL: Score(
        score="useful_kills * 100.0 / nullif(kills, 0)", sums=("useful_kills", "kills"), sample="kills"
    ),
    Measure.MULTIKILLS: _sum("multikills"),
    Measure.SPREE: Score(score="max_killing_spree", sums=("max_killing_spree",), best="max"),
    Measure.SURVIVAL: Score(score="alive_ms / 10.0 / nullif(played_s, 0)", sums=("alive_ms", "played_s")),
    Measure.DISCIPLINE: Score(
        score="team_damage_given * 100.0 / nullif(team_damage_given + damage_given, 0)",
        sums=("team_damage_given", "damage_given"),
    ),
    Measure.XP: _sum("xp"),
    Measure.SELF_KILLS: _sum("self_kills"),
    Measure.FULL_SELF_KILLS: _sum("full_selfkills"),
    Measure.GRENADES: _sum("kills"),
    Measure.WINS: _sum("wins"),
    Measure.GAMES: Score(score="rounds", sums=()),
    Measure.SESSIONS: Score(score="sessions", sums=("sessions",)),
    Measure.ATTENDANCE: Score(score="longest", sums=("longest", "sessions"), sample="sessions"),
}
