-- Makes the lines of these rounds equal what was computed. Whose sums change by it: everybody's who had a line in them or
-- has one now. Equal lines are no sign: a round whose header names another winner makes other wins of them.
create or replace function write_lines(changed bigint[], lines json, weapons json) returns text[] language plpgsql
    set enable_hashjoin = on as $$
declare
    before text[];
begin
    with gone as (
        delete from player_round where round_id = any (changed) returning person, is_bot
    ) select array_agg(distinct person) into before from gone where not is_bot;
    insert into player_round select * from json_populate_recordset(null::player_round, lines);
    insert into weapon_round select * from json_populate_recordset(null::weapon_round, weapons);
    return array(
        select unnest(before) union
        select person from player_round where round_id = any (changed) and not is_bot);
end $$;
