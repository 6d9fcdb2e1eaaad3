-- Which round a demo shows, where somebody said so. It goes by the demo's bytes, so it outlives an analysis and the demo.
create table demo_match (
    guild_id  text not null,
    sha256    text not null,
    round_id  bigint,                        -- null: none of ours; no reference: rounds are computed anew
    made_by   text not null,                 -- a Discord user
    made_at   timestamptz not null,
    primary key (guild_id, sha256)
);

alter table demo
    add column shown_s     integer,          -- how long the round was played in it, to match it again
    add column shown_whole boolean;          -- from its beginning to its end

-- Films of highlights made with the game itself, by people who have it installed. Whoever has the claim renders, and says
-- again and again that he is still at it.
create table render (
    demo_id   bigint not null,
    position  smallint not null,
    state     text not null default 'asked' check (state in ('asked', 'rendering', 'ready', 'failed')),
    percent   smallint not null default 0,
    asked_by  text not null,                 -- a Discord user
    asked_at  timestamptz not null,
    tries     smallint not null default 0,   -- how often somebody has begun
    worker    text,                          -- who is at it
    claim     text,                          -- what he has to show
    began_at  timestamptz,                   -- … this try
    claimed_until timestamptz,               -- rendering: until then nobody else begins
    key       text,                          -- ready: of the film in the bucket
    reason    text,                          -- of a failure, in words
    primary key (demo_id, position),
    foreign key (demo_id, position) references highlight on delete cascade
);
create index render_to_do on render (asked_at) where state in ('asked', 'rendering');
