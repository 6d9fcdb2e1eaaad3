"""Reads how maps are played."""

from __future__ import annotations

from etstats.domain.map import MapFigures, PlayerOnMap
from etstats.storage.database import Database


def maps_played(db: Database, *, map: str = "") -> list[MapFigures]:
    """Every map with a counted round, the most played first; or *map* alone.

    A round that was given up or held has no time to the objective, whatever its clock says.
    """
    return db.all(
        MapFigures,
        """
        select map, rounds, matches, axis_wins, allies_wins, defended, completed, given_up,
               cast(timed_s as double precision) / nullif(timed_rounds, 0) as mean_s, shortest_s, longest_s,
               fastest_s, fastest_at, last_at, kills, damage_given, played_s
        from map_total where rounds > 0 and (map = :map or :map = '')
        order by rounds desc, map""",
        map=map,
    )


def maps_of(db: Database, guid: str) -> list[PlayerOnMap]:
    """What a player did on each map he has played, most rounds first."""
    return db.all(
        PlayerOnMap,
        """
        select map, guid, name, total.rounds, wins, played_s, kills, deaths, timed_damage as damage_given,
               gun_hits, gun_shots, revives_given, revives_known_rounds
        from player_total as total join player using (guid)
        where guid = :guid and map <> '' order by total.rounds desc, map""",
        guid=guid,
    )
