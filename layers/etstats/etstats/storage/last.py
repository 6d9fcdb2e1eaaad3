"""Reads a gaming session for those who want to know how it went."""

from __future__ import annotations

from etstats.domain.last import Evening, LoneRound, PlayedLine, PlayedMap, PlayedSession
from etstats.storage.database import Database
from etstats.storage.rows import only, values


def find_last_session(db: Database) -> Evening | None:
    """The latest session with a round that counts: its complete maps in the order played, its other rounds, and who
    took part, most damage per minute first."""
    found = db.find(
        dict,
        """
        with latest as (
            select session_id, server, first_at, last_at, score_a, score_b, counted_rounds, maps, players,
                   (select count(*) from round where round.session_id = session.session_id) as rounds
            from session where counted_rounds > 0
            order by last_at desc, session_id limit 1
        ), played_map as (
            select match.position, match.map, match.winner, match.winner_team, r1_time_s, r2_time_s,
                   coalesce(first.ended_early, false) as r1_gave_up, coalesce(second.ended_early, false) as r2_gave_up
            from latest join match using (session_id)
                 join round first on first.round_id = round1_id join round second on second.round_id = round2_id
        ), lone as (
            select round.map, case when role in ('r1', 'r1_without_r2', 'aborted_r1') then 1 else number end as number,
                   written_at, counted, uncounted_reason as reason, outcome, duration_s, round_id
            from latest join round using (session_id)
            where not exists (
                select from match
                where match.session_id = round.session_id and round_id in (round1_id, round2_id))
        ), line as (
            select guid, name, team, player_session.rounds, played_s, alive_ms, kills, deaths, gun_hits, gun_shots,
                   gun_headshot_hits, damage_given, damage_received, team_damage_given, gibs, self_kills, team_kills,
                   xp, times_revived, revives_given, revives_known_rounds
            from latest join player_session using (session_id)
        )
        select latest.*,
               (select json_agg(played_map order by position) from played_map) as played_maps,
               (select json_agg(lone order by written_at, round_id) from lone) as lone_rounds,
               (select json_agg(line order by damage_given * 60.0 / nullif(played_s, 0) desc nulls last, name, guid)
                from line) as lines
        from latest""",
    )
    if found is None:
        return None
    return Evening(
        session=only(PlayedSession, found),
        maps=values(PlayedMap, found["played_maps"]),
        lone_rounds=values(LoneRound, found["lone_rounds"]),
        lines=values(PlayedLine, found["lines"]),
    )
