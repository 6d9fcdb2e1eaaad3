-- Everything here except stats_file's bytes, outbox and interaction is derived: computed again from the files at any time.
-- Identifiers are natural: a file's is made from (server, name); a round has its file's, a match its first round's,
-- a session its earliest round's. So the same files give the same rows, in whatever order they came.

-- what people type, made comparable: lower case, accents off, letters and digits only
create function search_key(name text) returns text language sql immutable parallel safe return
    lower(regexp_replace(normalize(name, nfkd), '[^[:alnum:]]', '', 'g'));

create table stats_file (
    file_id         bigint primary key,
    server          text not null,
    name            text not null,
    -- what the last listing showed and since when by our clock it has shown just that; and what was fetched last
    listed_size     bigint,
    listed_mtime    bigint,
    listed_at       timestamptz,
    fetched_size    bigint,
    fetched_mtime   bigint,
    -- the bytes as read (S3 keeps the original) and the game server's local wall clock at the round's end
    sha256          text,
    content         bytea,
    written_at      timestamp,
    refusal_code    text,
    refusal         text,
    -- the receipt
    seen_at         timestamptz not null,
    stored_at       timestamptz,
    parsed_at       timestamptz,
    published_at    timestamptz,
    note            text,
    state           text not null generated always as (
        case when refusal_code is not null then 'rejected'
             when published_at is not null then 'published'
             when parsed_at is not null then 'parsed'
             when stored_at is not null then 'stored'
             else 'seen' end) stored,
    unique (server, name)
);
create index stats_file_by_time on stats_file (server, written_at) where written_at is not null;

create table session (
    session_id       bigint primary key,
    server           text not null,
    first_at         timestamp not null,
    last_at          timestamp not null,
    crosses_midnight boolean not null,
    score_a          smallint not null,
    score_b          smallint not null,
    counted_rounds   smallint not null,
    maps             smallint not null,
    players          smallint not null,
    formula_version  smallint not null
);
create index session_by_time on session (last_at desc);

create table round (
    round_id         bigint primary key references stats_file (file_id),
    session_id       bigint not null references session on delete cascade,
    server           text not null,
    written_at       timestamp not null,
    map              text not null,
    number           smallint not null,      -- as the file says; an aborted round's lies
    role             text not null check (role in ('r1', 'r2', 'r1_without_r2', 'r2_without_r1',
                                                   'aborted_r1', 'empty', 'unusable')),
    counted          boolean not null,
    uncounted_reason text,                   -- in words a player understands
    outcome          text check (outcome in ('completed', 'defended')),
    defender_team    smallint,               -- 1 Axis, 2 Allies
    winner_team      smallint,
    limit_s          integer,
    clock_s          integer,                -- the longest time any player was in a team; null: unknown
    duration_s       integer,
    duration_source  text check (duration_source in ('header', 'playtime', 'clock', 'limit')),
    ended_early      boolean,                -- given up: held, but well short of the limit; null: unknown
    players          smallint not null,      -- who took part
    time_s           integer,                -- to the objective; null: held
    config           text,
    partner_id       bigint,
    replaced_by      bigint,
    oddities         text[] not null,
    lines_digest     bytea not null,         -- of the player lines below, so that only what changed is written
    formula_version  smallint not null
);
create index round_by_session on round (session_id, written_at);
create index round_by_map on round (map, written_at desc) where counted;

-- one map played by both sides: a first round and its second
create table match (
    match_id        bigint primary key,
    session_id      bigint not null references session on delete cascade,
    position        smallint not null,       -- 1 is the session's first complete map
    map             text not null,
    round1_id       bigint not null references round (round_id) on delete cascade,
    round2_id       bigint not null references round (round_id) on delete cascade,
    winner          text not null check (winner in ('r1_attackers', 'r2_attackers', 'draw')),
    winner_team     text not null check (winner_team in ('A', 'B', 'draw')),
    r1_attackers_team text not null check (r1_attackers_team in ('A', 'B')),
    r1_time_s       integer,                 -- seconds to the objective; null: held
    r2_time_s       integer,
    r1_attackers    text[] not null,         -- guids
    r1_defenders    text[] not null,
    unique (session_id, position)
);

-- one line of a round, alone (round 2 already taken apart); null means unknown, never zero
create table player_round (
    round_id    bigint not null references round on delete cascade,
    line        smallint not null,           -- where it stood in the file, from 1
    guid        text not null,
    name        text not null,               -- colour codes removed
    name_raw    text not null,
    is_bot      boolean not null,
    team        smallint not null,           -- 1 Axis, 2 Allies, 3 spectator
    took_part   boolean not null,
    source      text not null check (source in ('direct', 'difference', 'joined_in_round2', 'counter_reset',
                                                'not_separable', 'malformed_line', 'partner_malformed')),
    fault       text,                        -- what is wrong with the line
    played_s    integer, alive_ms bigint,
    kills       integer, deaths integer, hits integer, shots integer, headshot_hits integer,
    gun_hits    integer, gun_shots integer, gun_headshot_hits integer, slx_hits integer, slx_shots integer,
    damage_given integer, damage_received integer, team_damage_given integer, team_damage_received integer,
    gibs integer, self_kills integer, team_kills integer, team_gibs integer, xp integer,
    killing_spree integer, death_spree integer, kill_assists integer, kill_steals integer, headshot_kills integer,
    objectives_stolen integer, objectives_returned integer, dynamites_planted integer, dynamites_defused integer,
    times_revived integer, useful_kills integer, denied_playtime_s integer,
    multikill_2 integer, multikill_3 integer, multikill_4 integer, multikill_5 integer, multikill_6 integer,
    useless_kills integer, full_selfkills integer, repairs_constructions integer, revives_given integer,
    primary key (round_id, line)
);
create index player_round_by_guid on player_round (guid, round_id);

