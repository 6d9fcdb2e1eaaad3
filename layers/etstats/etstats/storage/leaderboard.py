"""Reads who is ahead, out of the sums kept for each player: the cost grows with players, not with rounds."""

from __future__ import annotations

from etstats.domain.leaderboard import Standing
from etstats.domain.measure import MEANINGS, Measure
from etstats.storage.database import Database

# our own fragments, keyed by an enum: nothing a player typed is in them. Score, and the sample it rests on.
_SCORE: dict[Measure, tuple[str, str]] = {
    Measure.DPM: ("damage_given * 60.0 / nullif(played_s, 0)", "rounds"),
    Measure.KD: ("kills * 1.0 / greatest(deaths, 1)", "rounds"),
    Measure.EFFICIENCY: ("kills * 100.0 / nullif(kills + deaths, 0)", "rounds"),
    Measure.KILLS: ("kills", "rounds"),
    Measure.DAMAGE: ("damage_given", "rounds"),
    Measure.ACCURACY: ("gun_hits * 100.0 / nullif(gun_shots, 0)", "gun_shots"),
    Measure.HEADSHOTS: ("gun_headshot_hits * 100.0 / nullif(gun_hits, 0)", "gun_hits"),
    Measure.REVIVES: ("case when revives_known_rounds > 0 then revives_given end", "revives_known_rounds"),
    Measure.REVIVED: ("times_revived", "rounds"),
    Measure.ASSISTS: ("kill_assists", "rounds"),
    Measure.GIBS: ("gibs", "rounds"),
    Measure.OBJECTIVES: ("objectives", "rounds"),
    Measure.USEFUL: ("useful_kills * 100.0 / nullif(kills, 0)", "kills"),
    Measure.MULTIKILLS: ("multikills", "rounds"),
    Measure.SPREE: ("max_killing_spree", "rounds"),
    Measure.SURVIVAL: ("alive_ms / 10.0 / nullif(played_s, 0)", "rounds"),
    Measure.DISCIPLINE: ("team_damage_given * 100.0 / nullif(team_damage_given + damage_given, 0)", "rounds"),
    Measure.XP: ("xp", "rounds"),
    Measure.SELF_KILLS: ("self_kills", "rounds"),
    Measure.GAMES: ("rounds", "rounds"),
    Measure.SESSIONS: ("sessions", "rounds"),
}


def standings(db: Database, measure: Measure, *, limit: int, offset: int) -> list[Standing]:
    """Players by *measure*, best first; ties go to whoever played more.

    To be listed takes as many rounds as the measure asks for, or a quarter of what the keenest has played: a young
    community need not wait.
    """
    score, sample = _SCORE[measure]
    meaning = MEANINGS[measure]
    order = "asc" if meaning.least_first else "desc"
    return db.all(
        Standing,
        f"""
        with total as (
            select name, sessions, player_total.* from player join player_total using (guid) where map = ''
        ), bar as (
            select cast(least(:enough_rounds, ceil(max(rounds) / 4.0)) as integer) as enough_rounds from total
        ), rated as (
            select guid, name, rounds, cast({score} as double precision) as score, {sample} as sample, enough_rounds
            from total, bar where rounds >= enough_rounds
        )
        select cast(rank() over (order by score {order}) as integer) as rank, guid, name, score, sample, rounds,
               cast(count(*) over () as integer) as listed, enough_rounds
        from rated where score is not null
        order by score {order}, rounds desc, guid
        limit :limit offset :offset""",  # noqa: S608  # fragments from _SCORE only
        enough_rounds=meaning.enough_rounds,
        limit=limit,
        offset=offset,
    )
