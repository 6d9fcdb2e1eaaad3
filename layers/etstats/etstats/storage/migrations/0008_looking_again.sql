-- With every file that is stored, what was posted about its evening is looked at again. As in 0004, but a plan is made
-- once for each connection, rounds are known by their digests, and a match is found by its number.

-- All that a round's card is made of, as a checksum: the round, its map's other round, their trust and awards, the score.
create or replace view round_state as
select own.round_id, own.session_id, own.written_at, md5(concat_ws(' ', own.digest, own.lines_digest, own.persons,
    own_trust.digest, match, other.digest, other.lines_digest, other.persons, other_trust.digest,
    session.team_a, '|', session.team_b,
    (select string_agg(winner_team, ' ' order by position) from match as sofar
     where sofar.session_id = match.session_id and sofar.position <= match.position))) as state
from round as own join session using (session_id)
left join match on match.session_id = own.session_id and own.round_id in (round1_id, round2_id)
left join round as other on other.round_id in (round1_id, round2_id) and other.round_id <> own.round_id
left join round_trust as own_trust on own_trust.round_id = own.round_id
left join round_trust as other_trust on other_trust.round_id = other.round_id;

-- What was posted about these gaming sessions and is not so any more is to be edited; how much that is. A session's card
-- is known by one of its rounds, because the session's own number is another once an earlier round came late.
-- A post that nobody has tried yet will tell it right by itself: it is held until we commit. One that is just being
-- taken may have been made of what was there before.
create or replace function look_again(of_sessions bigint[], at timestamptz) returns bigint language plpgsql
    set plan_cache_mode = force_generic_plan
as $$
declare
    number_asked bigint;
begin
    with about as materialized (
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
    select count(*) into number_asked from asked;
    return number_asked;
end $$;

-- Read and computed. To each channel its post goes into the outbox, once for ever, and that of a second round which
-- came before this first does not wait any longer; without a channel, or when it is old, people can see the round now.
-- What was posted about these gaming sessions before is looked at again. Whether anything is to be sent.
create or replace function publish_file(
    id bigint, happened timestamp, is_new boolean, fallback text, of_sessions bigint[], due timestamptz, at timestamptz
) returns boolean language plpgsql
    set plan_cache_mode = force_generic_plan
as $$
declare
    edits bigint := look_again(of_sessions, at);
    posts bigint;
begin
    insert into outbox (kind, subject_id, channel_id, guild_id, happened_at, created_at, due_at)
    select 'round', id, place.channel_id, place.guild_id, happened, at, due from places_for('round', fallback) as place
    where is_new
    on conflict do nothing;
    -- a match has its first round's number
    update outbox set due_at = at from match
    where match_id = id and subject_id = round2_id and kind = 'round' and posted_at is null and due_at > at;
    select count(*) into posts from outbox where kind = 'round' and subject_id = id and not edit;
    -- a newer version of a file whose post is out, or never will be, has no other
    update stats_file set parsed_at = at, published_at = case when not is_new or posts = 0 or exists (
        select from outbox where kind = 'round' and subject_id = id and not edit
            and (posted_at is not null or failure is not null)
    ) then at end where file_id = id;
    return edits > 0 or is_new and posts > 0;
end $$;
