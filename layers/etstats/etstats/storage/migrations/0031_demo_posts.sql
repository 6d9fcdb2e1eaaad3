-- One message tells of all demos of a round.

-- As in 0030, but which of its demos is asked is nothing a card tells.
create or replace view round_state as
select own.round_id, own.session_id, own.written_at, md5(concat_ws(' ', own.digest, own.lines_digest, own.persons,
    own_trust.digest, match, other.digest, other.lines_digest, other.persons, other_trust.digest,
    session.team_a, '|', session.team_b,
    (select string_agg(winner_team, ' ' order by position) from match as sofar
     where sofar.session_id = match.session_id and sofar.position <= match.position),
    own_trust.grade || own_trust.demo_guilds::text, other_trust.grade || other_trust.demo_guilds::text)) as state
from round as own join session using (session_id)
left join match on match.session_id = own.session_id and own.round_id in (round1_id, round2_id)
left join round as other on other.round_id in (round1_id, round2_id) and other.round_id <> own.round_id
left join round_trust as own_trust on own_trust.round_id = own.round_id
left join round_trust as other_trust on other_trust.round_id = other.round_id;

-- What was posted about these demos is looked at again. As in 0008: a post that nobody has tried yet tells it right by
-- itself, and is held until we commit; one that is just being taken may have been made of what was there before.
create function look_again_at_demos(demo_ids bigint[], at timestamptz) returns void language plpgsql as $$
begin
    with held as (
        select subject_id, channel_id from outbox
        where kind = 'demo' and subject_id = any (demo_ids) and not edit and tried_at is null and posted_at is null
        for share skip locked)
    insert into outbox as had (kind, subject_id, channel_id, edit, guild_id, happened_at, created_at, due_at)
    select kind, subject_id, channel_id, true, guild_id, happened_at, at, at from outbox
    where kind = 'demo' and subject_id = any (demo_ids) and not edit and failure is null
        and (subject_id, channel_id) not in (select subject_id, channel_id from held)
    order by subject_id, channel_id
    on conflict (subject_id, kind, channel_id, edit) do update set version = had.version + 1, due_at = excluded.due_at;
end $$;

-- A demo shows another round than the one it was told of with others: whoever was there first keeps the message, and who
-- joined it gets one of his own. Not the other way round: within minutes Discord answers a second try of a message's first
-- post with that message.
create function tell_demo_apart(of_demo bigint, at timestamptz) returns void language sql as $$
    with shared as (
        select subject_id, channel_id, first_value(subject_id) over (
            partition by channel_id, message_id order by posted_at, subject_id) as owner
        from outbox as post
        where kind = 'demo' and not edit and failure is null and (channel_id, message_id) in (
            select channel_id, message_id from outbox
            where kind = 'demo' and subject_id = of_demo and not edit and failure is null)
    )
    update outbox as post set posted_at = null, message_id = null, tried_at = null, attempts = 0, due_at = at
    from shared
    where post.kind = 'demo' and not post.edit and post.channel_id = shared.channel_id
        and post.subject_id = shared.subject_id and shared.subject_id <> owner and of_demo in (shared.subject_id, owner);
$$;
