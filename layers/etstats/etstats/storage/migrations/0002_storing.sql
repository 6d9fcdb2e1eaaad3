-- Storing costs what changed, not what has gathered: sums are made anew by days, names and maps have sums of their own,
-- who attended how many sessions in a row is kept, and a file brings over only what it changes.

-- whom somebody's lines in a round belong to by a correction, guid by guid; null: everybody's are his own
alter table round add column persons jsonb;
-- of all that a row of this table follows from, so that only rounds that changed travel
alter table round add column digest bytea;

-- rows that are added to with every round stay on their page
alter table player set (fillfactor = 70);
alter table player_day set (fillfactor = 70);
alter table player_total set (fillfactor = 70);
alter table weapon_day set (fillfactor = 70);
alter table weapon_total set (fillfactor = 70);
alter table alias set (fillfactor = 70);

-- the gaming sessions in which rounds counted, in the order they ended: the longest run that somebody missed none of
alter table player add column longest_run integer not null default 0;

-- the names of one day; alias is the sum of the days
create table alias_day (
    guid        text not null,
    day         date not null,
    name        text not null,
    rounds      integer not null,
    first_at    timestamp not null,
    last_at     timestamp not null,
    primary key (guid, day, name)
) with (fillfactor = 70);

-- how a map is played, over its counted rounds
create table map_total (
    map         text primary key,
    rounds      integer not null default 0,
    axis_wins   integer not null default 0,
    allies_wins integer not null default 0,
    defended    integer not null default 0,
    completed   integer not null default 0,
    given_up    integer not null default 0,
    timed_rounds integer not null default 0, -- played out, and known how long: what the durations are made of
    timed_s     bigint not null default 0,
    shortest_s  integer,
    longest_s   integer,
    fastest_s   integer,                     -- to the objective
    fastest_at  timestamp,                   -- the latest time that was reached
    last_at     timestamp,
    kills       bigint not null default 0,
    damage_given bigint,
    played_s    bigint,
    matches     integer not null default 0   -- complete maps, also those of which not both rounds count
) with (fillfactor = 70);

create index match_by_second on match (round2_id);

-- Fifty rows of weapons come with every round, in one statement with their lines: neither are their lines looked for one
-- by one, nor is there an index that nobody asks. They go with their lines, as before.
drop index weapon_round_by_person;
alter table weapon_round drop constraint weapon_round_round_id_line_fkey;
create function delete_weapons() returns trigger language plpgsql as $$
begin
    delete from weapon_round using gone where (weapon_round.round_id, weapon_round.line) = (gone.round_id, gone.line);
    return null;
end $$;
create trigger weapons_go_with_their_lines after delete on player_round
    referencing old table as gone for each statement execute function delete_weapons();

drop function claim_file(bigint, text, text, text, bytea, timestamp, interval, timestamptz);
drop function write_sessions(bigint[], bigint[], json);
drop function write_companions(json);
drop function keep_records(bigint[]);
drop function sum_anew(text[]);

-- add_shares finds lines by their rounds, few, and never by their persons, who have thousands: an expression has no index.
do $do$
begin
    execute replace(
        pg_get_functiondef('add_shares(bigint[], text[])'::regprocedure),
        'where person = any (guids)', $$where person || '' = any (guids)$$);
end $do$;

-- Names, from the same rounds as add_shares and beside it.
create function add_name_days(ids bigint[], guids text[]) returns void language plpgsql as $$
begin
    insert into alias_day as had (guid, day, name, rounds, first_at, last_at)
    select person, written_at::date, name, count(*), min(written_at), max(written_at)
    from unnest(ids) as wanted (round_id) join round using (round_id) join player_round using (round_id)
    where person || '' = any (guids) and counted and took_part and not is_bot
    group by person, written_at::date, name
    order by person
    on conflict (guid, day, name) do update set
        rounds = had.rounds + excluded.rounds, first_at = least(had.first_at, excluded.first_at),
        last_at = greatest(had.last_at, excluded.last_at);
end $$;

-- Makes these players' sums of these days anew, from the days' rounds, and what they are of all time from the days:
-- whenever a round that was in them changed or left.
create function sum_anew(of_guids text[], of_days date[]) returns void language plpgsql
    set enable_hashjoin = on as $$
declare
    maps text[];
