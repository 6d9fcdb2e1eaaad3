"""The outbox: what is due, what a round card tells, and what became of it."""

from __future__ import annotations

from datetime import datetime

from etstats.domain.announcement import AnnouncedLine, AnnouncedRound, Due
from etstats.storage.database import Database


def claim_due(db: Database, *, now: datetime) -> Due | None:
    """The due post about the earliest round that nobody else is posting; held until the transaction ends."""
    return db.find(
        Due,
        """
        select kind, subject_id, channel_id, attempts from outbox
        where posted_at is null and failure is null and due_at <= :now
        order by (select written_at from round where round_id = subject_id) nulls first, subject_id, channel_id
        limit 1 for update skip locked""",
        now=now,
    )


def find_round(db: Database, round_id: int) -> AnnouncedRound | None:
    """The round with, when it completes a map, the map's result and the session's score up to it."""
    return db.find(
        AnnouncedRound,
        """
        select round_id, round.map, role, number, written_at, counted, uncounted_reason, outcome,
               defender_team, round.winner_team, limit_s, duration_s, coalesce(ended_early, false) as gave_up,
               match.winner as map_winner, match.winner_team as map_winner_team, r1_attackers_team,
               r1_time_s, r2_time_s, cast(score.a as integer) as score_a, cast(score.b as integer) as score_b
        from round
        left join match on match.round2_id = round.round_id
        left join lateral (
            select sum(case sofar.winner_team when 'A' then 2 when 'draw' then 1 else 0 end) as a,
                   sum(case sofar.winner_team when 'B' then 2 when 'draw' then 1 else 0 end) as b
            from match sofar
            where sofar.session_id = match.session_id and sofar.position <= match.position) score on true
        where round_id = :round_id""",
        round_id=round_id,
    )


def announced_lines(db: Database, round_id: int) -> list[AnnouncedLine]:
    """Who took part, most damage first."""
    return db.all(
        AnnouncedLine,
        """
        select name, team, is_bot, kills, deaths, damage_given, gun_hits, gun_headshot_hits, revives_given
        from player_round
        where round_id = :round_id and took_part
        order by damage_given desc nulls last, line""",
        round_id=round_id,
    )


def mark_posted(db: Database, due: Due, *, message_id: str, now: datetime) -> None:
    """The post is out, and the file's receipt says published."""
    db.run(
        """
        with done as (
            update outbox set posted_at = :now, message_id = :message_id, attempts = attempts + 1
            where kind = :kind and subject_id = :subject_id and channel_id = :channel_id
            returning subject_id)
        update stats_file set published_at = coalesce(published_at, :now) from done where file_id = subject_id""",
        kind=due.kind,
        subject_id=due.subject_id,
        channel_id=due.channel_id,
        message_id=message_id,
        now=now,
    )


def mark_refused(db: Database, due: Due, *, reason: str, note: str, now: datetime) -> None:
    """The post will never be out. The file counts as published all the same, for the commands show it."""
    db.run(
        """
        with done as (
            update outbox set failure = :reason, attempts = attempts + 1
            where kind = :kind and subject_id = :subject_id and channel_id = :channel_id
            returning subject_id)
        update stats_file set published_at = coalesce(published_at, :now), note = :note
        from done where file_id = subject_id""",
        kind=due.kind,
        subject_id=due.subject_id,
        channel_id=due.channel_id,
        reason=reason,
        note=note,
        now=now,
    )


def put_off(db: Database, due: Due, *, until: datetime) -> None:
    """The post stays in the outbox until Discord is well again."""
    db.run(
        """
        update outbox set attempts = attempts + 1, due_at = :until
        where kind = :kind and subject_id = :subject_id and channel_id = :channel_id""",
        kind=due.kind,
        subject_id=due.subject_id,
        channel_id=due.channel_id,
        until=until,
    )
