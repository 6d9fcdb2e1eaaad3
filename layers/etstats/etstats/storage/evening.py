"""Reads a gaming session for those who want to know how it went. What it takes grows with the session alone."""

from __future__ import annotations

from dataclasses import fields

from etstats.domain.award_endstats import RoundAward
from etstats.domain.evening import Evening, PlayedLine, PlayedMap, PlayedRound, PlayedSession, RoundLine, WeaponLine
from etstats.domain.form import SESSIONS
from etstats.domain.player import RecentSession
from etstats.storage.database import Database
from etstats.storage.rows import from_columns, in_columns, only, values

_LINE_COLUMNS = ", ".join(f"player_session.{field.name}" for field in fields(PlayedLine))
_LATEST = "where counted_rounds > 0 order by last_at desc, session_id limit 1"
_BY_ID = "where session_id = :session_id"
# of the session *chosen*: complete maps, and every round
_MAPS = """
    select match.position, match.map, match.winner, match.winner_team, r1_attackers_team, r1_time_s, r2_time_s,
           coalesce(first.ended_early, false) as r1_gave_up, coalesce(second.ended_early, false) as r2_gave_up,
           first.limit_s, round1_id, round2_id
    from chosen join match using (session_id)
         join round first on first.round_id = round1_id join round second on second.round_id = round2_id"""
_ROUNDS = """
    select round.round_id, written_at, round.map,
           case when role in ('r1', 'r1_without_r2', 'aborted_r1') then 1 else number end as number,
           role, counted, uncounted_reason as reason, outcome, defender_team, winner_team, limit_s, time_s,
           duration_s, coalesce(ended_early, false) as gave_up, round.players,
           (select position from match where match.session_id = round.session_id
                                         and round_id in (round1_id, round2_id)) as position,
           (select grade from round_trust where round_trust.round_id = round.round_id) as grade
    from chosen join round using (session_id)"""


def find_last_session(db: Database) -> Evening | None:
    """The latest session with a round that counts."""
    return _find(db, _LATEST)


def find_session(db: Database, session_id: int) -> Evening | None:
    return _find(db, _BY_ID, session_id=session_id)


def _find(db: Database, which: str, **parameters: object) -> Evening | None:
    """Complete maps in the order played, every round in time order, and who took part, most damage per minute first."""
    found = db.find(
        dict,
        f"""
        with chosen as (
            select session_id, server, first_at, last_at, score_a, score_b, counted_rounds, maps, players,
                   team_a, team_b
            from session {which}
        ), played_map as ({_MAPS}
        ), played as ({_ROUNDS}
        ), line as (
            select {_LINE_COLUMNS} from chosen join player_session using (session_id)
        )
        select chosen.*, (select count(*) from played) as rounds,
               (select json_agg(played_map order by position) from played_map) as played_maps,
               (select json_agg(played order by written_at, number, round_id) from played) as played_rounds,
               (select json_agg(line order by damage_given * 60.0 / nullif(played_s, 0) desc nulls last, name, guid)
                from line) as lines
        from chosen""",  # noqa: S608  # our own fragments
        **parameters,
    )
    if found is None:
        return None
    return Evening(
        session=only(PlayedSession, found),
        maps=values(PlayedMap, found["played_maps"]),
        rounds=values(PlayedRound, found["played_rounds"]),
        lines=values(PlayedLine, found["lines"]),
    )


def round_lines(db: Database, session_id: int) -> list[RoundLine]:
    """Who did what in each counted round of the session, in time order; a person with two lines on one side once."""
    (found,) = db.values(
        f"""
        select {in_columns(RoundLine)}
        from (select written_at, number, round_id, person as guid, min(player_round.name) as name, team,
                     sum(played_s) as played_s, sum(alive_ms) as alive_ms, sum(kills) as kills, sum(deaths) as deaths,
                     sum(damage_given) as damage_given,
                     sum(objectives_stolen + objectives_returned + dynamites_planted + dynamites_defused) as objectives,
                     sum(revives_given) as revives_given
              from round join player_round using (round_id)
              where session_id = :session_id and counted and took_part and not is_bot and team in (1, 2)
              group by written_at, number, round_id, person, team
              order by written_at, number, round_id, person, team) as line""",  # noqa: S608  # our own fragment
        session_id=session_id,
    )
    return list(from_columns(RoundLine, found))


def sessions_before(db: Database, evening: Evening) -> dict[str, tuple[RecentSession, ...]]:
    """The latest sessions that the evening's players played before it, latest first, by guid."""
    found = db.all(
        dict,
        """
        select guid, (
            select json_agg(before order by last_at desc, session_id)
            from (select last_at, rounds, played_s, kills, deaths, damage_given, session_id
                  from player_session
                  where player_session.guid = wanted.guid and last_at < :first_at
                  order by last_at desc, session_id limit :sessions) as before) as before
        from unnest(cast(:guids as text[])) as wanted (guid)""",
        guids=[line.guid for line in evening.lines],
        first_at=evening.session.first_at,
        sessions=SESSIONS,
    )
    return {row["guid"]: values(RecentSession, row["before"]) for row in found}


def weapon_lines(db: Database, session_id: int) -> list[WeaponLine]:
    """Who did what with which weapon in the session's counted rounds, most kills first."""
    return db.all(
        WeaponLine,
        """
        select weapon, weapon_round.person as guid, (array_agg(name order by written_at desc, line))[1] as name,
               count(distinct round_id) as rounds, sum(weapon_round.hits) as hits, sum(weapon_round.shots) as shots,
               sum(weapon_round.kills) as kills, sum(weapon_round.deaths) as deaths, sum(headshots) as headshots
        from round join weapon_round using (round_id) join player_round using (round_id, line)
        where session_id = :session_id and counted and took_part and not is_bot
        group by weapon, weapon_round.person
        order by sum(weapon_round.kills) desc, weapon, weapon_round.person""",
        session_id=session_id,
    )


def round_awards(db: Database, session_id: int) -> list[RoundAward]:
    """What the endstats files of the session's counted rounds tell, in the order of their rounds, as written."""
    return db.all(
        RoundAward,
        """
        select file_id, award, shown_name(guid, award.player) as player, guid, value_text
        from round join round_trust using (round_id) join award on file_id = endstats_id
        where session_id = :session_id and counted
        order by written_at, number, round_id, position""",
        session_id=session_id,
    )