begin
    with gone as (
        delete from player_day where guid = any (of_guids) and day = any (of_days) returning player_day.map
    ) select array_agg(distinct map) into maps from gone;
    delete from player_total where guid = any (of_guids) and map = any (maps);
    insert into player_total (map, guid, rounds, wins, revives_known_rounds, max_killing_spree, max_death_spree,
        played_s, alive_ms, kills, deaths, hits, shots, headshot_hits, gun_hits, gun_shots, gun_headshot_hits,
        damage_given, damage_received, team_damage_given, team_damage_received, gibs, self_kills, team_kills,
        team_gibs, xp, kill_assists, kill_steals, headshot_kills, objectives, times_revived, useful_kills,
        useless_kills, denied_playtime_s, multikills, full_selfkills, repairs_constructions, revives_given)
    select map, guid, sum(rounds), sum(wins), sum(revives_known_rounds), max(max_killing_spree), max(max_death_spree),
        sum(played_s), sum(alive_ms), sum(kills), sum(deaths), sum(hits), sum(shots), sum(headshot_hits),
        sum(gun_hits), sum(gun_shots), sum(gun_headshot_hits), sum(damage_given), sum(damage_received),
        sum(team_damage_given), sum(team_damage_received), sum(gibs), sum(self_kills), sum(team_kills),
        sum(team_gibs), sum(xp), sum(kill_assists), sum(kill_steals), sum(headshot_kills), sum(objectives),
        sum(times_revived), sum(useful_kills), sum(useless_kills), sum(denied_playtime_s), sum(multikills),
        sum(full_selfkills), sum(repairs_constructions), sum(revives_given)
    from player_day where guid = any (of_guids) and map = any (maps) group by map, guid;

    with gone as (
        delete from weapon_day where guid = any (of_guids) and day = any (of_days)
        returning weapon, guid, rounds, hits, shots, kills, deaths, headshots
    ), share as (
        select weapon, guid, sum(rounds) as rounds, sum(hits) as hits, sum(shots) as shots, sum(kills) as kills,
            sum(deaths) as deaths, sum(headshots) as headshots
        from gone group by weapon, guid
    )
    update weapon_total as had set rounds = had.rounds - share.rounds, hits = had.hits - share.hits,
        shots = had.shots - share.shots, kills = had.kills - share.kills, deaths = had.deaths - share.deaths,
        headshots = had.headshots - share.headshots
    from share where had.weapon = share.weapon and had.guid = share.guid;
    delete from weapon_total where guid = any (of_guids) and rounds = 0;

    delete from alias_day where guid = any (of_guids) and day = any (of_days);
    delete from alias where guid = any (of_guids);
    insert into alias (guid, name, search_name, rounds, first_at, last_at)
    select guid, name, search_key(name), sum(rounds), min(first_at), max(last_at)
    from alias_day where guid = any (of_guids) group by guid, name;

    perform add_all_shares(
        array(select round_id from unnest(of_days) as day join round on written_at >= day and written_at < day + 1
              where counted),
        of_guids);
end $$;

-- What these players did in these rounds, into all sums that are kept of players.
create function add_all_shares(ids bigint[], guids text[]) returns void language plpgsql as $$
begin
    perform add_shares(ids, guids);
    perform add_name_days(ids, guids);
end $$;

-- Players from their names. Their sessions are counted by count_sessions.
create or replace function refresh_players(of_guids text[]) returns void language plpgsql as $$
begin
    delete from player where guid = any (of_guids) and not exists (select from alias where alias.guid = player.guid);
    insert into player as had (guid, name, search_name, sessions, rounds, first_at, last_at)
    select guid, latest, search_key(latest), 0, rounds, first_at, last_at
    from (
        select guid, (array_agg(name order by last_at desc, name collate "C"))[1] as latest, sum(rounds) as rounds,
            min(first_at) as first_at, max(last_at) as last_at
        from alias where guid = any (of_guids) group by guid
        order by guid) as known
    on conflict (guid) do update set
        (name, search_name, rounds, first_at, last_at) = (excluded.name,
            case when had.name = excluded.name then had.search_name else excluded.search_name end,
            excluded.rounds, excluded.first_at, excluded.last_at);
end $$;

-- How many sessions these players attended, and the longest run of them. A run is where their numbers among all
-- sessions, and among those attended, grow alike.
create function count_sessions(of_guids text[]) returns void language plpgsql
    set enable_hashjoin = on as $$
