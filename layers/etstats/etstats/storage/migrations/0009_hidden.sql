-- Persons who keep their figures for themselves: those their accounts are linked with, by the corrections as well.
create view hidden_person as
with recursive hidden as (
    select guid from person_link join user_setting using (user_id) where user_setting.hidden
    union
    select correction.person from hidden join correction using (guid)
    where kind = 'merge_persons' and withdrawn_at is null
) select guid from hidden;
