-- Of how many rounds each sum is made. A file tells more or less by its layout, and a damaged line less than its
-- neighbours: a figure's n is the rounds that tell it, and of two sums that are divided both are over the same rounds.
do $do$
declare
    of_players text;
begin
    foreach of_players in array array['player_day', 'player_total'] loop
        execute format($$
            alter table %I
                add column timed_rounds integer not null default 0,          -- whose time in a team is known,
                add column timed_damage bigint,                              -- and the damage given in them
                add column judged_kills bigint,                              -- where it is known which were useful
                add column events_known_rounds integer not null default 0,   -- sprees, assists, objectives, revived
                add column full_selfkills_known_rounds integer not null default 0,
                add column repairs_known_rounds integer not null default 0$$, of_players);
    end loop;
end $do$;

-- The functions that keep the sums, with these columns in their lists.
do $do$
declare
    kept constant text[][] := array[
        ['add_shares(bigint[], text[])', 'wins, revives_known_rounds,',
            $$wins, revives_known_rounds, timed_rounds, timed_damage, judged_kills, events_known_rounds,
        full_selfkills_known_rounds, repairs_known_rounds,$$],
        ['add_shares(bigint[], text[])', 'count(revives_given),',
            $$count(revives_given), count(played_s), sum(damage_given) filter (where played_s is not null),
        sum(kills) filter (where useful_kills is not null), count(kill_assists),
        count(full_selfkills), count(repairs_constructions),$$],
        ['add_shares(bigint[], text[])', 'revives_known_rounds = had.revives_known_rounds + excluded.revives_known_rounds,',
            $$revives_known_rounds = had.revives_known_rounds + excluded.revives_known_rounds,
        timed_rounds = had.timed_rounds + excluded.timed_rounds,
        timed_damage = coalesce(had.timed_damage + excluded.timed_damage, had.timed_damage, excluded.timed_damage),
        judged_kills = coalesce(had.judged_kills + excluded.judged_kills, had.judged_kills, excluded.judged_kills),
        events_known_rounds = had.events_known_rounds + excluded.events_known_rounds,
        full_selfkills_known_rounds = had.full_selfkills_known_rounds + excluded.full_selfkills_known_rounds,
        repairs_known_rounds = had.repairs_known_rounds + excluded.repairs_known_rounds,$$],
        ['sum_anew(text[], date[])', 'wins, revives_known_rounds,',
            $$wins, revives_known_rounds, timed_rounds, timed_damage, judged_kills, events_known_rounds,
        full_selfkills_known_rounds, repairs_known_rounds,$$],
        ['sum_anew(text[], date[])', 'sum(revives_known_rounds),',
            $$sum(revives_known_rounds), sum(timed_rounds), sum(timed_damage), sum(judged_kills),
        sum(events_known_rounds), sum(full_selfkills_known_rounds), sum(repairs_known_rounds),$$],
        -- a map's pace, too: the damage of those whose time is known
        ['add_to_maps(bigint[])', 'sum(damage_given) as damage_given,',
            'sum(damage_given) filter (where played_s is not null) as damage_given,']];
    was text;
begin
    for at in 1 .. array_length(kept, 1) loop
        was := pg_get_functiondef(kept[at][1]::regprocedure);
        if strpos(was, kept[at][2]) = 0 then
            raise exception '% does not say: %', kept[at][1], kept[at][2];
        end if;
        execute replace(was, kept[at][2], kept[at][3]);
    end loop;
end $do$;

-- What is there already.
update player_day as had set (timed_rounds, timed_damage, judged_kills, events_known_rounds,
        full_selfkills_known_rounds, repairs_known_rounds)
    = (told.timed_rounds, told.timed_damage, told.judged_kills, told.events, told.full_selfkills, told.repairs)
from (
    select person as guid, written_at::date as day, coalesce(map, '') as map, count(played_s) as timed_rounds,
        sum(damage_given) filter (where played_s is not null) as timed_damage,
        sum(kills) filter (where useful_kills is not null) as judged_kills, count(kill_assists) as events,
        count(full_selfkills) as full_selfkills, count(repairs_constructions) as repairs
    from round join player_round using (round_id)
    where counted and took_part and not is_bot
    group by person, written_at::date, grouping sets ((map), ())) as told
where (had.guid, had.day, had.map) = (told.guid, told.day, told.map);

update player_total as had set (timed_rounds, timed_damage, judged_kills, events_known_rounds,
        full_selfkills_known_rounds, repairs_known_rounds)
    = (told.timed_rounds, told.timed_damage, told.judged_kills, told.events, told.full_selfkills, told.repairs)
from (
    select guid, map, sum(timed_rounds) as timed_rounds, sum(timed_damage) as timed_damage,
        sum(judged_kills) as judged_kills, sum(events_known_rounds) as events,
        sum(full_selfkills_known_rounds) as full_selfkills, sum(repairs_known_rounds) as repairs
    from player_day group by guid, map) as told
where (had.guid, had.map) = (told.guid, told.map);

update map_total as had set damage_given = told.damage_given
from (
    select map, sum(damage_given) filter (where played_s is not null) as damage_given
    from round join player_round using (round_id)
    where counted and took_part and not is_bot
    group by map) as told
where had.map = told.map;
