-- A post whose edit is under way is always looked at again: everything may just be as the message was before, and whoever
-- edits it has read it in between. Else as in 0008.

create or replace function look_again(of_sessions bigint[], at timestamptz) returns bigint language plpgsql
    set plan_cache_mode = force_generic_plan
as $$
declare
    number_asked bigint;
begin
    with about as materialized (
        select subject_id, kind, channel_id, post.state is distinct from round_state.state or exists (
            select from outbox as asked where (asked.subject_id, asked.kind, asked.channel_id, asked.edit)
                = (post.subject_id, post.kind, post.channel_id, true)) as differs
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
