-- since when a game server sends endstats files: looked up for every round that is listed, however many files of another
-- kind it sends
create index companion_endstats on companion (server, earliest) where kind = 'endstats';
