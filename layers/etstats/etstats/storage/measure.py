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
    best: tuple[str, ...] = ()  # of *sums*, what is the most of a day, not its sum


def _sum(name: str) -> Score:
    return Score(score=name, sums=(name,))


def _event(name: str, sample: str = "events_known_rounds", *, best: tuple[str, ...] = ()) -> Score:
    """What not every file tells: its n is the rounds that do."""
    return Score(score=name, sums=(name, sample), sample=sample, best=best)


SCORES: dict[Measure, Score] = {
    Measure.DPM: Score(
        score="timed_damage * 60.0 / nullif(played_s, 0)",
        sums=("timed_damage", "played_s", "timed_rounds"),
        sample="timed_rounds",
    ),
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
    Measure.ASSISTS: _event("kill_assists"),
    Measure.GIBS: _sum("gibs"),
    Measure.OBJECTIVES: _event("objectives"),
    Measure.USEFUL: Score(
        score="useful_kills * 100.0 / nullif(judged_kills, 0)",
        sums=("useful_kills", "judged_kills"),
        sample="judged_kills",
    ),
    Measure.MULTIKILLS: _event("multikills"),
    Measure.SPREE: _event("max_killing_spree", best=("max_killing_spree",)),
    Measure.SURVIVAL: Score(
        score="alive_ms / 10.0 / nullif(played_s, 0)",
        sums=("alive_ms", "played_s", "timed_rounds"),
        sample="timed_rounds",
    ),
    Measure.DISCIPLINE: Score(
        score="team_damage_given * 100.0 / nullif(team_damage_given + damage_given, 0)",
        sums=("team_damage_given", "damage_given"),
    ),
    Measure.XP: _sum("xp"),
    Measure.SELF_KILLS: _sum("self_kills"),
    Measure.FULL_SELF_KILLS: _event("full_selfkills", "full_selfkills_known_rounds"),
    Measure.GRENADES: _sum("kills"),
    Measure.WINS: _sum("wins"),
    Measure.GAMES: Score(score="rounds", sums=()),
    Measure.SESSIONS: Score(score="sessions", sums=("sessions",)),
    Measure.ATTENDANCE: Score(score="longest", sums=("longest", "sessions"), sample="sessions"),
}
