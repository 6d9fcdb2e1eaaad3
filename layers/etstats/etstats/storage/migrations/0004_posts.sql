-- Posts that come by themselves: more than one channel, edits of what was posted, channels with troubles of their own.
-- A post is written with the data it tells about. Nobody holds a lock while Discord is asked: who sends something has
-- borrowed its channel for a minute, and whoever comes after a crash finds in tried_at that Discord may have it.

alter table outbox
    -- a change of what was posted; there only until it is done, so the latest content wins
    add column edit boolean not null default false,
    add column version integer not null default 1,   -- of an edit: how often it was asked for until it was done
    add column guild_id text,                        -- whose channel; null: not known
    add column happened_at timestamp,                -- what it tells of; in this order a channel gets its posts
    add column tried_at timestamptz,                 -- since when Discord may have it without our knowing
    add column state text;                           -- what the message was last made of; null: nothing yet
update outbox set happened_at = written_at from round where round_id = subject_id;
alter table outbox drop constraint outbox_pkey;
alter table outbox add primary key (subject_id, kind, channel_id, edit);
drop index outbox_due;
create index outbox_open on outbox (due_at, channel_id) where posted_at is null and failure is null;

-- where posts go; '' stands for all of Discord
create table post_channel (
    channel_id    text primary key,
    held_until    timestamptz,               -- somebody is sending to it
    wait_until    timestamptz,               -- it is asked for nothing until then
    faults        integer not null default 0,-- how often in a row it could not be done
    problem       text,                      -- what an admin has to mend, in words of Discord's
    problem_since timestamptz
);

-- What can be sent: an edit only once its post is out, or never will be.
create view open_post as
select post.* from outbox as post
where posted_at is null and failure is null and (not edit or exists (
    select from outbox as its
    where (its.subject_id, its.kind, its.channel_id, its.edit) = (post.subject_id, post.kind, post.channel_id, false)
        and (its.posted_at is not null or its.failure is not null)));

-- Borrows the channel that has waited longest and is free, for its next post: posts before edits, each by the time of
-- what they tell. Its tried_at is that of earlier tries. No row: there is nothing to do, or others are at it.
create function claim_post(at timestamptz, hold interval) returns setof outbox language plpgsql as $$
declare
    free text;
    next outbox;
begin
    insert into post_channel (channel_id)
    select distinct channel_id from outbox where posted_at is null and failure is null and due_at <= at
    on conflict do nothing;
    if exists (select from post_channel where channel_id = '' and wait_until > at) then
        return;
    end if;
    select channel_id into free from post_channel
    where (held_until is null or held_until <= at) and (wait_until is null or wait_until <= at)
        and exists (select from open_post where open_post.channel_id = post_channel.channel_id and due_at <= at)
    order by (select min(due_at) from open_post where open_post.channel_id = post_channel.channel_id), channel_id
    limit 1 for update skip locked;
    select * into next from outbox as post
    where channel_id = free and due_at <= at and (subject_id, kind, channel_id, edit) in (
        select subject_id, kind, channel_id, edit from open_post where open_post.channel_id = free)
    order by edit, happened_at nulls first, subject_id, kind limit 1 for update;
    if not found then
        return;
    end if;
    update post_channel set held_until = at + hold where channel_id = free;
    update outbox set tried_at = coalesce(tried_at, at)
    where (subject_id, kind, channel_id, edit) = (next.subject_id, next.kind, free, false) and not next.edit;
    return next next;
end $$;

-- All that a round's card is made of, as a checksum: the round, its map's other round, their trust and awards, the score.
create view round_state as
select own.round_id, own.session_id, own.written_at, md5(concat_ws(' ', own, own_trust.digest, match, other,
    other_trust.digest, session.team_a, '|', session.team_b,
    (select string_agg(winner_team, ' ' order by position) from match as sofar
     where sofar.session_id = match.session_id and sofar.position <= match.position))) as state
from round as own join session using (session_id)
left join match on match.session_id = own.session_id and own.round_id in (round1_id, round2_id)
left join round as other on other.round_id in (round1_id, round2_id) and other.round_id <> own.round_id
left join round_trust as own_trust on own_trust.round_id = own.round_id
left join round_trust as other_trust on other_trust.round_id = other.round_id;

-- The night a gaming session belongs to, as a number: 20260306. It ends at six in the morning.
create function night_of(first_at timestamp) returns bigint language sql immutable parallel safe as $$
    select cast(to_char(first_at - interval '6 hours', 'YYYYMMDD') as bigint);
$$;

