"""Reads a gaming session for those who want to know how it went."""

from __future__ import annotations

from etstats.domain.last import LoneRound, PlayedLine, PlayedMap, PlayedSession
from etstats.storage.database import Database


def find_last_session(db: Database) -> PlayedSession | None:
    """The latest session with a round that counts."""
    return db.find(
        PlayedSession,
        """
        select session_id, server, first_at, last_at, score_a, score_b, counted_rounds, maps, players,
               (select count(*) from round where round.session_id = session.session_id) as rounds
        from session where counted_rounds > 0
        order by last_at desc, session_id limit 1""",
    )


def played_maps(db: Database, session_id: int) -> list[PlayedMap]:
    """The session's complete maps in the order played."""
    return db.all(
        PlayedMap,
        """
        select match.position, match.map, match.winner, match.winner_team, r1_time_s, r2_time_s,
               coalesce(first.ended_early, false) as r1_gave_up, coalesce(second.ended_early, false) as r2_gave_up
        from match join round first on first.round_id = round1_id join round second on second.round_id = round2_id
        where match.session_id = :session_id
        order by position""",
        session_id=session_id,
    )


def lone_rounds(db: Database, session_id: int) -> list[LoneRound]:
    """The session's rounds that are part of no complete map."""
    return db.all(
        LoneRound,
        """
        select map, case when role in ('r1', 'r1_without_r2', 'aborted_r1') then 1 else number end as number,
               written_at, counted, uncounted_reason as reason, outcome, duration_s
        from round
        where session_id = :session_id
          and not exists (select from match where round_id in (round1_id, round2_id))
        order by written_at, round_id""",
        session_id=session_id,
    )


def played_lines(db: Database, session_id: int) -> list[PlayedLine]:
    """Who took part, most damage per minute first."""
    return db.all(
        PlayedLine,
        """
        select guid, name, team, rounds, played_s, alive_ms, kills, deaths, gun_hits, gun_shots, gun_headshot_hits,
               damage_given, damage_received, team_damage_given, gibs, self_kills, team_kills, xp,
               times_revived, revives_given, revives_known_rounds
        from player_session
        where session_id = :session_id
        order by damage_given * 60.0 / nullif(played_s, 0) desc nulls last, name, guid""",
        session_id=session_id,
    )
