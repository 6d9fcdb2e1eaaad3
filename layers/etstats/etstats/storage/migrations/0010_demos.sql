-- Demos, and what was found in them. The bytes are in the bucket, demos/<guild>/<sha256>; an analysis can be made again.

create table demo (
    demo_id     bigint generated always as identity primary key,
    guild_id    text not null,
    sha256      text not null,               -- the same bytes are the same demo
    kind        text not null check (kind in ('dm_84', 'tv_84')),
    name        text not null,               -- as it was called where it came from
    size        bigint not null,
    uploaded_by text,                        -- a Discord user; null: fetched from the game server
    received_at timestamptz not null,
    state       text not null default 'received' check (state in ('received', 'analysing', 'ready', 'failed')),
    percent     smallint not null default 0,
    reason      text,                        -- of a failure, in words
    claimed_until timestamptz,               -- analysing: until then nobody else begins
    analysed_at timestamptz,
    map         text, mod text, server_name text, recorder text,
    begin_ms    bigint, end_ms bigint,       -- server time
    truncated   boolean, complete boolean,   -- complete: everybody is seen, not only whom the recorder could see
    round_id    bigint,                      -- the round it shows; no reference: rounds are computed anew
    match_score smallint,
    match_parts jsonb,                       -- name and points of each reason for it
    matched_by  text check (matched_by in ('computed', 'human')),
    unique (guild_id, sha256)
);
create index demo_by_time on demo (guild_id, received_at desc);
create index demo_by_round on demo (round_id) where round_id is not null;

-- one player of a demo. Null: the demo does not tell
create table demo_player (
    demo_id   bigint not null references demo on delete cascade,
    client    smallint not null,
    name      text not null,
    team      text not null,
    guid      text,                          -- the person's, once the round is known
    kills     integer not null, deaths integer not null, self_kills integer not null, team_kills integer not null,
    headshots integer not null,              -- kills by the head
    bullets   integer, hits integer, head_hits integer,
    damage    integer,                       -- of the round it shows
    first_bloods integer not null,
    primary key (demo_id, client)
);
create index demo_player_by_guid on demo_player (guid) where guid is not null;

-- who killed whom, how often
create table demo_duel (
    demo_id   bigint not null references demo on delete cascade,
    attacker  smallint not null,
    victim    smallint not null,
    kills     integer not null,
    headshots integer not null,
    primary key (demo_id, attacker, victim)
);

create table highlight (
    demo_id   bigint not null references demo on delete cascade,
    position  smallint not null,             -- 1 is the best of its demo
    guild_id  text not null,
    kind      text not null,
    client    smallint not null,             -- -1: a team's
    name      text not null,
    team      text not null,
    guid      text,
    first_ms  bigint not null, last_ms bigint not null,   -- of its moments, in server time
    from_ms   bigint not null, to_ms bigint not null,     -- of its clip
    score     integer not null,
    moments   jsonb not null,                -- at_ms and whom of each
    parts     jsonb not null,                -- name, count and points of each part of the score
    weapons   text[] not null,
    also      text[] not null,
    against   smallint,
    units     integer,
    primary key (demo_id, position)
);
create index highlight_by_score on highlight (guild_id, score desc, demo_id desc, position);
create index highlight_by_player on highlight (guid, score desc) where guid is not null;

-- single performances, ready to be listed: one row for each measure of a player in a demo
create table performance (
    guild_id  text not null,
    measure   text not null,
    value     double precision not null,
    demo_id   bigint not null references demo on delete cascade,
    client    smallint not null,
    name      text not null,
    guid      text,
    primary key (demo_id, measure, client)
);
create index performance_best on performance (guild_id, measure, value desc, demo_id desc);
