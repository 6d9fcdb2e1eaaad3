-- What people told us in Discord. No file knows it, so no rebuild touches it. Identifiers are Discord's, as it writes them.

-- A Discord account and the player behind it. The guid is the one that was proven; who it belongs to by now is for the
-- corrections to say.
create table person_link (
    user_id    text primary key,
    guid       text not null unique,
    proven_by  text not null check (proven_by in ('code', 'vouches', 'admin')),
    name       text,                         -- what he wants to be called; null: as in the game
    linked_at  timestamptz not null default now()
);

create table user_setting (
    user_id    text primary key,
    language   text,                         -- null: as Discord shows itself to him
    notify     boolean not null default false,
    hidden     boolean not null default false,-- his names and figures are for himself alone
    changed_at timestamptz not null default now()
);

-- One row for each thing an admin has set; domain/setting.py says what there is and what it means.
create table guild_setting (
    guild_id   text not null,
    name       text not null,
    value      jsonb not null,
    set_by     text not null,
    set_at     timestamptz not null default now(),
    primary key (guild_id, name)
);

-- When somebody last asked for something that may not be asked for all the time. After a crash everybody may ask at once.
create unlogged table cooldown (
    user_id    text not null,
    command    text not null,
    taken_at   timestamptz not null,
    primary key (user_id, command)
) with (fillfactor = 50);