begin
    update player set sessions = counted.sessions, longest_run = counted.longest_run
    from (
        select guid, sum(run) as sessions, max(run) as longest_run
        from (
            select guid, count(*) as run
            from (
                select guid, place - row_number() over (partition by guid order by place) as gap
                from (select session_id, row_number() over (order by last_at, session_id) as place
                      from session where counted_rounds > 0) as held
                    join player_session using (session_id)
                where guid = any (of_guids)) as attended
            group by guid, gap) as runs
        group by guid) as counted
    where player.guid = counted.guid and (player.sessions, player.longest_run)
        is distinct from (counted.sessions, counted.longest_run);
end $$;

-- Whose runs may have become others: those who *entered* a session or left one; and where sessions came, went or changed
-- places between *earliest* and *latest* (null: none did) and were not the last ones, all who attended one of these or
-- the next on either side.
create function runs_at_stake(entered text[], earliest timestamp, latest timestamp, ids bigint[]) returns text[]
    language plpgsql as $$
declare
    from_time timestamp;
    to_time timestamp;
begin
    if earliest is null or not exists (
            select from session where last_at >= earliest and counted_rounds > 0 and session_id <> all (ids)) then
        return entered;
    end if;
    select coalesce(max(last_at), '-infinity') into from_time from session
    where last_at < earliest and counted_rounds > 0 and session_id <> all (ids);
    select coalesce(min(last_at), 'infinity') into to_time from session
    where last_at > latest and counted_rounds > 0 and session_id <> all (ids);
    return array(
        select unnest(entered) union
        select guid from session join player_session using (session_id)
        where session.last_at between from_time and to_time and counted_rounds > 0);
end $$;

-- What these rounds, which were in no sum before, add to their maps' sums.
create function add_to_maps(ids bigint[]) returns void language plpgsql as $$
begin
    insert into map_total as had (map, rounds, axis_wins, allies_wins, defended, completed, given_up, timed_rounds,
        timed_s, shortest_s, longest_s, fastest_s, fastest_at, last_at, kills, damage_given, played_s)
    select map, count(*), count(*) filter (where winner_team = 1), count(*) filter (where winner_team = 2),
        count(*) filter (where outcome = 'defended'), count(*) filter (where outcome = 'completed'),
        count(*) filter (where ended_early), count(played_out_s), coalesce(sum(played_out_s), 0), min(played_out_s),
        max(played_out_s), min(objective_s),
        (array_agg(written_at order by objective_s, written_at desc) filter (where objective_s is not null))[1],
        max(written_at), coalesce(sum(did.kills), 0), sum(did.damage_given), sum(did.played_s)
    from unnest(ids) as wanted (round_id) join round using (round_id)
        cross join lateral (
            select case when ended_early is not true then duration_s end as played_out_s,
                case when outcome = 'completed' then time_s end as objective_s) as told
        cross join lateral (
            select sum(kills) as kills, sum(damage_given) as damage_given, sum(played_s) as played_s
            from player_round
            where player_round.round_id = round.round_id and took_part and not is_bot) as did
    where counted
    group by map
    order by map
    on conflict (map) do update set
        rounds = had.rounds + excluded.rounds, axis_wins = had.axis_wins + excluded.axis_wins,
        allies_wins = had.allies_wins + excluded.allies_wins, defended = had.defended + excluded.defended,
        completed = had.completed + excluded.completed, given_up = had.given_up + excluded.given_up,
        timed_rounds = had.timed_rounds + excluded.timed_rounds, timed_s = had.timed_s + excluded.timed_s,
        shortest_s = least(had.shortest_s, excluded.shortest_s),
        longest_s = greatest(had.longest_s, excluded.longest_s),
        fastest_s = least(had.fastest_s, excluded.fastest_s),
        fastest_at = case when excluded.fastest_s < had.fastest_s or had.fastest_s is null then excluded.fastest_at
            when excluded.fastest_s = had.fastest_s then greatest(had.fastest_at, excluded.fastest_at)
            else had.fastest_at end,
        last_at = greatest(had.last_at, excluded.last_at), kills = had.kills + excluded.kills,
        damage_given = coalesce(had.damage_given + excluded.damage_given, had.damage_given, excluded.damage_given),
        played_s = coalesce(had.played_s + excluded.played_s, had.played_s, excluded.played_s);
end $$;

