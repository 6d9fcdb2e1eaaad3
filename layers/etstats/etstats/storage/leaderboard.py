"""Reads who is ahead, out of the sums kept for each player: the cost grows with players, not with rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from etstats.domain.leaderboard import Standing
from etstats.domain.measure import MEANINGS, Measure
from etstats.domain.period import Period, since_day
from etstats.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class _Score:
    """Our own fragments: the *score*, the *sample* it rests on, what else it *asks* for much of, and the *sums* all
    three are made of."""

    score: str
    sums: tuple[str, ...]
    sample: str = "rounds"
    asks: str = "0"
    best: str = "sum"  # how days become a period


def _sum(name: str) -> _Score:
    return _Score(score=name, sums=(name,))


_SCORES: dict[Measure, _Score] = {
    Measure.DPM: _Score(score="damage_given * 60.0 / nullif(played_s, 0)", sums=("damage_given", "played_s")),
    Measure.KD: _Score(score="kills * 1.0 / greatest(deaths, 1)", sums=("kills", "deaths")),
    Measure.EFFICIENCY: _Score(score="kills * 100.0 / nullif(kills + deaths, 0)", sums=("kills", "deaths")),
    Measure.KILLS: _sum("kills"),
    Measure.DEATHS: _sum("deaths"),
    Measure.DAMAGE: _sum("damage_given"),
    Measure.ACCURACY: _Score(
        score="gun_hits * 100.0 / nullif(gun_shots, 0)",
        sums=("gun_hits", "gun_shots"),
        sample="gun_shots",
        asks="gun_shots",
    ),
    Measure.HEADSHOTS: _Score(
        score="gun_headshot_hits * 100.0 / nullif(gun_hits, 0)",
        sums=("gun_headshot_hits", "gun_hits", "kills"),
        sample="gun_hits",
        asks="kills",
    ),
    Measure.REVIVES: _Score(
        score="case when revives_known_rounds > 0 then revives_given end",
        sums=("revives_given", "revives_known_rounds"),
        sample="revives_known_rounds",
    ),
    Measure.ASSISTS: _sum("kill_assists"),
    Measure.GIBS: _sum("gibs"),
    Measure.OBJECTIVES: _sum("objectives"),
    Measure.USEFUL: _Score(
        score="useful_kills * 100.0 / nullif(kills, 0)", sums=("useful_kills", "kills"), sample="kills"
    ),
    Measure.MULTIKILLS: _sum("multikills"),
    Measure.SPREE: _Score(score="max_killing_spree", sums=("max_killing_spree",), best="max"),
    Measure.SURVIVAL: _Score(score="alive_ms / 10.0 / nullif(played_s, 0)", sums=("alive_ms", "played_s")),
    Measure.DISCIPLINE: _Score(
        score="team_damage_given * 100.0 / nullif(team_damage_given + damage_given, 0)",
        sums=("team_damage_given", "damage_given"),
    ),
    Measure.XP: _sum("xp"),
    Measure.SELF_KILLS: _sum("self_kills"),
    Measure.FULL_SELF_KILLS: _sum("full_selfkills"),
    Measure.GRENADES: _sum("kills"),
    Measure.WINS: _sum("wins"),
    Measure.GAMES: _Score(score="rounds", sums=()),
    Measure.SESSIONS: _Score(score="sessions", sums=("sessions",)),
    Measure.ATTENDANCE: _Score(score="longest", sums=("longest", "sessions"), sample="sessions"),
}

# who attended which of the sessions, numbered in the order played: a run is where both numbers grow alike
_RUNS = """
    select guid, cast(sum(rounds) as bigint) as rounds, cast(sum(run) as bigint) as sessions, max(run) as longest
    from (select guid, count(*) as run, sum(rounds) as rounds
          from (select guid, player_session.rounds, place - row_number() over (partition by guid order by place) as gap
                from (select session_id, row_number() over (order by last_at, session_id) as place
                      from session where counted_rounds > 0 and last_at >= :since) as held
                     join player_session using (session_id)) as attended
          group by guid, gap) as runs
    group by guid"""
_SESSIONS = """
    select guid, sum(rounds) as rounds, count(*) as sessions
    from session join player_session using (session_id) where session.last_at >= :since group by guid"""


def standings(
    db: Database,
    measure: Measure,
    *,
    period: Period = Period.ALL,
    map: str = "",
    today: date | None = None,
    limit: int,
    offset: int = 0,
) -> list[Standing]:
    """Players by *measure*, best first; ties go to whoever played more. *map* '': all of them.

    To be listed takes as many rounds as the measure asks for, or a quarter of what the keenest has played in the
    period: a young community need not wait. *today* is the period's last day; all time needs none.
    """
    return _find(db, measure, period, map, today, tail="limit :limit offset :offset", limit=limit, offset=offset)


def find_standing(
    db: Database, measure: Measure, guid: str, *, period: Period = Period.ALL, map: str = "", today: date | None = None
) -> Standing | None:
    """Where the player *guid* stands among everybody who is listed; None: he is not."""
    found = _find(db, measure, period, map, today, where="where guid = :guid", guid=guid)
    return found[0] if found else None


def _find(
    db: Database,
    measure: Measure,
    period: Period,
    map: str,
    today: date | None,
    *,
    where: str = "",
    tail: str = "",
    **parameters: object,
) -> list[Standing]:
    meaning, wanted = MEANINGS[measure], _SCORES[measure]
    since = since_day(period, today)
    order = "asc" if meaning.least_first else "desc"
    return db.all(
        Standing,
        f"""
        with total as ({_totals(measure, since)}
        ), bar as (
            select cast(least(:enough_rounds, ceil(max(rounds) / 4.0)) as integer) as enough_rounds,
                   cast(least(:enough_of_it, ceil(max({wanted.asks}) / 4.0)) as integer) as enough_of_it from total
        ), rated as (
            select guid, rounds, cast({wanted.score} as double precision) as score,
                   cast({wanted.sample} as bigint) as sample, enough_rounds, enough_of_it
            from total, bar where rounds >= enough_rounds and {wanted.asks} >= enough_of_it
        ), ranked as (
            select cast(rank() over (order by score {order}) as integer) as rank, guid, score, sample,
                   cast(rounds as integer) as rounds, cast(count(*) over () as integer) as listed, enough_rounds,
                   enough_of_it
            from rated where score is not null
        ), shown as (select * from ranked {where} order by rank, rounds desc, guid {tail})
        select shown.*, name from shown join player using (guid) order by rank, shown.rounds desc, guid""",  # noqa: S608  # _SCORES' and our own fragments only
        enough_rounds=meaning.enough_rounds,
        enough_of_it=meaning.enough_of_it,
        map=map,
        since=since or date.min,
        **parameters,
    )


def _totals(measure: Measure, since: date | None) -> str:
    """Everybody's guid, rounds and the sums that *measure* is made of."""
    wanted = _SCORES[measure]
    if measure is Measure.ATTENDANCE:
        return _RUNS
    if measure is Measure.SESSIONS:
        return _SESSIONS if since else "select guid, rounds, sessions from player"
    table, key = ("weapon", "weapon = 'GRENADE'") if measure is Measure.GRENADES else ("player", "map = :map")
    if since is None:
        sums = "".join(f", {name}" for name in wanted.sums)
        return f"select guid, rounds{sums} from {table}_total where {key}"  # noqa: S608
    sums = "".join(f", {wanted.best}({name}) as {name}" for name in wanted.sums)
    return f"select guid, sum(rounds) as rounds{sums} from {table}_day where {key} and day >= :since group by guid"  # noqa: S608
