-- A Discord server may leave its community for another one, and nothing of what was its own is posted to it any more.

alter table guild_setting add column away boolean not null default false;

-- As in 0004, but for who is away.
-- The channels that get posts of a kind (round, session, digest, demo), as each Discord server's admins have set it; as
-- long as nobody has set anything, the one that the installation was given.
create or replace function places_for(of_kind text, fallback text) returns table (guild_id text, channel_id text)
language sql stable as $$
    with place as (
        select guild_id, value #>> '{}' as channel_id from guild_setting
        where name = of_kind || '_channel' and value #>> '{}' <> '' and not away
    ), off as (
        select guild_id from guild_setting
        where name = case of_kind when 'digest' then 'digests' else of_kind || '_cards' end and value = 'false'
            and not away
    )
    select guild_id, channel_id from place where guild_id not in (select guild_id from off)
    union all
    select null, fallback
    where fallback <> '' and not exists (select from place) and not exists (select from off);
$$;

-- A demo's number is another one's in another community, so a clip's place in the bucket names its Discord server, and
-- all are cut anew when somebody asks for them.
delete from clip;