-- Makes these maps' sums from all their rounds: whenever a round that was in them changed or left. What players did
-- there comes from their sums. A map on which nothing is left is forgotten.
create function sum_maps_anew(of_maps text[]) returns void language plpgsql as $$
begin
    update map_total set rounds = 0, axis_wins = 0, allies_wins = 0, defended = 0, completed = 0, given_up = 0,
        timed_rounds = 0, timed_s = 0, shortest_s = null, longest_s = null, fastest_s = null, fastest_at = null,
        last_at = null, kills = 0, damage_given = null, played_s = null
    where map = any (of_maps);
    perform add_to_maps(array(select round_id from round where map = any (of_maps) and counted));
    delete from map_total where map = any (of_maps) and rounds = 0 and matches = 0;
end $$;

-- Makes the matches of these sessions equal what was computed, and counts them on their maps.
create function write_matches(of_sessions bigint[], computed json) returns void language plpgsql as $$
declare
    before text[];
begin
    with fresh as materialized (
        select * from json_populate_recordset(null::match, computed)
    ), gone as (
        delete from match where session_id = any (of_sessions) and not exists (
            select from fresh where fresh.match_id = match.match_id and fresh is not distinct from match)
        returning map
    ) select coalesce(array_agg(map), '{}') into before from gone;
    with fresh as (
        insert into match select * from json_populate_recordset(null::match, computed)
        on conflict (match_id) do nothing returning map
    ), change as (
        select map, sum(by) as by
        from (select map, 1 as by from fresh union all select map, -1 from unnest(before) as map) as each
        group by map having sum(by) <> 0 order by map
    )
    insert into map_total as had (map, matches) select map, by from change
    on conflict (map) do update set matches = had.matches + excluded.matches;
    if before <> '{}' then
        delete from map_total where map = any (before) and rounds = 0 and matches = 0;
    end if;
end $$;

-- Makes the lines of these rounds equal what was computed. Whose sums change by it: of rounds that had no lines,
-- everybody's; else those whose lines are others than before.
create function write_lines(changed bigint[], lines json, weapons json) returns text[] language plpgsql
    set enable_hashjoin = on as $$
declare
    apart text[];
begin
    if not exists (select from player_round where round_id = any (changed)) then
        insert into player_round select * from json_populate_recordset(null::player_round, lines);
        insert into weapon_round select * from json_populate_recordset(null::weapon_round, weapons);
        return array(select distinct person from player_round where round_id = any (changed) and not is_bot);
    end if;
    with fresh as (
        select * from json_populate_recordset(null::player_round, lines)
    ), old as (
        select * from player_round where round_id = any (changed)
    ), fresh_weapon as (
        select * from json_populate_recordset(null::weapon_round, weapons)
    ), old_weapon as (
        select * from weapon_round where round_id = any (changed)
    )
    select array_agg(distinct person) into apart from (
        select person from ((table old except table fresh) union all (table fresh except table old)) as line
        where not is_bot
        union all
        select person from (
            (table old_weapon except table fresh_weapon) union all (table fresh_weapon except table old_weapon)) as tally
    ) as differing;
    delete from player_round where round_id = any (changed);
    insert into player_round select * from json_populate_recordset(null::player_round, lines);
    insert into weapon_round select * from json_populate_recordset(null::weapon_round, weapons);
    return coalesce(apart, '{}');
end $$;

-- Gives lines to other persons, where nothing else about them is new: by round a map from guids to persons. Who had them
-- and who has them now.
create function reassign_lines(reassigned json) returns text[] language plpgsql
    set enable_hashjoin = on as $$
declare
    concerned text[];
begin
    with given as (
        select line.person as had, coalesce(persons ->> line.guid, line.guid) as has
        from json_to_recordset(reassigned) as given (round_id bigint, persons jsonb)
            join player_round as line using (round_id)
    ) select array_agg(distinct guid) into concerned
    from given cross join lateral unnest(array[had, has]) as guid where had <> has;
    update weapon_round as tally set person = coalesce(persons ->> line.guid, line.guid)
    from json_to_recordset(reassigned) as given (round_id bigint, persons jsonb)
        join player_round as line using (round_id)
    where (tally.round_id, tally.line) = (line.round_id, line.line)
        and line.person <> coalesce(persons ->> line.guid, line.guid);
    update player_round as line set person = coalesce(persons ->> line.guid, line.guid)
    from json_to_recordset(reassigned) as given (round_id bigint, persons jsonb)
    where line.round_id = given.round_id and line.person <> coalesce(persons ->> line.guid, line.guid);
    return coalesce(concerned, '{}');
end $$;

