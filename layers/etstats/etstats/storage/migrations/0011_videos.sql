-- Films of highlights from above, made when somebody first asks; the bytes are in the bucket, videos/<demo>/<position>.

create table video (
    demo_id   bigint not null,
    position  smallint not null,
    state     text not null default 'asked' check (state in ('asked', 'rendering', 'ready', 'failed')),
    percent   smallint not null default 0,
    key       text, still_key text,          -- ready: of the film and of a still of it
    reason    text,                          -- of a failure, in words
    told_at   timestamptz not null,          -- when the queue was last told of it
    claimed_until timestamptz,               -- rendering: until then nobody else begins
    primary key (demo_id, position),
    foreign key (demo_id, position) references highlight on delete cascade
);
