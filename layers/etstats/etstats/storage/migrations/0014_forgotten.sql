-- Players who asked to be forgotten: nobody finds them, and no board has them, whoever plays under their guid later.
-- The guid has to stay, or the next file would bring everything back.
create table forgotten (
    guid         text primary key,
    forgotten_at timestamptz not null
);

create or replace view hidden_person as
with recursive hidden as (
    select guid from person_link join user_setting using (user_id) where user_setting.hidden
    union
    select guid from forgotten
    union
    select correction.person from hidden join correction using (guid)
    where kind = 'merge_persons' and withdrawn_at is null
) select guid from hidden;