-- Keeps the records right when these rounds came or, *anew*, changed or left: *whole*, or of them what *guids* did.
-- Unknown is no value; nor is zero. Who calls holds their maps.
create function keep_records(moved bigint[], whole bigint[], guids text[], at_stake text[], anew boolean)
returns void language plpgsql
    set enable_hashjoin = on as $$
declare
    keep constant integer := 3;
    torn text[];
    ids bigint[] := moved;
    added integer;
    added_maps integer := 0;
begin
    if anew then
        with gone as (
            delete from player_record
            where map = any (at_stake) and rounds && moved and (rounds && whole or person = any (guids)) returning map
        ) select array_agg(distinct map) into torn from gone;
    end if;
    if torn is not null then
        -- a map that lost a record is gone through as a whole; elsewhere only what is new can be one
        ids := array(select unnest(moved) union select round_id from round where map = any (torn) and counted);
    end if;

    insert into player_record
    with bar as (
        select map, figure, min(value) as value from player_record
        where scope = 'round' and map = any (at_stake) group by map, figure having count(*) >= keep
    ), line as (
        select round.map, round.round_id, written_at, person, (array_agg(name order by line))[1] as name,
            sum(played_s) as played_s, sum(gun_hits) as gun_hits, sum(gun_shots) as gun_shots, sum(kills) as kills,
            sum(damage_given) as damage, sum(revives_given) as revives, sum(gibs) as gibs,
            sum(gun_headshot_hits) as headshots, sum(player_round.xp) as xp, sum(times_revived) as revived,
            sum(useful_kills) as useful, sum(objectives_stolen) as stolen, sum(objectives_returned) as returned,
            sum(dynamites_planted) as planted, sum(dynamites_defused) as defused
        from unnest(ids) as wanted (round_id) join round using (round_id) join player_round using (round_id)
        where counted and took_part and not is_bot
        group by round.round_id, person
    )
    select 'round', map, figure, value, written_at, person, name, rounds
    from (
        select line.map, known.figure, known.value, written_at, person, name, array[round_id] as rounds,
            row_number() over (partition by line.map, known.figure
                order by known.value desc, written_at desc, name collate "C", round_id, person) as place
        from line cross join lateral (values
            ('kills', cast(kills as double precision)), ('damage', damage), ('revives', revives), ('gibs', gibs),
            ('headshots', headshots), ('xp', xp), ('revived', revived), ('useful', useful), ('stolen', stolen),
            ('returned', returned), ('planted', planted), ('defused', defused),
            -- no gun fires 15 bullets a second for a whole round, and a few hits prove nothing
            ('accuracy', case when gun_shots > 50 and gun_shots <= 15 * played_s then 100.0 * gun_hits / gun_shots end)
        ) as known (figure, value) left join bar on bar.map = line.map and bar.figure = known.figure
        where known.value > 0 and known.value >= coalesce(bar.value, 0)) as placed
    where place <= keep
    on conflict do nothing;
    get diagnostics added = row_count;

    if exists (select from match where match_id = any (ids) or round2_id = any (ids)) then
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
            from match cross join lateral unnest(array[round1_id, round2_id]) as half (round_id)
                join round using (round_id) join player_round using (round_id)
            where (match_id = any (ids) or round2_id = any (ids)) and took_part and not is_bot
                -- a torn second round, which may have come first, leaves a map of which only one counts
                and (select bool_and(half.counted) from round as half where half.round_id in (round1_id, round2_id))
            group by match_id, person
        )
        select 'map', map, figure, value, at, person, name, rounds
        from (
            select line.map, known.figure, known.value, at, person, name, array[round1_id, round2_id] as rounds,
                row_number() over (partition by line.map, known.figure
                    order by known.value desc, at desc, name collate "C", round1_id, round2_id, person) as place
            from line cross join lateral (values
                ('kills', cast(kills as double precision)), ('damage', damage), ('headshots', headshots), ('xp', xp),
                ('revives', revives), ('gibs', gibs)
            ) as known (figure, value) left join bar on bar.map = line.map and bar.figure = known.figure
            where known.value > 0 and known.value >= coalesce(bar.value, 0)) as placed
        where place <= keep
        on conflict do nothing;
        get diagnostics added_maps = row_count;
    end if;

    if added + added_maps > 0 then
        delete from player_record as had using (
            select scope, map, figure, rounds, person, row_number() over (
                partition by scope, map, figure order by value desc, at desc, name collate "C", rounds, person) as place
            from player_record where map = any (at_stake)) as placed
        where place > keep and (had.scope, had.map, had.figure, had.rounds, had.person)
            = (placed.scope, placed.map, placed.figure, placed.rounds, placed.person);
    end if;
