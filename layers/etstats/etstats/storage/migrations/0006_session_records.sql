-- The best sessions of each figure are found without looking at the others: as cheap after ten years as after one.
-- Who did nothing of it is in none of these.
create index player_session_by_kills on player_session (kills desc) where kills > 0;
create index player_session_by_damage on player_session (damage_given desc) where damage_given > 0;
create index player_session_by_headshots on player_session (gun_headshot_hits desc) where gun_headshot_hits > 0;
create index player_session_by_xp on player_session (xp desc) where xp > 0;
create index player_session_by_revives on player_session (revives_given desc) where revives_given > 0;
create index player_session_by_revived on player_session (times_revived desc) where times_revived > 0;
create index player_session_by_gibs on player_session (gibs desc) where gibs > 0;
create index player_session_by_useful on player_session (useful_kills desc) where useful_kills > 0;
create index player_session_by_stolen on player_session (objectives_stolen desc) where objectives_stolen > 0;
create index player_session_by_returned on player_session (objectives_returned desc) where objectives_returned > 0;
create index player_session_by_planted on player_session (dynamites_planted desc) where dynamites_planted > 0;
create index player_session_by_defused on player_session (dynamites_defused desc) where dynamites_defused > 0;
