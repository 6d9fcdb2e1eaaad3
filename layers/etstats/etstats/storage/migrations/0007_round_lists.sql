-- /rounds: a map's rounds that do not count, as quickly as those that do
create index round_by_map_uncounted on round (map, written_at desc) where not counted;