end $$;

-- Makes the rows beside some sessions' equal what was computed: companions and trust, as far as they changed.
create function write_companions(trusts json, marks json, companions json) returns void language plpgsql as $$
begin
    if companions is not null then
        delete from companion
        where file_id in (select cast(id as bigint) from json_array_elements_text(companions -> 'changed') as id);
        insert into companion select * from json_populate_recordset(null::companion, companions -> 'companion');
        insert into award select * from json_populate_recordset(null::award, companions -> 'award');
        insert into duel select * from json_populate_recordset(null::duel, companions -> 'duel');
        insert into gametime select * from json_populate_recordset(null::gametime, companions -> 'gametime');
    end if;
    if trusts is not null then
        with fresh as (
            insert into round_trust as had select * from json_populate_recordset(null::round_trust, trusts)
            on conflict (round_id) do update set
                (grade, checks, endstats_id, gametime_id, digest, trust_version) = (excluded.grade, excluded.checks,
                    excluded.endstats_id, excluded.gametime_id, excluded.digest, excluded.trust_version)
            returning had.round_id, xmax <> 0 as was_there
        )
        delete from player_mark using fresh where was_there and player_mark.round_id = fresh.round_id;
    end if;
    if marks is not null then
        insert into player_mark select * from json_populate_recordset(null::player_mark, marks);
    end if;
end $$;

-- Makes what players did in these sessions equal what was computed. Who entered one, or *may_leave* and left one.
create function write_sums(of_sessions bigint[], computed json, may_leave boolean) returns text[] language plpgsql
    set enable_hashjoin = on as $$
declare
    entered text[];
    gone text[] := '{}';
begin
    if may_leave then
        with fresh as materialized (
            select session_id, guid from json_populate_recordset(null::player_session, computed)
        ), gone_rows as (
            delete from player_session as had where session_id = any (of_sessions) and not exists (
                select from fresh where (fresh.session_id, fresh.guid) = (had.session_id, had.guid))
            returning guid
        ) select coalesce(array_agg(distinct guid), '{}') into gone from gone_rows;
    end if;
    with written as (
        insert into player_session as had select * from json_populate_recordset(null::player_session, computed)
        on conflict (session_id, guid) do update set (
            name, team, rounds, last_at, played_s, alive_ms, kills, deaths, hits, shots, headshot_hits, gun_hits,
            gun_shots, gun_headshot_hits, slx_hits, slx_shots, damage_given, damage_received, team_damage_given,
            team_damage_received, gibs, self_kills, team_kills, team_gibs, xp, killing_spree, death_spree,
            max_killing_spree, max_death_spree, kill_assists, kill_steals, headshot_kills, objectives_stolen,
            objectives_returned, dynamites_planted, dynamites_defused, times_revived, useful_kills, denied_playtime_s,
            multikill_2, multikill_3, multikill_4, multikill_5, multikill_6, useless_kills, full_selfkills,
            repairs_constructions, revives_given, revives_known_rounds
        ) = (
            excluded.name, excluded.team, excluded.rounds, excluded.last_at, excluded.played_s, excluded.alive_ms,
            excluded.kills, excluded.deaths, excluded.hits, excluded.shots, excluded.headshot_hits, excluded.gun_hits,
            excluded.gun_shots, excluded.gun_headshot_hits, excluded.slx_hits, excluded.slx_shots,
            excluded.damage_given, excluded.damage_received, excluded.team_damage_given, excluded.team_damage_received,
            excluded.gibs, excluded.self_kills, excluded.team_kills, excluded.team_gibs, excluded.xp,
            excluded.killing_spree, excluded.death_spree, excluded.max_killing_spree, excluded.max_death_spree,
            excluded.kill_assists, excluded.kill_steals, excluded.headshot_kills, excluded.objectives_stolen,
            excluded.objectives_returned, excluded.dynamites_planted, excluded.dynamites_defused,
            excluded.times_revived, excluded.useful_kills, excluded.denied_playtime_s, excluded.multikill_2,
            excluded.multikill_3, excluded.multikill_4, excluded.multikill_5, excluded.multikill_6,
            excluded.useless_kills, excluded.full_selfkills, excluded.repairs_constructions, excluded.revives_given,
            excluded.revives_known_rounds
        ) where had is distinct from excluded
        returning guid, xmax = 0 as is_new
    ) select coalesce(array_agg(guid) filter (where is_new), '{}') into entered from written;
    return entered || gone;