create table weapon_round (
    round_id    bigint not null,
    line        smallint not null,
    guid        text not null,
    weapon      text not null,               -- MP40, THOMPSON, …
    hits integer not null, shots integer not null, kills integer not null, deaths integer not null,
    headshots integer not null,
    primary key (round_id, line, weapon),
    foreign key (round_id, line) references player_round on delete cascade
);

create index weapon_round_by_guid on weapon_round (guid, round_id);

-- sums over the counted rounds of one session; *_known_rounds: over how many rounds a figure that old files lack is known
create table player_session (
    session_id  bigint not null references session on delete cascade,
    guid        text not null,
    name        text not null,
    team        text check (team in ('A', 'B')),   -- null: never on a complete map, or on both
    rounds      integer not null,
    last_at     timestamp not null,
    played_s    integer, alive_ms bigint,
    kills       integer not null, deaths integer not null, hits integer not null, shots integer not null,
    headshot_hits integer not null,
    gun_hits    integer not null, gun_shots integer not null, gun_headshot_hits integer not null,
    slx_hits    integer not null, slx_shots integer not null,
    damage_given integer, damage_received integer, team_damage_given integer, team_damage_received integer,
    gibs integer, self_kills integer, team_kills integer, team_gibs integer, xp integer,
    killing_spree integer, death_spree integer, max_killing_spree integer, max_death_spree integer,
    kill_assists integer, kill_steals integer, headshot_kills integer,
    objectives_stolen integer, objectives_returned integer, dynamites_planted integer, dynamites_defused integer,
    times_revived integer, useful_kills integer, denied_playtime_s integer,
    multikill_2 integer, multikill_3 integer, multikill_4 integer, multikill_5 integer, multikill_6 integer,
    useless_kills integer, full_selfkills integer, repairs_constructions integer,
    revives_given integer, revives_known_rounds integer not null,
    primary key (session_id, guid)
);
create index player_session_by_guid on player_session (guid, last_at desc);

-- a player of all time: what the leaderboard and the profile read; bots are not here
create table player (
    guid        text primary key,
    name        text not null,               -- the most recent one
    search_name text not null,               -- lower case, letters and digits only
    sessions    integer not null,
    rounds      integer not null,
    first_at    timestamp not null,
    last_at     timestamp not null,
    played_s    bigint not null, alive_ms bigint,
    kills       integer not null, deaths integer not null, hits integer not null, shots integer not null,
    headshot_hits integer not null,
    gun_hits    integer not null, gun_shots integer not null, gun_headshot_hits integer not null,
    damage_given bigint not null, damage_received bigint not null,
    team_damage_given bigint not null,
    gibs integer not null, self_kills integer not null, team_kills integer not null, xp bigint not null,
    max_killing_spree integer, max_death_spree integer,
    kill_assists integer not null, headshot_kills integer not null,
    objectives integer not null,             -- stolen + returned + planted + defused
    times_revived integer not null, useful_kills integer not null, denied_playtime_s integer not null,
    multikills integer not null,
    revives_given integer, revives_known_rounds integer not null
);

create table player_weapon (
    guid        text not null references player on delete cascade,
    weapon      text not null,
    rounds      integer not null,
    hits integer not null, shots integer not null, kills integer not null, deaths integer not null,
    headshots integer not null,
    primary key (guid, weapon)
);

create table alias (
    guid        text not null references player on delete cascade,
    name        text not null,
    search_name text not null,
    rounds      integer not null,
    first_at    timestamp not null,
    last_at     timestamp not null,
    primary key (guid, name)
);

-- what is to be posted, written with the data it tells about
create table outbox (
    kind        text not null,               -- 'round'
    subject_id  bigint not null,             -- the round's id
    channel_id  text not null,
    created_at  timestamptz not null,
    due_at      timestamptz not null,
    attempts    integer not null default 0,
    posted_at   timestamptz,
    message_id  text,
    failure     text,
    primary key (kind, subject_id, channel_id)
);
create index outbox_due on outbox (due_at) where posted_at is null;

-- interactions answered late, so that a repeated hand-over is answered once
create table interaction (
    interaction_id text primary key,
    claimed_at     timestamptz not null,
    answered_at    timestamptz
);
