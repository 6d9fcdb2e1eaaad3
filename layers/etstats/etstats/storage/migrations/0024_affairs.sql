-- People's affairs: who is in on which evening, polls, reminders, teams that were made, votes for an evening's best.
-- No file knows any of it, so no rebuild touches it. Identifiers are Discord's, as it writes them.

create table availability (
    guild_id   text not null,
    day        date not null,
    user_id    text not null,
    name       text not null,                -- as he was called when he said so
    status     text not null check (status in ('yes', 'late', 'maybe', 'no')),
    begins     text not null default '',     -- as he wrote it: 20:30
    said_at    timestamptz not null,
    primary key (guild_id, day, user_id)
);
create index availability_by_user on availability (user_id);

create table poll (
    poll_id        bigint generated always as identity primary key,
    guild_id       text not null,
    channel_id     text not null,
    asked_by       text not null,
    question       text not null,
    answers        text[] not null,
    language       text not null,            -- what is shown to everybody stays in one
    opened_at      timestamptz not null,
    closes_at      timestamptz not null,
    interaction_id text not null unique      -- asked twice, it is one poll
);

create table poll_vote (
    poll_id    bigint not null references poll on delete cascade,
    user_id    text not null,
    answer     smallint not null,            -- 0 is the first
    voted_at   timestamptz not null,
    primary key (poll_id, user_id)
);

-- What is to be said, and when; the outbox says it.
create table reminder (
    reminder_id    bigint generated always as identity primary key,
    user_id        text not null,
    guild_id       text not null,
    channel_id     text not null,            -- 'user/<number>': to him alone
    said           text not null,
    due_at         timestamptz not null,
    made_at        timestamptz not null,
    interaction_id text not null unique
);
create index reminder_by_user on reminder (user_id, due_at);

-- Teams somebody had made, the best splits first; chosen: the one that was played, from 1.
create table roster (
    roster_id      bigint generated always as identity primary key,
    guild_id       text not null,
    user_id        text not null,            -- who asked
    made_at        timestamptz not null,
    players        jsonb not null,
    splits         jsonb not null,
    chosen         smallint,
    chosen_at      timestamptz,
    interaction_id text not null unique
);
create index roster_chosen on roster (guild_id, chosen_at desc) where chosen is not null;

-- A session is known by one of its rounds, because its own number is another once an earlier round came late.
create table mvp_vote (
    round_id   bigint not null,
    user_id    text not null,
    guid       text not null,                -- for whom
    voted_at   timestamptz not null,
    primary key (round_id, user_id)
);

-- where his clock is, as IANA names it; '': not told
alter table user_setting add column zone text not null default '';
