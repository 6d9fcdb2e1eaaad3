-- Parts of demos, cut when somebody first asks. The bytes are in the bucket under key; whoever has the claim cuts.
create table clip (
    demo_id   bigint not null references demo on delete cascade,
    from_ms   bigint not null,               -- server time
    to_ms     bigint not null,
    pov       smallint not null,             -- the client through whose eyes; -1: as recorded
    key       text not null,
    ready     boolean not null default false,
    claimed_until timestamptz not null,      -- not ready: until then nobody else begins
    primary key (demo_id, from_ms, to_ms, pov)
);
