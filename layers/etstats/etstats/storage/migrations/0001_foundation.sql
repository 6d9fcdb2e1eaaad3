-- Everything here except stats_file's bytes, correction, outbox and interaction is derived: computed again from the files
-- and the corrections at any time.
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
    -- the bytes as read (S3 keeps the original) and the game server's local wall clock at the round's end; of a
    -- gametime file, UTC
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
    team_a           text,                   -- the names people gave the teams; null: none
    team_b           text,
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
create index round_by_time on round (written_at);
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
    person      text not null,               -- the guid of whoever sat there: his own, unless a correction says otherwise
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
create index player_round_by_person on player_round (person, round_id);

create table weapon_round (
    round_id    bigint not null,
    line        smallint not null,
    person      text not null,               -- as in player_round
    weapon      text not null,               -- MP40, THOMPSON, …
    hits integer not null, shots integer not null, kills integer not null, deaths integer not null,
    headshots integer not null,
    primary key (round_id, line, weapon),
    foreign key (round_id, line) references player_round on delete cascade
);

create index weapon_round_by_person on weapon_round (person, round_id);

-- From here on a guid stands for a person: all lines whose person it is are summed under it.

-- sums over the counted rounds of one session; *_known_rounds: over how many rounds a figure that old files lack is known
create table player_session (
    session_id  bigint not null references session on delete cascade,
    guid        text not null,
    name        text not null,
    team        text check (team in ('A', 'B')),   -- null: never on a complete map, or on both
    rounds      integer not null,
    last_at     timestamp not null,
    -- a file may lie in each of its numbers, and no file may stop the others of its evening
    played_s    bigint, alive_ms bigint,
    kills       bigint not null, deaths bigint not null, hits bigint not null, shots bigint not null,
    headshot_hits bigint not null,
    gun_hits    bigint not null, gun_shots bigint not null, gun_headshot_hits bigint not null,
    slx_hits    bigint not null, slx_shots bigint not null,
    damage_given bigint, damage_received bigint, team_damage_given bigint, team_damage_received bigint,
    gibs bigint, self_kills bigint, team_kills bigint, team_gibs bigint, xp bigint,
    killing_spree bigint, death_spree bigint, max_killing_spree integer, max_death_spree integer,
    kill_assists bigint, kill_steals bigint, headshot_kills bigint,
    objectives_stolen bigint, objectives_returned bigint, dynamites_planted bigint, dynamites_defused bigint,
    times_revived bigint, useful_kills bigint, denied_playtime_s bigint,
    multikill_2 bigint, multikill_3 bigint, multikill_4 bigint, multikill_5 bigint, multikill_6 bigint,
    useless_kills bigint, full_selfkills bigint, repairs_constructions bigint,
    revives_given bigint, revives_known_rounds integer not null,
    primary key (session_id, guid)
);
create index player_session_by_guid on player_session (guid, last_at desc);

-- who has taken part in a counted round; bots are not here
create table player (
    guid        text primary key,
    name        text not null,               -- the most recent one
    search_name text not null,
    sessions    integer not null,
    rounds      integer not null,
    first_at    timestamp not null,
    last_at     timestamp not null
);

-- sums over counted rounds, of one day and of all time; on one map, or on all of them (''). Null: never known
create table player_day (
    day         date not null,               -- of the rounds' ends; a season is the sum of its days
    map         text not null,
    guid        text not null,
    rounds      integer not null,
    wins        integer not null,            -- rounds on the winning side
    revives_known_rounds integer not null,
    max_killing_spree integer,
    max_death_spree integer,
    played_s bigint, alive_ms bigint, kills bigint, deaths bigint, hits bigint, shots bigint,
    headshot_hits bigint, gun_hits bigint, gun_shots bigint, gun_headshot_hits bigint, damage_given bigint,
    damage_received bigint, team_damage_given bigint, team_damage_received bigint, gibs bigint,
    self_kills bigint, team_kills bigint, team_gibs bigint, xp bigint, kill_assists bigint, kill_steals bigint,
    headshot_kills bigint, objectives bigint, times_revived bigint, useful_kills bigint, useless_kills bigint,
    denied_playtime_s bigint, multikills bigint, full_selfkills bigint, repairs_constructions bigint,
    revives_given bigint,
    primary key (map, day, guid)
);
create index player_day_by_guid on player_day (guid, map, day);

create table player_total (
    map         text not null,
    guid        text not null,
    rounds      integer not null,
    wins        integer not null,            -- rounds on the winning side
    revives_known_rounds integer not null,
    max_killing_spree integer,
    max_death_spree integer,
    played_s bigint, alive_ms bigint, kills bigint, deaths bigint, hits bigint, shots bigint,
    headshot_hits bigint, gun_hits bigint, gun_shots bigint, gun_headshot_hits bigint, damage_given bigint,
    damage_received bigint, team_damage_given bigint, team_damage_received bigint, gibs bigint,
    self_kills bigint, team_kills bigint, team_gibs bigint, xp bigint, kill_assists bigint, kill_steals bigint,
    headshot_kills bigint, objectives bigint, times_revived bigint, useful_kills bigint, useless_kills bigint,
    denied_playtime_s bigint, multikills bigint, full_selfkills bigint, repairs_constructions bigint,
    revives_given bigint,
    primary key (map, guid)
);
create index player_total_by_guid on player_total (guid, map);

