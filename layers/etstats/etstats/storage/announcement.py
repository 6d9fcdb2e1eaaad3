"""The outbox: what is due, what a round card tells, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from etstats.domain.announcement import ROUND, AnnouncedLine, AnnouncedRound, Due, Half, RoundAward, Sent, Trouble
from etstats.storage.database import Database
from etstats.storage.rows import as_json, only, values

# who has not finished by then has died; one call with all its tries takes half of it
HELD_FOR = timedelta(seconds=60)
# all of Discord, as a channel; and where its admin is told of a channel's trouble
EVERYWHERE = ""
ADMIN_OF = "admin/"


def claim_due(db: Database, *, now: datetime) -> Due | None:
    """The next due post of a channel that nobody else is sending to. The channel is ours for a minute."""
    return db.find(
        Due,
        """select kind, subject_id, channel_id, guild_id, edit, version, created_at, tried_at,
               coalesce((select value #>> '{}' from guild_setting as its
                         where its.guild_id = post.guild_id and its.name = 'language'), '') as language,
               coalesce((select value #>> '{}' from guild_setting as its
                         where its.guild_id = post.guild_id and its.name = 'admin'), '') as admin
           from claim_post(:now, :hold) as post""",
        now=now,
        hold=HELD_FOR,
    )


def keep_to(db: Database, guilds: Sequence[str]) -> None:
    """Nothing goes to other Discord servers than these, which may have been of the community before; what such a one
    had chosen is kept for when it comes back. Rounds and their like that wait are left to `redirect_posts`."""
    db.run(
        """with known as (update guild_setting set away = not away
                         where away <> (guild_id <> all (cast(:guilds as text[]))))
           delete from outbox where guild_id <> all (cast(:guilds as text[])) and posted_at is null
               and failure is null and (edit or kind in ('poll', 'trouble'))""",
        guilds=list(guilds),
    )


def redirect_posts(db: Database, *, now: datetime) -> None:
    """What has waited goes where admins want it by now, or nowhere."""
    db.run("select redirect_posts(:now)", now=now)


def find_halves(db: Database, round_id: int) -> tuple[Half, ...]:
    """Both rounds of the round's map in order, or it alone where there is no other. None at all: it is gone."""
    rows = db.all(
        dict,
        """
        select round.round_id, round.session_id, round.map, round.role, round.number, round.written_at, round.counted,
               round.uncounted_reason, round.outcome, round.defender_team, round.winner_team, round.limit_s,
               round.duration_s, coalesce(round.ended_early, false) as gave_up,
               match.winner as map_winner, match.winner_team as map_winner_team, r1_attackers_team,
               r1_time_s, r2_time_s, cast(score.a as integer) as score_a, cast(score.b as integer) as score_b,
               session.team_a, session.team_b, round_trust.grade, demo_guilds,
               case round.round_id when round1_id then round2_id when round2_id then round1_id end as other_id,
               (select json_agg(one order by damage_given desc nulls last, one.line) from (
                    select line, person as guid, name, team, is_bot, played_s, kills, deaths, damage_given, gun_hits,
                           gun_shots, gun_headshot_hits, revives_given, gibs
                    from player_round where player_round.round_id = round.round_id and took_part) as one) as lines,
               (select json_agg(given order by position) from (
                    select position, file_id, award, shown_name(guid, player) as player, guid, value_text from award
                    where file_id = endstats_id) as given) as awards
        from round as asked
             left join match on match.session_id = asked.session_id and asked.round_id in (round1_id, round2_id)
             join round on round.round_id in (asked.round_id, round1_id, round2_id)
             join session on session.session_id = round.session_id
             left join round_trust on round_trust.round_id = round.round_id
             left join lateral (
                 select sum(case sofar.winner_team when 'A' then 2 when 'draw' then 1 else 0 end) as a,
                        sum(case sofar.winner_team when 'B' then 2 when 'draw' then 1 else 0 end) as b
                 from match sofar
                 where sofar.session_id = match.session_id and sofar.position <= match.position) score on true
        where asked.round_id = :round_id
        order by round.round_id is not distinct from round2_id""",
        round_id=round_id,
    )
    return tuple(
        Half(
            round=only(AnnouncedRound, row),
            lines=values(AnnouncedLine, row["lines"]),
            awards=values(RoundAward, row["awards"]),
        )
        for row in rows
    )


