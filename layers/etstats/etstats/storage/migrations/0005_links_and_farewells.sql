-- What people told us in Discord, and what is not proven yet. No file knows it, so no rebuild touches it.

-- Somebody says to be the player *guid*; one claim at a time. It becomes a person_link, or, for somebody who has one,
-- a correction that makes the second guid his.
create table link_claim (
    user_id    text primary key,
    guid       text not null,
    code       text not null,                -- carried in the in-game name, it proves the claim
    made_at    timestamptz not null,
    proven_by  text check (proven_by in ('code', 'vouches', 'admin')),   -- null: not yet
    refusal    text                          -- why it cannot come true, though it is proven
);

-- linked players who confirm a claim
create table link_vouch (
    user_id    text not null references link_claim on delete cascade,
    voucher_id text not null,
    made_at    timestamptz not null,
    primary key (user_id, voucher_id)
);

-- who asked to be forgotten, and when it is done; until then it can be taken back
create table farewell (
    user_id    text primary key,
    asked_at   timestamptz not null,
    due_at     timestamptz not null
);

-- when he wants to be written to about his evening
alter table user_setting drop column notify;
alter table user_setting add column notify text not null default 'never' check (notify in ('never', 'close', 'morning'));