create table weapon_day (
    day         date not null,
    weapon      text not null,
    guid        text not null,
    rounds      integer not null,
    hits bigint not null, shots bigint not null, kills bigint not null, deaths bigint not null,
    headshots bigint not null,
    primary key (day, weapon, guid)
);
create index weapon_day_by_guid on weapon_day (guid, day);

create table weapon_total (
    weapon      text not null,
    guid        text not null,
    rounds      integer not null,
    hits bigint not null, shots bigint not null, kills bigint not null, deaths bigint not null,
    headshots bigint not null,
    primary key (weapon, guid)
);
create index weapon_total_by_guid on weapon_total (guid);

create table alias (
    guid        text not null,
    name        text not null,
    search_name text not null,
    rounds      integer not null,
    first_at    timestamp not null,
    last_at     timestamp not null,
    primary key (guid, name)
);

-- What people know better than the files. Never derived, never deleted: what is taken back is withdrawn.
create table correction (
    correction_id bigint generated always as identity primary key,
    kind          text not null check (kind in ('void_round', 'name_teams', 'merge_persons', 'attribute_guid')),
    server        text,                      -- void_round: the round's file; name_teams: the first round of a map
    file          text,
    attackers     text,                      -- name_teams: what that round's attackers and defenders are called
    defenders     text,
    guid          text,                      -- merge_persons, attribute_guid: whose lines
    person        text,                      -- … and the guid of the person they belong to
    since         timestamp,                 -- attribute_guid, in the game servers' local time; null: from the beginning
    until         timestamp,                 -- … this moment no more; null: for ever
    made_by       text not null,
    reason        text not null,
    made_at       timestamptz not null,
    withdrawn_by  text,
    withdrawn_at  timestamptz
);

-- endstats and gametime files that could be read; the wall clock at their round's end lies between earliest and latest
create table companion (
    file_id     bigint primary key references stats_file on delete cascade,
    server      text not null,
    kind        text not null check (kind in ('endstats', 'gametime')),
    map         text not null,
    number      smallint not null,
    earliest    timestamp not null,
    latest      timestamp not null,
    digest      bytea not null               -- of the file and its round, so that only what changed is written
);
create index companion_by_time on companion (server, earliest);

-- guid: of the only player of that name in the round; null where there is none, more than one, or no round yet
create table award (
    file_id     bigint not null references companion on delete cascade,
    position    smallint not null,           -- among the file's awards, from 1
    award       text not null,
    player      text not null,
    guid        text,
    value_text  text not null,
    value       double precision,            -- the first number in it
    primary key (file_id, position)
);
create index award_by_guid on award (guid, award) where guid is not null;

-- how often subject killed opponent and was killed by him; each duel stands here twice. No subject: not certain
create table duel (
    file_id     bigint not null references companion on delete cascade,
    position    smallint not null,
    subject     text,
    subject_guid text,
    opponent    text not null,
    opponent_guid text,
    kills       integer not null,
    deaths      integer not null,
    primary key (file_id, position)
);
create index duel_by_guid on duel (subject_guid, opponent_guid) where subject_guid is not null;

-- the game's own clock and what the webhook says about a round
create table gametime (
    file_id     bigint primary key references companion on delete cascade,
    winner_team smallint, defender_team smallint,
    played_s    integer,                     -- without pauses
    limit_s     integer,
    pause_count integer, pause_s integer,
    end_reason  text check (end_reason in ('objective', 'surrender', 'time_expired')),
    end_reason_reliable boolean not null,    -- not in the last tenth of the limit
    warmup_s    integer,
    warmup_start_unix bigint, round_start_unix bigint,
    round_end_unix bigint not null,
    surrender_team smallint, surrender_guid text, surrender_name text,
    axis_score  bigint, allies_score bigint,
    server_address text,
    spawn_summary text,
    oddities    text[] not null,
    axis        jsonb not null, allies jsonb not null,   -- guid and name of each
    pauses      jsonb not null,
    spawns      jsonb not null
);

-- how far a round can be relied on, and the companions that belong to it
create table round_trust (
    round_id    bigint primary key references round on delete cascade,
    grade       text not null check (grade in ('A', 'B', 'C', 'D')),
    checks      jsonb not null,              -- code, compared, origin, verdict, difference of each
    endstats_id bigint,
    gametime_id bigint,
    digest      bytea not null,
    trust_version smallint not null
);
create index round_trust_by_endstats on round_trust (endstats_id) where endstats_id is not null;
create index round_trust_by_gametime on round_trust (gametime_id) where gametime_id is not null;

-- what is unusual about one line of a round
create table player_mark (
    round_id    bigint not null references round_trust on delete cascade,
    line        smallint not null,
    position    smallint not null,
    code        text not null,
    says        text not null,
    doubt       text not null check (doubt in ('none', 'figure', 'line')),
    primary key (round_id, position)
);
create index player_mark_by_line on player_mark (round_id, line);

