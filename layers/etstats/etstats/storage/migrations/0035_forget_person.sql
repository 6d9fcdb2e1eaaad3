-- Who asked to be forgotten is a correction like any other: what he did is computed again without his names.
alter table correction drop constraint correction_kind_check;
alter table correction add constraint correction_kind_check
    check (kind in ('void_round', 'name_teams', 'merge_persons', 'attribute_guid', 'forget_person'));

insert into correction (kind, guid, made_by, reason, made_at)
select 'forget_person', guid, 'himself', 'asked to be forgotten', forgotten_at from forgotten order by forgotten_at, guid;

-- They, with every guid that is theirs by merges.
create view forgotten_guid as
with recursive leaving as (
    select guid from correction where kind = 'forget_person' and withdrawn_at is null
    union
    select one from leaving join correction on leaving.guid in (correction.guid, correction.person)
        cross join lateral (values (correction.guid), (correction.person)) as merged (one)
    where kind = 'merge_persons' and withdrawn_at is null
) select guid from leaving;

create or replace view hidden_person as
with recursive hidden as (
    select guid from person_link join user_setting using (user_id) where user_setting.hidden
    union
    select guid from forgotten_guid
    union
    select correction.person from hidden join correction using (guid)
    where kind = 'merge_persons' and withdrawn_at is null
) select guid from hidden;

drop table forgotten;

-- Names that are kept as they were written, as endstats files and demos have them, but for those of the forgotten.
create function shown_name(of_guid text, name text) returns text language sql stable
    return case when of_guid in (select guid from forgotten_guid) then '(forgotten)' else name end;