def find_session_of(db: Database, round_id: int) -> int | None:
    """The gaming session that a round belongs to by now."""
    return next(iter(db.values("select session_id from round where round_id = :round_id", round_id=round_id)), None)


def round_states(db: Database, round_id: int) -> dict[int, str]:
    """Checksums of all that the cards of this round and of its map's other round are made of, by round."""
    rows = db.all(
        dict,
        """select round_id, state from round_state where round_id = :round_id or round_id in (
               select case match.round1_id when :round_id then round2_id else round1_id end
               from match join round using (session_id)
               where round.round_id = :round_id and :round_id in (round1_id, round2_id))""",
        round_id=round_id,
    )
    return {row["round_id"]: row["state"] for row in rows}


def find_sent(db: Database, told: str, subject_id: int, channel_id: str) -> Sent | None:
    """The message in which that channel is *told* of this. None: there is none yet, or none any more."""
    return db.find(
        Sent,
        """select message_id, posted_at, state from outbox
           where (subject_id, kind, channel_id, edit) = (:subject_id, :told, :channel_id, false)
               and posted_at is not null and failure is null and message_id is not null""",
        subject_id=subject_id,
        told=told,
        channel_id=channel_id,
    )


def mark_posted(db: Database, due: Due, *, message_id: str, now: datetime) -> None:
    """The post is out in this message, and the file's receipt says published."""
    _publish(db, due, now)
    db.run(
        """update outbox set posted_at = :now, message_id = :message_id
           where (subject_id, kind, channel_id, edit) = (:subject_id, :kind, :channel_id, false)""",
        subject_id=due.subject_id,
        kind=due.kind,
        channel_id=due.channel_id,
        message_id=message_id,
        now=now,
    )


def _publish(db: Database, due: Due, now: datetime, note: str | None = None) -> None:
    """The file before the post: who stores one goes the same way, so nobody waits for each other."""
    if due.kind == ROUND and not due.edit:
        db.run(
            """update stats_file
               set published_at = coalesce(published_at, :now), note = coalesce(cast(:note as text), note)
               where file_id = :file_id""",
            file_id=due.subject_id,
            now=now,
            note=note,
        )


def mark_shown(db: Database, due: Due, *, message_id: str, states: Mapping[int, str]) -> None:
    """The message was made of *states*, by round."""
    db.run(
        """update outbox set state = shown.value from json_each_text(cast(:states as json)) as shown
           where subject_id = cast(shown.key as bigint) and kind = 'round' and channel_id = :channel_id and not edit
               and message_id = :message_id""",
        states=as_json({str(round_id): state for round_id, state in states.items()}),
        channel_id=due.channel_id,
        message_id=message_id,
    )


def forget_edit(db: Database, due: Due) -> None:
    """The edit is done, unless it was asked for again meanwhile."""
    db.run(
        """delete from outbox where (subject_id, kind, channel_id, edit) = (:subject_id, :kind, :channel_id, true)
               and version = :version""",
        subject_id=due.subject_id,
        kind=due.kind,
        channel_id=due.channel_id,
        version=due.version,
    )


def mark_gone(db: Database, channel_id: str, message_id: str) -> None:
    """Somebody deleted the message: what it told is not edited any more, and not posted again."""
    db.run(
        """update outbox set failure = 'deleted in Discord'
           where channel_id = :channel_id and message_id = :message_id and not edit""",
        channel_id=channel_id,
        message_id=message_id,
    )