end $$;

-- Makes the rows of some gaming sessions equal what was computed. Null is nothing to be written.
--   before:    the session ids their files were under
--   sessions, sums: the sessions and what their players did, all of them; rounds: those that changed
--   matches:   those of all the sessions, if any can have changed
--   changed:   the rounds whose *lines* and *weapons* are new
--   reassigned: rounds of which nothing is new but whose the lines are
--   moved:     the rounds whose share in the sums changes; *turned*: those that count now and did not, or the other way
--              round; *anew*: one of them had a share before
-- What other game servers' files write to, too, is held in one order by all: the order of sessions, players, maps.
create function write_sessions(
    before bigint[], sessions json, sums json, rounds json, matches json, changed bigint[], lines json, weapons json,
    reassigned json, moved bigint[], turned bigint[], anew boolean, trusts json, marks json, companions json
) returns void language plpgsql
    -- every statement here looks rows up by their keys, however many PostgreSQL thinks there are
    set plan_cache_mode = force_generic_plan set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off
as $$
declare
    present bigint[];
    ids bigint[];
    earliest timestamp;
    latest timestamp;
    entered text[];
    guids text[] := '{}';
    of_maps text[];
begin
    with fresh as materialized (
        select * from json_populate_recordset(null::session, sessions)
    ), placed as (
        -- it came, went or ended at another time: its place among those that count may be another
        select old.last_at as was_at, new.last_at as is_at
        from (select * from session where session_id = any (before) and counted_rounds > 0) as old
            full join (select * from fresh where counted_rounds > 0) as new using (session_id)
        where old.last_at is distinct from new.last_at
    )
    select array(select session_id from fresh order by 1), min(least(was_at, is_at)), max(greatest(was_at, is_at))
    into present, earliest, latest from placed;
    ids := present || before;

    insert into session select * from json_populate_recordset(null::session, sessions)
    on conflict (session_id) do update set
        (server, first_at, last_at, crosses_midnight, score_a, score_b, counted_rounds, maps, players,
            team_a, team_b, formula_version) =
        (excluded.server, excluded.first_at, excluded.last_at, excluded.crosses_midnight, excluded.score_a,
            excluded.score_b, excluded.counted_rounds, excluded.maps, excluded.players, excluded.team_a, excluded.team_b,
            excluded.formula_version);
    if rounds is not null then
        insert into round select * from json_populate_recordset(null::round, rounds)
        on conflict (round_id) do update set
            (session_id, server, written_at, map, number, role, counted, uncounted_reason, outcome,
                defender_team, winner_team, limit_s, clock_s, duration_s, duration_source, ended_early, players,
                time_s, config, partner_id, replaced_by, oddities, lines_digest, formula_version, persons, digest) =
            (excluded.session_id, excluded.server, excluded.written_at, excluded.map, excluded.number,
                excluded.role, excluded.counted, excluded.uncounted_reason, excluded.outcome,
                excluded.defender_team, excluded.winner_team, excluded.limit_s, excluded.clock_s,
                excluded.duration_s, excluded.duration_source, excluded.ended_early, excluded.players,
                excluded.time_s, excluded.config, excluded.partner_id, excluded.replaced_by, excluded.oddities,
                excluded.lines_digest, excluded.formula_version, excluded.persons, excluded.digest);
    end if;
    entered := write_sums(ids, sums, anew or before <> present);

    if turned <> '{}' then
        guids := array(select distinct person from player_round where round_id = any (turned) and not is_bot);
    end if;
    if changed <> '{}' then
        guids := guids || write_lines(changed, lines, weapons);
    end if;
    if reassigned is not null then
        guids := guids || reassign_lines(reassigned);
    end if;
    if turned <> '{}' then
        guids := guids || array(select distinct person from player_round where round_id = any (turned) and not is_bot);
    end if;

    if earliest is not null or entered <> '{}' then
        perform pg_advisory_xact_lock(hashtextextended('attendance', 4));
        entered := runs_at_stake(entered, earliest, latest, ids);
    end if;
    perform pg_advisory_xact_lock(hashtextextended(guid, 1))
    from (select unnest(guids || entered) as guid group by 1 order by 1) as wanted;
    of_maps := array(select distinct map from round where round_id = any (moved));
    perform pg_advisory_xact_lock(hashtextextended(map, 3))
    from (
        select unnest(of_maps) as map union select map from round where matches is not null and session_id = any (ids)
        order by 1) as wanted;

    if matches is not null then
        perform write_matches(ids, matches);
    end if;
    delete from session where session_id = any (before) and session_id <> all (present);
    if moved <> '{}' then
        if anew then
            perform sum_anew(guids, array(select distinct written_at::date from round where round_id = any (moved)));
            perform sum_maps_anew(of_maps);
        else
            perform add_all_shares(moved, guids);
            perform add_to_maps(moved);
        end if;
        perform refresh_players(guids);
        perform keep_records(moved, changed || turned, guids, of_maps, anew);
    end if;
    if entered <> '{}' then
        perform count_sessions(entered);
    end if;
    perform write_companions(trusts, marks, companions);
