-- What lies in the game servers' folders of demos, and what of it the bucket has.
create table demo_file (
    server        text not null,
    name          text not null,
    listed_size   bigint not null,           -- as last listed
    listed_mtime  bigint not null,           -- seconds, by the server's clock
    listed_at     timestamptz not null,      -- since when it is listed so
    taken_size    bigint, taken_mtime bigint,-- as it was when it was taken; null: never
    sha256        text,                      -- of what was taken
    note          text,                      -- why it is not taken, in words
    primary key (server, name)
);
