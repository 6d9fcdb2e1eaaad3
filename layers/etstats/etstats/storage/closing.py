"""What is over by now and has not been told: gaming sessions, and the nights they belong to.

When a round ended is known by the game server's file times, and by our own clock where a server does not tell; what the
game server's clock on the wall shows, from the two together. Who asks about the future, as a demonstration does, is
told of it at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from etstats.domain.announcement import USER
from etstats.domain.session import SESSION_GAP
from etstats.storage.database import Database

# a session or a night is told late rather than never, but not a day late
SESSION_FRESH_FOR = timedelta(hours=18)
# by the game server's clock
DIGEST_AT = timedelta(hours=8)

_RECENT = """
    select session.session_id, first_at, last_at, ended_at,
           case when abs(extract(epoch from last_at) - extract(epoch from ended_at)) < 15 * 3600
                then make_interval(secs => 900 * round(
                    (extract(epoch from last_at) - extract(epoch from ended_at)) / 900)) else interval '0' end as ahead
    from session cross join lateral (
        select max(coalesce(to_timestamp(listed_mtime), stored_at, seen_at)) as ended_at
        from round join stats_file on file_id = round_id where round.session_id = session.session_id) as known
    where counted_rounds > 0 and last_at > cast(:now as timestamptz) at time zone 'UTC' - interval '4 days'
        -- files on their way may belong to it, as in the first minutes after a time without us
        and not exists (
            select from stats_file as coming
            where coming.server = session.server and state in ('seen', 'stored') and note is null
                and seen_at > cast(:now as timestamptz) - interval '1 hour')"""


def queue_session_cards(db: Database, *, fallback_channel: str, now: datetime) -> int:
    """Puts a card into the outbox for every session that is over, once for each channel. How many."""
    return db.run(
        f"""
        insert into outbox (kind, subject_id, channel_id, guild_id, happened_at, created_at, due_at)
        select 'session', recent.session_id, place.channel_id, place.guild_id, last_at, least(:now, now()),
            least(:now, now())
        from ({_RECENT}) as recent cross join places_for('session', :fallback) as place
        where ended_at between cast(:now as timestamptz) - cast(:fresh as interval)
                and cast(:now as timestamptz) - cast(:gap as interval)
            and not exists (
                select from outbox as post join round on round_id = post.subject_id
                where post.kind = 'session' and post.channel_id = place.channel_id
                    and round.session_id = recent.session_id)
        on conflict do nothing""",  # noqa: S608  # our own fragment
        now=now,
        fallback=fallback_channel,
        fresh=SESSION_FRESH_FOR,
        gap=SESSION_GAP,
    )


def queue_notices(db: Database, *, now: datetime) -> int:
    """Puts a word into the outbox for everybody who played and wants one: at once, or on the next morning by the game
    server's clock. How many."""
    return db.run(
        f"""
        insert into outbox (kind, subject_id, channel_id, happened_at, created_at, due_at)
        select distinct on (session_id, user_id) 'personal', session_id, :user || user_id, last_at,
               cast(:now as timestamptz), case when notify = 'close' then cast(:now as timestamptz) else
                   (date_trunc('day', last_at - cast(:at as interval)) + interval '1 day' + cast(:at as interval)
                    - ahead) at time zone 'UTC' end
        from ({_RECENT}) as recent
            join round using (session_id) join player_round using (round_id)
            join person_link on person_link.guid in (player_round.guid, player_round.person)
            join user_setting using (user_id)
        where notify <> 'never' and round.counted and took_part
            and ended_at between cast(:now as timestamptz) - cast(:fresh as interval)
                and cast(:now as timestamptz) - cast(:gap as interval)
            and not exists (
                select from outbox as post join round as its on its.round_id = post.subject_id
                where post.kind = 'personal' and post.channel_id = :user || user_id
                    and its.session_id = recent.session_id)
        on conflict do nothing""",  # noqa: S608  # our own fragment
        now=now,
        user=USER,
        at=DIGEST_AT,
        fresh=SESSION_FRESH_FOR,
        gap=SESSION_GAP,
    )


def queue_digests(db: Database, *, fallback_channel: str, now: datetime) -> int:
    """Puts the digest of last night into the outbox, once for each channel, from the morning on by the game server's
    clock and when all that was played is over. How many."""
    return db.run(
        f"""
        insert into outbox (kind, subject_id, channel_id, guild_id, happened_at, created_at, due_at)
        select 'digest', night, place.channel_id, place.guild_id, last_at + interval '1 s', least(:now, now()),
            least(:now, now())
        from (
            select night_of(first_at) as night, max(last_at) as last_at, max(ended_at) as ended_at,
                   cast(:now as timestamptz) at time zone 'UTC' + max(ahead) as local_now
            from ({_RECENT}) as recent group by 1) as nights
            cross join places_for('digest', :fallback) as place
        where night = night_of(local_now - cast(:at as interval) - interval '18 hours')
            and ended_at < cast(:now as timestamptz) - cast(:gap as interval)
        on conflict do nothing""",  # noqa: S608  # our own fragment
        now=now,
        fallback=fallback_channel,
        at=DIGEST_AT,
        gap=SESSION_GAP,
    )
