-- A demo that is ready is posted, once; old ones that a game server still has are not.

alter table demo add column recorded_at timestamptz;  -- last written on the game server; null: uploaded by somebody

-- As in 0004, with the posts of demos.
-- What waits goes where admins want it by now, or nowhere.
create or replace function redirect_posts(at timestamptz) returns void language plpgsql as $$
declare
    ids bigint[];
begin
    select array_agg(subject_id) into ids from outbox as post
    where guild_id is not null and not edit and posted_at is null and failure is null and tried_at is null
        and kind in ('round', 'session', 'digest', 'demo') and not exists (
            select from places_for(post.kind, '') as place where (place.guild_id, place.channel_id)
                = (post.guild_id, post.channel_id));
    if ids is null then
        return;
    end if;
    -- files before posts, as everybody does
    perform from stats_file where file_id = any (ids) order by file_id for update;
    with gone as (
        delete from outbox as post
        where subject_id = any (ids) and kind in ('round', 'session', 'digest', 'demo') and guild_id is not null
            and not edit and posted_at is null and failure is null and tried_at is null and not exists (
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
