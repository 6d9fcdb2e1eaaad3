-- Packages of maps that we brought to a game server: these alone are ours to take away again. What is taken away lies in a
-- bin there for a week.
create table map_package (
    package_id  bigint generated always as identity primary key,
    server      text not null,
    name        text not null,
    sha256      text not null,
    size        integer not null,
    maps        text[] not null,
    brought_by  text not null,
    brought_at  timestamptz not null,
    binned_at   timestamptz,               -- null: it is there
    emptied_at  timestamptz                -- it is gone for good
);
create unique index map_package_there on map_package (server, lower(name)) where binned_at is null;