def mark_refused(db: Database, due: Due, *, reason: str, now: datetime) -> None:
    """The post will never be out. The file counts as published all the same, for the commands show it."""
    _publish(db, due, now, note=f"not posted: {reason}")
    db.run(
        """update outbox set failure = :reason, attempts = attempts + 1
           where (subject_id, kind, channel_id, edit) = (:subject_id, :kind, :channel_id, :edit)""",
        edit=due.edit,
        subject_id=due.subject_id,
        kind=due.kind,
        channel_id=due.channel_id,
        reason=reason,
    )


def free_channel(db: Database, channel_id: str, *, now: datetime) -> None:
    """All went well: whoever comes next may have it, and whatever was wrong with it is mended."""
    db.run(
        """update post_channel
           set held_until = null, wait_until = null, faults = 0, problem = null, problem_since = null
           where channel_id = :channel_id or (channel_id = :everywhere and wait_until <= :now)""",
        channel_id=channel_id,
        now=now,
        everywhere=EVERYWHERE,
    )


def put_off(
    db: Database,
    channel_id: str,
    *,
    now: datetime,
    wait_s: float,
    first_wait_s: int,
    longest_wait_s: int,
    everywhere: bool,
    problem: str | None,
) -> None:
    """The channel's posts stay until it is well again: twice as long each time, and never less than *wait_s*."""
    db.run("update post_channel set held_until = null where channel_id = :channel_id", channel_id=channel_id)
    db.run(
        """
        insert into post_channel as had (channel_id, faults, wait_until, problem, problem_since)
        values (:place, 1, cast(:now as timestamptz) + make_interval(secs => greatest(
                cast(:wait_s as double precision), :first)), :problem,
            case when cast(:problem as text) is not null then cast(:now as timestamptz) end)
        on conflict (channel_id) do update set faults = had.faults + 1,
            wait_until = cast(:now as timestamptz) + make_interval(
                secs => greatest(cast(:wait_s as double precision),
                    least(cast(:first as double precision) * 2 ^ least(had.faults, 20), :longest))),
            problem = coalesce(excluded.problem, had.problem),
            problem_since = coalesce(had.problem_since, excluded.problem_since)""",
        place=EVERYWHERE if everywhere else channel_id,
        now=now,
        wait_s=float(wait_s),
        first=float(first_wait_s),
        longest=float(longest_wait_s),
        problem=problem,
    )


def mark_unheard(db: Database, due: Due, *, may_have_it: bool) -> None:
    """It was tried and is not out. *may_have_it*: Discord may have taken it without our knowing."""
    db.run(
        """update outbox set attempts = attempts + 1,
               tried_at = case when cast(:may_have_it as boolean) then tried_at else cast(:before as timestamptz) end
           where (subject_id, kind, channel_id, edit) = (:subject_id, :kind, :channel_id, :edit)""",
        subject_id=due.subject_id,
        kind=due.kind,
        channel_id=due.channel_id,
        edit=due.edit,
        may_have_it=may_have_it,
        before=due.tried_at,
    )


def tell_admin(db: Database, due: Due, *, now: datetime) -> None:
    """Puts into the outbox, once for each time a channel breaks, a note to whoever can mend it."""
    db.run(
        """insert into outbox (kind, subject_id, channel_id, guild_id, created_at, due_at)
           select 'trouble', cast(extract(epoch from problem_since) as bigint), :place || channel_id, :guild_id,
               :now, :now
           from post_channel where channel_id = :channel_id and problem is not null
           on conflict do nothing""",
        channel_id=due.channel_id,
        guild_id=due.guild_id,
        place=ADMIN_OF,
        now=now,
    )


def find_trouble(db: Database, channel_id: str) -> Trouble | None:
    """None: it is mended."""
    return db.find(
        Trouble,
        """select channel_id, problem, problem_since, (
               select count(*) from outbox where outbox.channel_id = post_channel.channel_id and not edit
                   and posted_at is null and failure is null) as waiting
           from post_channel where channel_id = :channel_id and problem is not null""",
        channel_id=channel_id,
    )