-- the best of each map: in one round, and in both rounds of a map together. A handful for each figure, the best first by
-- value, then the newest, then by name; computed from player_round, so they follow every change of it
create table player_record (
    scope       text not null check (scope in ('round', 'map')),
    map         text not null,
    figure      text not null,
    value       double precision not null,
    at          timestamp not null,          -- when the round, or the map's second, ended
    person      text not null,
    name        text not null,               -- as he was called then
    rounds      bigint[] not null,           -- the round, or the two
    primary key (scope, map, figure, rounds, person)
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

-- Adds what these players did in these rounds to their sums: a short cut for rounds that were in no sum before.
-- The rounds are joined, not searched in: so they are looked up by number even where PostgreSQL knows nothing of the
-- tables yet, as in a backlog into an empty database.
create function add_shares(ids bigint[], guids text[]) returns void language plpgsql as $$
begin
    insert into player_day as had (day, map, guid, rounds, wins, revives_known_rounds, max_killing_spree,
        max_death_spree,
        played_s, alive_ms, kills, deaths, hits, shots, headshot_hits, gun_hits, gun_shots, gun_headshot_hits,
        damage_given, damage_received, team_damage_given, team_damage_received, gibs, self_kills, team_kills,
        team_gibs, xp, kill_assists, kill_steals, headshot_kills, objectives, times_revived, useful_kills,
        useless_kills, denied_playtime_s, multikills, full_selfkills, repairs_constructions, revives_given)
    select written_at::date, coalesce(map, ''), person, count(*), count(*) filter (where team = winner_team),
        count(revives_given), max(killing_spree), max(death_spree),
        sum(played_s), sum(alive_ms), sum(kills), sum(deaths), sum(hits), sum(shots), sum(headshot_hits),
        sum(gun_hits), sum(gun_shots), sum(gun_headshot_hits), sum(damage_given), sum(damage_received),
        sum(team_damage_given), sum(team_damage_received), sum(gibs), sum(self_kills), sum(team_kills),
        sum(team_gibs), sum(xp), sum(kill_assists), sum(kill_steals), sum(headshot_kills),
        sum(objectives_stolen + objectives_returned + dynamites_planted + dynamites_defused),
        sum(times_revived), sum(useful_kills), sum(useless_kills), sum(denied_playtime_s),
        sum(multikill_2 + multikill_3 + multikill_4 + multikill_5 + multikill_6), sum(full_selfkills),
        sum(repairs_constructions), sum(revives_given)
    from unnest(ids) as wanted (round_id) join round using (round_id) join player_round using (round_id)
    where person = any (guids) and counted and took_part and not is_bot
    group by person, written_at::date, grouping sets ((map), ())
    order by person
    on conflict (day, map, guid) do update set
        rounds = had.rounds + excluded.rounds, wins = had.wins + excluded.wins,
        revives_known_rounds = had.revives_known_rounds + excluded.revives_known_rounds,
        max_killing_spree = greatest(had.max_killing_spree, excluded.max_killing_spree),
        max_death_spree = greatest(had.max_death_spree, excluded.max_death_spree),
        played_s = coalesce(had.played_s + excluded.played_s, had.played_s, excluded.played_s),
        alive_ms = coalesce(had.alive_ms + excluded.alive_ms, had.alive_ms, excluded.alive_ms),
        kills = coalesce(had.kills + excluded.kills, had.kills, excluded.kills),
        deaths = coalesce(had.deaths + excluded.deaths, had.deaths, excluded.deaths),
        hits = coalesce(had.hits + excluded.hits, had.hits, excluded.hits),
        shots = coalesce(had.shots + excluded.shots, had.shots, excluded.shots),
        headshot_hits = coalesce(had.headshot_hits + excluded.headshot_hits, had.headshot_hits, excluded.headshot_hits),
        gun_hits = coalesce(had.gun_hits + excluded.gun_hits, had.gun_hits, excluded.gun_hits),
        gun_shots = coalesce(had.gun_shots + excluded.gun_shots, had.gun_shots, excluded.gun_shots),
        gun_headshot_hits = coalesce(had.gun_headshot_hits + excluded.gun_headshot_hits, had.gun_headshot_hits, excluded.gun_headshot_hits),
        damage_given = coalesce(had.damage_given + excluded.damage_given, had.damage_given, excluded.damage_given),
        damage_received = coalesce(had.damage_received + excluded.damage_received, had.damage_received, excluded.damage_received),
        team_damage_given = coalesce(had.team_damage_given + excluded.team_damage_given, had.team_damage_given, excluded.team_damage_given),
        team_damage_received = coalesce(had.team_damage_received + excluded.team_damage_received, had.team_damage_received, excluded.team_damage_received),
        gibs = coalesce(had.gibs + excluded.gibs, had.gibs, excluded.gibs),
        self_kills = coalesce(had.self_kills + excluded.self_kills, had.self_kills, excluded.self_kills),
        team_kills = coalesce(had.team_kills + excluded.team_kills, had.team_kills, excluded.team_kills),
        team_gibs = coalesce(had.team_gibs + excluded.team_gibs, had.team_gibs, excluded.team_gibs),
        xp = coalesce(had.xp + excluded.xp, had.xp, excluded.xp),
        kill_assists = coalesce(had.kill_assists + excluded.kill_assists, had.kill_assists, excluded.kill_assists),
        kill_steals = coalesce(had.kill_steals + excluded.kill_steals, had.kill_steals, excluded.kill_steals),
        headshot_kills = coalesce(had.headshot_kills + excluded.headshot_kills, had.headshot_kills, excluded.headshot_kills),
        objectives = coalesce(had.objectives + excluded.objectives, had.objectives, excluded.objectives),
        times_revived = coalesce(had.times_revived + excluded.times_revived, had.times_revived, excluded.times_revived),
        useful_kills = coalesce(had.useful_kills + excluded.useful_kills, had.useful_kills, excluded.useful_kills),
        useless_kills = coalesce(had.useless_kills + excluded.useless_kills, had.useless_kills, excluded.useless_kills),
        denied_playtime_s = coalesce(had.denied_playtime_s + excluded.denied_playtime_s, had.denied_playtime_s, excluded.denied_playtime_s),
        multikills = coalesce(had.multikills + excluded.multikills, had.multikills, excluded.multikills),
        full_selfkills = coalesce(had.full_selfkills + excluded.full_selfkills, had.full_selfkills, excluded.full_selfkills),
        repairs_constructions = coalesce(had.repairs_constructions + excluded.repairs_constructions, had.repairs_constructions, excluded.repairs_constructions),
        revives_given = coalesce(had.revives_given + excluded.revives_given, had.revives_given, excluded.revives_given);

    insert into player_total as had (map, guid, rounds, wins, revives_known_rounds, max_killing_spree,
        max_death_spree,
        played_s, alive_ms, kills, deaths, hits, shots, headshot_hits, gun_hits, gun_shots, gun_headshot_hits,
        damage_given, damage_received, team_damage_given, team_damage_received, gibs, self_kills, team_kills,
        team_gibs, xp, kill_assists, kill_steals, headshot_kills, objectives, times_revived, useful_kills,
        useless_kills, denied_playtime_s, multikills, full_selfkills, repairs_constructions, revives_given)
    select coalesce(map, ''), person, count(*), count(*) filter (where team = winner_team),
        count(revives_given), max(killing_spree), max(death_spree),
        sum(played_s), sum(alive_ms), sum(kills), sum(deaths), sum(hits), sum(shots), sum(headshot_hits),
        sum(gun_hits), sum(gun_shots), sum(gun_headshot_hits), sum(damage_given), sum(damage_received),
        sum(team_damage_given), sum(team_damage_received), sum(gibs), sum(self_kills), sum(team_kills),
        sum(team_gibs), sum(xp), sum(kill_assists), sum(kill_steals), sum(headshot_kills),
        sum(objectives_stolen + objectives_returned + dynamites_planted + dynamites_defused),
        sum(times_revived), sum(useful_kills), sum(useless_kills), sum(denied_playtime_s),
        sum(multikill_2 + multikill_3 + multikill_4 + multikill_5 + multikill_6), sum(full_selfkills),
        sum(repairs_constructions), sum(revives_given)
    from unnest(ids) as wanted (round_id) join round using (round_id) join player_round using (round_id)
    where person = any (guids) and counted and took_part and not is_bot
    group by person, grouping sets ((map), ())
    order by person
    on conflict (map, guid) do update set
        rounds = had.rounds + excluded.rounds, wins = had.wins + excluded.wins,
        revives_known_rounds = had.revives_known_rounds + excluded.revives_known_rounds,
        max_killing_spree = greatest(had.max_killing_spree, excluded.max_killing_spree),
        max_death_spree = greatest(had.max_death_spree, excluded.max_death_spree),
        played_s = coalesce(had.played_s + excluded.played_s, had.played_s, excluded.played_s),
        alive_ms = coalesce(had.alive_ms + excluded.alive_ms, had.alive_ms, excluded.alive_ms),
        kills = coalesce(had.kills + excluded.kills, had.kills, excluded.kills),
        deaths = coalesce(had.deaths + excluded.deaths, had.deaths, excluded.deaths),
        hits = coalesce(had.hits + excluded.hits, had.hits, excluded.hits),
        shots = coalesce(had.shots + excluded.shots, had.shots, excluded.shots),
        headshot_hits = coalesce(had.headshot_hits + excluded.headshot_hits, had.headshot_hits, excluded.headshot_hits),
        gun_hits = coalesce(had.gun_hits + excluded.gun_hits, had.gun_hits, excluded.gun_hits),
        gun_shots = coalesce(had.gun_shots + excluded.gun_shots, had.gun_shots, excluded.gun_shots),
        gun_headshot_hits = coalesce(had.gun_headshot_hits + excluded.gun_headshot_hits, had.gun_headshot_hits, excluded.gun_headshot_hits),
        damage_given = coalesce(had.damage_given + excluded.damage_given, had.damage_given, excluded.damage_given),
        damage_received = coalesce(had.damage_received + excluded.damage_received, had.damage_received, excluded.damage_received),
        team_damage_given = coalesce(had.team_damage_given + excluded.team_damage_given, had.team_damage_given, excluded.team_damage_given),
        team_damage_received = coalesce(had.team_damage_received + excluded.team_damage_received, had.team_damage_received, excluded.team_damage_received),
        gibs = coalesce(had.gibs + excluded.gibs, had.gibs, excluded.gibs),
        self_kills = coalesce(had.self_kills + excluded.self_kills, had.self_kills, excluded.self_kills),
        team_kills = coalesce(had.team_kills + excluded.team_kills, had.team_kills, excluded.team_kills),
        team_gibs = coalesce(had.team_gibs + excluded.team_gibs, had.team_gibs, excluded.team_gibs),
        xp = coalesce(had.xp + excluded.xp, had.xp, excluded.xp),
        kill_assists = coalesce(had.kill_assists + excluded.kill_assists, had.kill_assists, excluded.kill_assists),
        kill_steals = coalesce(had.kill_steals + excluded.kill_steals, had.kill_steals, excluded.kill_steals),
        headshot_kills = coalesce(had.headshot_kills + excluded.headshot_kills, had.headshot_kills, excluded.headshot_kills),
        objectives = coalesce(had.objectives + excluded.objectives, had.objectives, excluded.objectives),
        times_revived = coalesce(had.times_revived + excluded.times_revived, had.times_revived, excluded.times_revived),
        useful_kills = coalesce(had.useful_kills + excluded.useful_kills, had.useful_kills, excluded.useful_kills),
        useless_kills = coalesce(had.useless_kills + excluded.useless_kills, had.useless_kills, excluded.useless_kills),
        denied_playtime_s = coalesce(had.denied_playtime_s + excluded.denied_playtime_s, had.denied_playtime_s, excluded.denied_playtime_s),
        multikills = coalesce(had.multikills + excluded.multikills, had.multikills, excluded.multikills),
        full_selfkills = coalesce(had.full_selfkills + excluded.full_selfkills, had.full_selfkills, excluded.full_selfkills),
        repairs_constructions = coalesce(had.repairs_constructions + excluded.repairs_constructions, had.repairs_constructions, excluded.repairs_constructions),
        revives_given = coalesce(had.revives_given + excluded.revives_given, had.revives_given, excluded.revives_given);

    insert into weapon_day as had (day, weapon, guid, rounds, hits, shots, kills, deaths, headshots)
    select written_at::date, weapon, person, count(*), sum(weapon_round.hits), sum(weapon_round.shots), sum(weapon_round.kills),
        sum(weapon_round.deaths), sum(headshots)
    from unnest(ids) as wanted (round_id) join round using (round_id) join weapon_round using (round_id)
    where person = any (guids) and counted
    group by person, written_at::date, weapon
    order by person
    on conflict (day, weapon, guid) do update set
        rounds = had.rounds + excluded.rounds, hits = had.hits + excluded.hits,
        shots = had.shots + excluded.shots, kills = had.kills + excluded.kills,
        deaths = had.deaths + excluded.deaths, headshots = had.headshots + excluded.headshots;

    insert into weapon_total as had (weapon, guid, rounds, hits, shots, kills, deaths, headshots)
    select weapon, person, count(*), sum(weapon_round.hits), sum(weapon_round.shots), sum(weapon_round.kills),
        sum(weapon_round.deaths), sum(headshots)
    from unnest(ids) as wanted (round_id) join round using (round_id) join weapon_round using (round_id)
    where person = any (guids) and counted
    group by person, weapon
    order by person
    on conflict (weapon, guid) do update set
        rounds = had.rounds + excluded.rounds, hits = had.hits + excluded.hits,
        shots = had.shots + excluded.shots, kills = had.kills + excluded.kills,
        deaths = had.deaths + excluded.deaths, headshots = had.headshots + excluded.headshots;

    insert into alias as had (guid, name, search_name, rounds, first_at, last_at)
    select person, name, search_key(name), count(*), min(written_at), max(written_at)
    from unnest(ids) as wanted (round_id) join round using (round_id) join player_round using (round_id)
    where person = any (guids) and counted and took_part and not is_bot
    group by person, name
    order by person
    on conflict (guid, name) do update set
        rounds = had.rounds + excluded.rounds, first_at = least(had.first_at, excluded.first_at),
        last_at = greatest(had.last_at, excluded.last_at);
end $$;

-- Makes the sums of these players from all their rounds: whenever a round that was in them changed or left.
create function sum_anew(of_guids text[]) returns void language plpgsql as $$
begin
    delete from player_day where guid = any (of_guids);
    delete from player_total where guid = any (of_guids);
    delete from weapon_day where guid = any (of_guids);
    delete from weapon_total where guid = any (of_guids);
    delete from alias where guid = any (of_guids);
    delete from player where guid = any (of_guids);
    perform add_shares(array(select distinct round_id from player_round where person = any (of_guids)), of_guids);
end $$;

-- Players, from their names and sessions.
create function refresh_players(of_guids text[]) returns void language sql as $$
    insert into player (guid, name, search_name, sessions, rounds, first_at, last_at)
    select guid, latest, search_key(latest), sessions, rounds, first_at, last_at
    from (
        select guid, (array_agg(name order by last_at desc, name collate "C"))[1] as latest, sum(rounds) as rounds,
            min(first_at) as first_at, max(last_at) as last_at,
            (select count(*) from player_session where player_session.guid = alias.guid) as sessions
        from alias where guid = any (of_guids) group by guid
        order by guid) as known
    on conflict (guid) do update set
        (name, search_name, sessions, rounds, first_at, last_at) = (excluded.name, excluded.search_name,
            excluded.sessions, excluded.rounds, excluded.first_at, excluded.last_at);
$$;

-- Makes the rows beside some sessions' equal what was computed: companions and trust, as far as they changed.
create function write_companions(computed json) returns void language plpgsql as $$
begin
    if computed -> 'companions_changed' is not null then
        delete from companion
        where file_id in (select cast(id as bigint) from json_array_elements_text(computed -> 'companions_changed') as id);
        insert into companion select * from json_populate_recordset(null::companion, computed -> 'companion');
        insert into award select * from json_populate_recordset(null::award, computed -> 'award');
        insert into duel select * from json_populate_recordset(null::duel, computed -> 'duel');
        insert into gametime select * from json_populate_recordset(null::gametime, computed -> 'gametime');
    end if;
    delete from round_trust
    where round_id in (select round_id from json_populate_recordset(null::round_trust, computed -> 'round_trust'));
    insert into round_trust select * from json_populate_recordset(null::round_trust, computed -> 'round_trust');
    insert into player_mark select * from json_populate_recordset(null::player_mark, computed -> 'player_mark');
end $$;

-- Keeps the records right when these rounds came, changed or left. Unknown is no value; nor is zero.
create function keep_records(moved bigint[]) returns void language plpgsql as $$
declare
    keep constant integer := 3;
    at_stake text[];
    torn text[];
    ids bigint[] := moved;
    added integer;
begin
    if moved is null then
        return;
    end if;
    at_stake := array(
        select map from round where round_id = any (moved) union select map from player_record where rounds && moved
        order by 1);
    -- another game server may be storing, too: a map's records are kept one after the other
    perform pg_advisory_xact_lock(hashtextextended(map, 3)) from unnest(at_stake) as map;
    with gone as (delete from player_record where rounds && moved returning map)
    select array_agg(distinct map) into torn from gone;
    if torn is not null then
        -- a map that lost a record is gone through as a whole; elsewhere only what is new can be one
        ids := moved || array(select round_id from round where map = any (torn) and counted);
    end if;

    insert into player_record
    with bar as (
        select map, figure, min(value) as value from player_record
        where scope = 'round' and map = any (at_stake) group by map, figure having count(*) >= keep
    ), line as (
        select round.map, round_id, written_at, person, (array_agg(name order by line))[1] as name,
            sum(played_s) as played_s, sum(gun_hits) as gun_hits, sum(gun_shots) as gun_shots, sum(kills) as kills,
            sum(damage_given) as damage, sum(revives_given) as revives, sum(gibs) as gibs,
            sum(gun_headshot_hits) as headshots, sum(player_round.xp) as xp, sum(times_revived) as revived,
            sum(useful_kills) as useful, sum(objectives_stolen) as stolen, sum(objectives_returned) as returned,
            sum(dynamites_planted) as planted, sum(dynamites_defused) as defused
        from round join player_round using (round_id)
        where round_id = any (ids) and counted and took_part and not is_bot
        group by round_id, person
    )
    select 'round', line.map, known.figure, known.value, written_at, person, name, array[round_id]
    from line cross join lateral (values
        ('kills', cast(kills as double precision)), ('damage', damage), ('revives', revives), ('gibs', gibs),
        ('headshots', headshots), ('xp', xp), ('revived', revived), ('useful', useful), ('stolen', stolen),
        ('returned', returned), ('planted', planted), ('defused', defused),
        -- no gun fires 15 bullets a second for a whole round, and a few hits prove nothing
        ('accuracy', case when gun_shots > 50 and gun_shots <= 15 * played_s then 100.0 * gun_hits / gun_shots end)
    ) as known (figure, value) left join bar on bar.map = line.map and bar.figure = known.figure
    where known.value > 0 and known.value >= coalesce(bar.value, 0)
    on conflict do nothing;
    get diagnostics added = row_count;

    insert into player_record
    with bar as (
        select map, figure, min(value) as value from player_record
        where scope = 'map' and map = any (at_stake) group by map, figure having count(*) >= keep
    ), line as (
        select match.map, round1_id, round2_id, max(round.written_at) as at, person,
            (array_agg(name order by written_at desc, line))[1] as name,
            -- who is unknown in one of his two rounds is unknown in both
            sum(kills) as kills, case when count(damage_given) = count(*) then sum(damage_given) end as damage,
            sum(gun_headshot_hits) as headshots,
            case when count(player_round.xp) = count(*) then sum(player_round.xp) end as xp,
            case when count(revives_given) = count(*) then sum(revives_given) end as revives,
            case when count(gibs) = count(*) then sum(gibs) end as gibs
        from match join round on round_id in (round1_id, round2_id) join player_round using (round_id)
        where match.session_id in (select session_id from round where round_id = any (ids))
            and (round1_id = any (ids) or round2_id = any (ids)) and took_part and not is_bot
            -- a torn second round, which may have come first, leaves a map of which only one counts
            and (select bool_and(half.counted) from round as half where half.round_id in (round1_id, round2_id))
        group by match_id, person
    )
    select 'map', line.map, known.figure, known.value, at, person, name, array[round1_id, round2_id]
    from line cross join lateral (values
        ('kills', cast(kills as double precision)), ('damage', damage), ('headshots', headshots), ('xp', xp),
        ('revives', revives), ('gibs', gibs)
    ) as known (figure, value) left join bar on bar.map = line.map and bar.figure = known.figure
    where known.value > 0 and known.value >= coalesce(bar.value, 0)
    on conflict do nothing;

    if added > 0 or found then
        delete from player_record as had using (
            select scope, map, figure, rounds, person, row_number() over (
                partition by scope, map, figure order by value desc, at desc, name collate "C", rounds, person) as place
            from player_record where map = any (at_stake)) as placed
        where place > keep and (had.scope, had.map, had.figure, had.rounds, had.person)
            = (placed.scope, placed.map, placed.figure, placed.rounds, placed.person);
    end if;
end $$;

-- Makes the rows of some gaming sessions equal what was computed. *before*: the session ids their files were under;
-- *computed*: rows by table. Lines are there only for the rounds in *changed*; those of others stay as they are.
create function write_sessions(before bigint[], changed bigint[], computed json) returns void language plpgsql as $$
declare
    present bigint[] := array(
        select session_id from json_populate_recordset(null::session, computed -> 'session'));
    moved bigint[];
    was_counted boolean;
    attending text[];
    guids text[];
begin
    -- rounds whose share in the sums changes: other lines, or counted now and not before, or the other way round
    select array_agg(fresh.round_id), coalesce(bool_or(old.counted), false) into moved, was_counted
    from json_populate_recordset(null::round, computed -> 'round') as fresh left join round as old using (round_id)
    where (fresh.round_id = any (changed) or old.counted is distinct from fresh.counted)
        and (fresh.counted or old.counted);
    guids := array(
        select person from player_round where round_id = any (moved) and not is_bot
        union
        select person from json_populate_recordset(null::player_round, computed -> 'player_round')
        where round_id = any (moved) and not is_bot);
    attending := array(select guid from player_session where session_id = any (before));

    insert into session select * from json_populate_recordset(null::session, computed -> 'session')
    on conflict (session_id) do update set
        (server, first_at, last_at, crosses_midnight, score_a, score_b, counted_rounds, maps, players,
            team_a, team_b, formula_version) =
        (excluded.server, excluded.first_at, excluded.last_at, excluded.crosses_midnight, excluded.score_a,
            excluded.score_b, excluded.counted_rounds, excluded.maps, excluded.players, excluded.team_a, excluded.team_b,
            excluded.formula_version);
    insert into round as had select * from json_populate_recordset(null::round, computed -> 'round')
    on conflict (round_id) do update set
        (session_id, server, written_at, map, number, role, counted, uncounted_reason, outcome,
            defender_team, winner_team, limit_s, clock_s, duration_s, duration_source, ended_early, players,
            time_s, config, partner_id, replaced_by, oddities, lines_digest, formula_version) =
        (excluded.session_id, excluded.server, excluded.written_at, excluded.map, excluded.number,
            excluded.role, excluded.counted, excluded.uncounted_reason, excluded.outcome,
            excluded.defender_team, excluded.winner_team, excluded.limit_s, excluded.clock_s,
            excluded.duration_s, excluded.duration_source, excluded.ended_early, excluded.players,
            excluded.time_s, excluded.config, excluded.partner_id, excluded.replaced_by, excluded.oddities,
            excluded.lines_digest, excluded.formula_version)
    where had is distinct from excluded;
    delete from player_session where session_id = any (before || present);
    delete from match where session_id = any (before || present);
    delete from session where session_id = any (before) and session_id <> all (present);
    delete from player_round where round_id = any (changed);
    insert into player_round select * from json_populate_recordset(null::player_round, computed -> 'player_round');
    insert into weapon_round select * from json_populate_recordset(null::weapon_round, computed -> 'weapon_round');
    insert into match select * from json_populate_recordset(null::match, computed -> 'match');
    insert into player_session
    select * from json_populate_recordset(null::player_session, computed -> 'player_session');

    attending := attending || array(select guid from player_session where session_id = any (present));
    -- another game server may be storing, too: the same player's sums are made one after the other
    perform pg_advisory_xact_lock(hashtextextended(guid, 1))
    from (select unnest(guids || attending) as guid group by 1 order by 1) as wanted;
    if was_counted then
        perform sum_anew(guids);
    else
        perform add_shares(moved, guids);
    end if;
    perform refresh_players(array(select distinct unnest(guids || attending)));
    perform keep_records(moved);
    if json_array_length(coalesce(computed -> 'round_trust', '[]')) > 0
            or computed -> 'companions_changed' is not null then
        perform write_companions(computed);
    end if;
end $$;

-- As if no file from then on had ever come, nor an earlier one of an evening that was still going on.
create function forget_since(moment timestamp) returns void language plpgsql as $$
declare
    ids bigint[] := array(select round_id from round join session using (session_id) where session.last_at >= moment);
    persons text[] := array(select distinct person from player_round where round_id = any (ids) and not is_bot);
begin
    delete from session where last_at >= moment;
    delete from stats_file where file_id = any (ids) or written_at >= moment;
    perform sum_anew(persons);
    perform refresh_players(persons);
    perform keep_records(ids);
end $$;

-- Takes a version of a file to work on, alone for its game server until the transaction ends. No row: just these bytes
-- were dealt with before. Else first the file itself, with the corrections in force (null: none), then every file of the
-- gaming sessions near it, with its round, and every companion that may belong to one of their rounds. Who makes a
-- correction waits for whoever stores, and the other way round.
create function claim_file(
    new_id bigint, of_server text, of_name text, new_sha256 text, new_content bytea, ended_at timestamp,
    gap interval, at timestamptz
) returns table (
    file_id bigint, name text, sha256 text, content bytea, session_id bigint, lines_digest bytea, listed_mtime bigint,
    corrections json, replaces boolean, trust_digest bytea
) language plpgsql as $$
#variable_conflict use_column
declare
    mtime bigint;
    had_sha256 text;
    span_start timestamp;
    span_end timestamp;
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('corrections', 2));
    perform pg_advisory_xact_lock(hashtextextended(of_server, 0));
    select known.sha256 into had_sha256 from stats_file as known where known.server = of_server and known.name = of_name;
    insert into stats_file as known (file_id, server, name, sha256, content, written_at, seen_at, stored_at)
    values (new_id, of_server, of_name, new_sha256, new_content, ended_at, at, at)
    on conflict (server, name) do update
        set sha256 = excluded.sha256, content = excluded.content, written_at = excluded.written_at,
            stored_at = coalesce(known.stored_at, excluded.stored_at),
            parsed_at = null, published_at = null, refusal_code = null, refusal = null, note = null
        where known.sha256 is distinct from excluded.sha256
    returning known.listed_mtime into mtime;
    if not found then
        return;
    end if;
    return query select new_id, of_name, new_sha256, new_content, null::bigint, null::bytea, mtime,
        (select json_agg(correction order by correction_id) from correction where withdrawn_at is null),
        had_sha256 is not null, null::bytea;
    if ended_at is null then
        return;
    end if;
    return query
        select file.file_id, file.name, file.sha256, file.content, round.session_id, round.lines_digest,
            file.listed_mtime, null::json, false, round_trust.digest
        from session join round using (session_id) join stats_file as file on file.file_id = round.round_id
            left join round_trust using (round_id)
        where session.server = of_server and session.first_at <= ended_at + gap and session.last_at >= ended_at - gap;
    select least(min(first_at), ended_at), greatest(max(last_at), ended_at) into span_start, span_end from session
    where session.server = of_server and session.first_at <= ended_at + gap and session.last_at >= ended_at - gap;
    -- no companion's round can have ended at times further apart than the zones of the earth, 26 hours
    return query
        select file.file_id, file.name, file.sha256, file.content, null::bigint, companion.digest,
            file.listed_mtime, null::json, false, null::bytea
        from companion join stats_file as file using (file_id)
        where companion.server = of_server and companion.earliest <= span_end
            and companion.earliest >= span_start - interval '27 hours' and companion.latest >= span_start;
end $$;

-- Read and computed. With a channel, its post goes into the outbox, once for ever, and that of a second round which
-- came before this first does not wait any longer; without, people can see the round now.
create function settle_file(id bigint, channel text, due timestamptz, at timestamptz) returns void language plpgsql as $$
begin
    if channel is not null then
        -- looked for first: an insert would wait for a post under way, and that waits for this file's row
        insert into outbox (kind, subject_id, channel_id, created_at, due_at) select 'round', id, channel, at, due
        where not exists (select from outbox where kind = 'round' and subject_id = id and channel_id = channel)
        on conflict do nothing;
    end if;
    update outbox set due_at = at from match
    where round1_id = id and subject_id = round2_id and kind = 'round' and posted_at is null and due_at > at;
    -- a newer version of a file whose post is out, or never will be, has no other
    update stats_file set parsed_at = at, published_at = case when channel is null or exists (
        select from outbox where kind = 'round' and subject_id = id and (posted_at is not null or failure is not null)
    ) then at end where file_id = id;
end $$;