-- What was posted about these gaming sessions and is not so any more is to be edited; how much that is. A session's card
-- is known by one of its rounds, because the session's own number is another once an earlier round came late.
-- A post that nobody has tried yet will tell it right by itself: it is held until we commit. One that is just being
-- taken may have been made of what was there before.
create function look_again(of_sessions bigint[], at timestamptz) returns bigint language sql as $$
    with about as (
        select subject_id, kind, channel_id, post.state is distinct from round_state.state as differs
        from round_state join outbox as post on kind = 'round' and subject_id = round_id
        where session_id = any (of_sessions) and not edit and failure is null
        union all
        select subject_id, kind, channel_id, true from round join outbox on kind = 'session' and subject_id = round_id
        where session_id = any (of_sessions) and not edit and failure is null
        union all
        select subject_id, kind, channel_id, true from outbox
        where kind = 'digest' and not edit and failure is null and subject_id in (
            select night_of(first_at) from session where session_id = any (of_sessions))
    ), held as (
        select subject_id, kind, channel_id from outbox
        where (subject_id, kind, channel_id) in (select subject_id, kind, channel_id from about)
            and not edit and tried_at is null and posted_at is null
        for share skip locked
    ), asked as (
        insert into outbox as had (kind, subject_id, channel_id, edit, guild_id, happened_at, created_at, due_at)
        select kind, subject_id, channel_id, true, guild_id, happened_at, at, at
        from outbox join about using (subject_id, kind, channel_id)
        where differs and not edit
            and (subject_id, kind, channel_id) not in (select subject_id, kind, channel_id from held)
        order by subject_id, kind, channel_id
        on conflict (subject_id, kind, channel_id, edit) do update
            set version = had.version + 1, due_at = excluded.due_at
        returning 1)
    select count(*) from asked;
$$;

-- The channels that get posts of a kind (round, session, digest), as each Discord server's admins have set it; as long as
-- nobody has set anything, the one that the installation was given.
create function places_for(of_kind text, fallback text) returns table (guild_id text, channel_id text)
language sql stable as $$
    with place as (
        select guild_id, value #>> '{}' as channel_id from guild_setting
        where name = of_kind || '_channel' and value #>> '{}' <> ''
    ), off as (
        select guild_id from guild_setting
        where name = case of_kind when 'digest' then 'digests' else of_kind || '_cards' end and value = 'false'
    )
    select guild_id, channel_id from place where guild_id not in (select guild_id from off)
    union all
    select null, fallback
    where fallback <> '' and not exists (select from place) and not exists (select from off);
$$;

-- Read and computed. To each channel its post goes into the outbox, once for ever, and that of a second round which
-- came before this first does not wait any longer; without a channel, or when it is old, people can see the round now.
-- What was posted about these gaming sessions before is looked at again. Whether anything is to be sent.
create function publish_file(
    id bigint, happened timestamp, is_new boolean, fallback text, of_sessions bigint[], due timestamptz, at timestamptz
) returns boolean language plpgsql as $$
declare
    edits bigint := look_again(of_sessions, at);
    posts bigint;
begin
    insert into outbox (kind, subject_id, channel_id, guild_id, happened_at, created_at, due_at)
    select 'round', id, place.channel_id, place.guild_id, happened, at, due from places_for('round', fallback) as place
    where is_new
    on conflict do nothing;
    update outbox set due_at = at from match
    where round1_id = id and subject_id = round2_id and kind = 'round' and posted_at is null and due_at > at;
    select count(*) into posts from outbox where kind = 'round' and subject_id = id and not edit;
    -- a newer version of a file whose post is out, or never will be, has no other
    update stats_file set parsed_at = at, published_at = case when not is_new or posts = 0 or exists (
        select from outbox where kind = 'round' and subject_id = id and not edit
            and (posted_at is not null or failure is not null)
    ) then at end where file_id = id;
    return edits > 0 or is_new and posts > 0;
end $$;

-- What waits goes where admins want it by now, or nowhere.
create function redirect_posts(at timestamptz) returns void language plpgsql as $$
declare
    ids bigint[];
begin
    select array_agg(subject_id) into ids from outbox as post
    where guild_id is not null and not edit and posted_at is null and failure is null and tried_at is null
        and kind in ('round', 'session', 'digest') and not exists (
            select from places_for(post.kind, '') as place where (place.guild_id, place.channel_id)
                = (post.guild_id, post.channel_id));
    if ids is null then
        return;
    end if;
    -- files before posts, as everybody does
    perform from stats_file where file_id = any (ids) order by file_id for update;
    with gone as (
        delete from outbox as post
        where subject_id = any (ids) and guild_id is not null and not edit and posted_at is null and failure is null
            and tried_at is null and not exists (
                select from places_for(post.kind, '') as place where (place.guild_id, place.channel_id)
                    = (post.guild_id, post.channel_id))
        returning *
    ), moved as (
        insert into outbox (kind, subject_id, channel_id, guild_id, happened_at, created_at, due_at)
        select gone.kind, subject_id, place.channel_id, gone.guild_id, happened_at, created_at, due_at
        from gone join lateral places_for(gone.kind, '') as place using (guild_id)
        on conflict do nothing)
    update stats_file set published_at = coalesce(published_at, at) from gone
    where gone.kind = 'round' and file_id = gone.subject_id
        and gone.guild_id not in (select guild_id from places_for('round', ''));
end $$;
