-- How the system is: what was last seen of each part, whoever looked; and what became a problem, told once and once more
-- when it is over. No file knows it; after a restore it is seen anew.

create table health (
    part       text primary key,             -- ssh/<server>, queue/<name>, bucket, …: domain/health.py
    light      text not null check (light in ('good', 'warn', 'bad')),
    said       text not null,                -- in words of whoever looked, for admins
    figure     double precision,
    seen_at    timestamptz not null,
    since      timestamptz not null,         -- this light
    good_at    timestamptz                   -- when it was good last; null: not yet
);

create table problem (
    problem_id bigint generated always as identity primary key,
    part       text not null,
    said       text not null,
    opened_at  timestamptz not null,
    good_since timestamptz,                  -- it is over when it stays so
    closed_at  timestamptz
);
create unique index problem_open on problem (part) where closed_at is null;

-- Keys that questions of our own are signed with, each for one question: docs/decisions/0023-canary.md
create table canary_key (
    public_key bytea primary key,
    until      timestamptz not null
);