end $$;

-- As if no file from then on had ever come, nor an earlier one of an evening that was still going on.
create or replace function forget_since(moment timestamp) returns void language plpgsql as $$
declare
    ids bigint[] := array(select round_id from round join session using (session_id) where session.last_at >= moment);
    persons text[] := array(select distinct person from player_round where round_id = any (ids) and not is_bot);
    days date[] := array(select distinct written_at::date from round where round_id = any (ids));
    of_maps text[] := array(select distinct map from round where round_id = any (ids));
    everybody text[] := array(select guid from player);
begin
    perform write_matches(array(select session_id from session where last_at >= moment), '[]');
    delete from session where last_at >= moment;
    delete from stats_file where file_id = any (ids) or written_at >= moment;
    perform sum_anew(persons, days);
    perform sum_maps_anew(of_maps);
    perform refresh_players(persons);
    perform keep_records(ids, ids, persons, of_maps, true);
    perform count_sessions(everybody);
end $$;

-- Takes a version of a file to work on, alone for its game server until the transaction ends. No row: just these bytes
-- were dealt with before. Else first the file itself, with the corrections in force (null: none), then every file of the
-- gaming sessions near it, with its round, and every companion that may belong to one of their rounds. Who makes a
-- correction waits for whoever stores, and the other way round.
create function claim_file(
    new_id bigint, of_server text, of_name text, new_sha256 text, new_content bytea, ended_at timestamp,
    gap interval, at timestamptz
) returns table (
    file_id bigint, name text, sha256 text, listed_mtime bigint, corrections json, replaces boolean,
    session_id bigint, counted boolean, digest bytea, lines_digest bytea, persons jsonb, trust_digest bytea
) language plpgsql
    set plan_cache_mode = force_generic_plan set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off
as $$
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
    return query select new_id, of_name, new_sha256, mtime,
        (select json_agg(correction order by correction_id) from correction where withdrawn_at is null),
        had_sha256 is not null, null::bigint, null::boolean, null::bytea, null::bytea, null::jsonb, null::bytea;
    if ended_at is null then
        return;
    end if;
    return query
        select file.file_id, file.name, file.sha256, file.listed_mtime, null::json, false,
            round.session_id, round.counted, round.digest, round.lines_digest, round.persons, round_trust.digest
        from session join round using (session_id) join stats_file as file on file.file_id = round.round_id
            left join round_trust using (round_id)
        where session.server = of_server and session.last_at >= ended_at - gap and session.first_at <= ended_at + gap;
    select least(min(first_at), ended_at), greatest(max(last_at), ended_at) into span_start, span_end from session
    where session.server = of_server and session.last_at >= ended_at - gap and session.first_at <= ended_at + gap;
    -- no companion's round can have ended at times further apart than the zones of the earth, 26 hours
    return query
        select file.file_id, file.name, file.sha256, file.listed_mtime, null::json, false,
            null::bigint, null::boolean, companion.digest, null::bytea, null::jsonb, null::bytea
        from companion join stats_file as file using (file_id)
        where companion.server = of_server and companion.earliest <= span_end
            and companion.earliest >= span_start - interval '27 hours' and companion.latest >= span_start;
end $$;

-- what was stored before this
insert into alias_day (guid, day, name, rounds, first_at, last_at)
select person, written_at::date, name, count(*), min(written_at), max(written_at)
from round join player_round using (round_id) where counted and took_part and not is_bot group by 1, 2, 3;
insert into map_total (map, matches) select map, count(*) from match group by map;
select add_to_maps(array(select round_id from round where counted));
select count_sessions(array(select guid from player));
