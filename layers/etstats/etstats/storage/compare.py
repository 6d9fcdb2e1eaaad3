"""Reads two players side by side: their sums, the maps they played together or against each other, their duels."""

from __future__ import annotations

from datetime import date

from etstats.domain.compare import Comparison, Encounters, Outcomes, Side
from etstats.domain.period import Period, since_day
from etstats.storage.database import Database
from etstats.storage.rows import values
from etstats.storage.total import COLUMNS, KEPT, SUMMED

_OF_ALL_TIME = f"select guid, {KEPT} from player_total where guid in (:first, :second) and map = ''"  # noqa: S608
_OF_DAYS = (
    f"select guid, {SUMMED} from player_day "  # noqa: S608
    "where guid in (:first, :second) and map = '' and day >= :since group by guid"
)

# maps that both played, and on which side: `outcome` by whether it was the same
_ON_MAPS = """
    shared as materialized (
        select session_id from player_session as one join player_session as other using (session_id)
        where one.guid = :first and other.guid = :second and one.last_at >= :since
    ), line as materialized (
        select round_id, session_id, counted, person, guid, team <> defender_team as attacked
        from shared join round using (session_id) join player_round using (round_id)
        where person in (:first, :second) and took_part and not is_bot
    ), stood as (
        select match_id, match.winner,
               bool_and(attacked = (round_id = round1_id)) filter (where person = :first) as mine,
               bool_or(attacked = (round_id = round1_id)) filter (where person = :first) as ever_mine,
               bool_and(attacked = (round_id = round1_id)) filter (where person = :second) as theirs,
               bool_or(attacked = (round_id = round1_id)) filter (where person = :second) as ever_theirs
        from line join match on match.session_id = line.session_id and round_id in (round1_id, round2_id)
        group by match_id, match.winner
    ), met as (
        select mine = theirs as together, winner = 'draw' as drawn, (winner = 'r1_attackers') = mine as won
        from stood where mine = ever_mine and theirs = ever_theirs
    ), outcome as (
        select together, count(*) filter (where won and not drawn) as won,
               count(*) filter (where not won and not drawn) as lost, count(*) filter (where drawn) as drawn
        from met group by together
    )"""
# what endstats files tell of duels between the two, from the first one's side
_IN_DUELS = """
    faced as (
        select round_id, array_agg(guid) filter (where person = :first) as mine,
               array_agg(guid) filter (where person = :second) as theirs
        from line where counted group by round_id
    ), told as (
        select round_id, subject_guid = any (mine) as by_first, subject_guid, opponent_guid, duel.kills, duel.deaths
        from faced join round_trust using (round_id) join duel on duel.file_id = endstats_id
        where (subject_guid = any (mine) and opponent_guid = any (theirs))
           or (subject_guid = any (theirs) and opponent_guid = any (mine))
    ), fought as (
        select round_id, max(case when by_first then kills else deaths end) as kills,
               max(case when by_first then deaths else kills end) as deaths
        from told group by round_id, case when by_first then subject_guid else opponent_guid end,
            case when by_first then opponent_guid else subject_guid end
    )"""


def find_comparison(
    db: Database, first: str, second: str, *, period: Period = Period.ALL, today: date | None = None
) -> Comparison | None:
    """The two over their counted rounds of the period; None: one of them nobody knows, or they are one.

    Who stood on both sides of a map was neither with nor against anybody on it. A duel counts once, by whichever of
    the two it is told for.
    """
    since = since_day(period, today)
    found = db.find(
        dict,
        f"""
        with whole as ({_OF_ALL_TIME if since is None else _OF_DAYS}
        ), side as (
            select player.guid, player.name, {COLUMNS}
            from player left join whole using (guid) where player.guid in (:first, :second)
        ), {_ON_MAPS}, {_IN_DUELS}
        select (select json_agg(side) from side) as sides,
               (select json_agg(outcome) from outcome where together) as together,
               (select json_agg(outcome) from outcome where not together) as against,
               (select json_build_array(json_build_object('kills', coalesce(sum(kills), 0), 'deaths',
                   coalesce(sum(deaths), 0), 'rounds', count(distinct round_id))) from fought) as encounters""",  # noqa: S608  # our own fragments
        first=first,
        second=second,
        since=since or date.min,
    )
    told = found or {}
    sides = {side.guid: side for side in values(Side, told.get("sides"))}
    if first not in sides or second not in sides or first == second:
        return None
    return Comparison(
        first=sides[first],
        second=sides[second],
        together=next(iter(values(Outcomes, told["together"])), Outcomes()),
        against=next(iter(values(Outcomes, told["against"])), Outcomes()),
        encounters=values(Encounters, told["encounters"])[0],
    )
