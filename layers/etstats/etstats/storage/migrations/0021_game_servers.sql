-- What game servers told last, so that one that is away can still be shown.
create table server_seen (
    server     text primary key,
    seen_at    timestamptz not null,
    status     jsonb not null              -- domain/server.py
);

-- The maps installed on a game server, as it listed them itself.
create table server_map (
    server     text not null,
    map        text not null,
    listed_at  timestamptz not null,
    primary key (server, map)
);

-- A card that follows what is played: one for each channel and server. It is edited only when what it shows changes.
create table live_card (
    guild_id   text not null,
    channel_id text not null,
    server     text not null,
    message_id text,                       -- null: not posted yet
    nonce      text not null,
    shown      text,                       -- a digest of what it shows
    problem    text,                       -- why it could not be shown; nothing is tried any more then
    set_by     text not null,
    set_at     timestamptz not null,
    primary key (channel_id, server)
);

-- Who wants to be told once when so many play.
create table player_ping (
    server     text not null,
    user_id    text not null,
    guild_id   text not null,
    at_least   smallint not null check (at_least between 1 and 64),
    asked_at   timestamptz not null,
    primary key (server, user_id)
);
