-- What keeps us from asking again and again what is down, who may do what, and who has done what.

-- A breaker for each thing outside that can be away (`ssh:eu-1`, `game:eu-1`, `discord`). Open: it is not asked until
-- opened_at + cools_s; then whoever comes first tries it alone, until probe_until. After a crash all are closed again.
create unlogged table breaker (
    name        text primary key,
    state       text not null default 'closed' check (state in ('closed', 'open', 'half_open')),
    failures    integer not null default 0,  -- in a row
    cools_s     integer not null default 0,  -- twice as long each time it opens again
    opened_at   timestamptz,
    probe_until timestamptz,
    reason      text,                        -- of the last failure
    good_at     timestamptz,                 -- when it last worked
    changed_at  timestamptz not null
) with (fillfactor = 50);

-- Who may do what on a Discord server: a tier for a user, or for everybody with a role. Root is a setting, no row.
create table tier_grant (
    guild_id   text not null,
    holder     text not null check (holder in ('user', 'role')),
    holder_id  text not null,
    tier       smallint not null check (tier in (1, 2)), -- domain/permission.py: moderator, admin
    granted_by text not null,
    granted_at timestamptz not null default now(),
    primary key (guild_id, holder, holder_id)
);

-- Everything privileged, written before it is done. asked: waits for being confirmed; doing: confirmed, its end is not
-- known; done, failed, refused: over. Rows that are over stay as they are for ever.
create table audit (
    audit_id       bigint generated always as identity primary key,
    interaction_id text unique,              -- what asked; null: the command line
    confirmed_by   text unique,              -- the interaction that said yes
    guild_id       text not null,
    channel_id     text not null default '',
    actor_id       text not null,
    actor          text not null,            -- his name then
    tier           smallint not null,
    command        text not null,
    server         text not null default '',
    arguments      jsonb not null default '{}', -- without secrets
    state          text not null check (state in ('asked', 'doing', 'done', 'failed', 'refused')),
    asked_at       timestamptz not null,
    warned_at      timestamptz,              -- he was told that people play, and asked again
    ended_at       timestamptz,
    result         text
);
create index audit_newest on audit (guild_id, audit_id desc);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    if tg_op <> 'UPDATE' then
        raise exception 'nothing is taken out of the audit log';
    end if;
    if old.state in ('done', 'failed', 'refused') then
        raise exception 'what is over stays as it is in the audit log';
    end if;
    if (new.audit_id, new.interaction_id, new.guild_id, new.channel_id, new.actor_id, new.actor, new.tier, new.command,
        new.server, new.arguments, new.asked_at)
        is distinct from (old.audit_id, old.interaction_id, old.guild_id, old.channel_id, old.actor_id, old.actor,
        old.tier, old.command, old.server, old.arguments, old.asked_at) then
        raise exception 'who asked for what is never changed in the audit log';
    end if;
    return new;
end $$;
create trigger audit_kept before update or delete on audit for each row execute function audit_is_append_only();
create trigger audit_whole before truncate on audit for each statement execute function audit_is_append_only();
