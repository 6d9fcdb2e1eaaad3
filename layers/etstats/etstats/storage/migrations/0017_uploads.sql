-- Uploads through the page: what is on its way into the bucket, and the demo that came of it.
create table upload (
    key         text primary key,            -- where its bytes go
    user_id     text not null,               -- a Discord user
    size        bigint not null,
    mark        text not null,               -- a digest of its first and last bytes
    multipart   text not null,               -- S3's name for it
    began_at    timestamptz not null,
    finished    boolean not null default false,
    refused     text,                        -- why no demo came of it, in words
    demo_id     bigint references demo on delete cascade
);
create index upload_by_user on upload (user_id, began_at);
create index upload_by_demo on upload (demo_id) where demo_id is not null;
