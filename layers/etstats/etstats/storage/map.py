"""Reads maps: which there are, how they are played, and by whom."""

from __future__ import annotations

from etstats.domain.map import Attack, MapFigures, PlayerOnMap
from etstats.storage.database import Database


def find_map(db: Database, typed: str) -> str | None:
    """The map called *typed*, or else the one most played whose name begins like that or has it inside; or whose
    `mark` it is."""
    found = db.values(
        """
        select map from player_total
        where map <> '' and (position(lower(:typed) in lower(map)) > 0 or left(md5(map), 8) = substr(:typed, 2))
        group by map
        order by lower(map) <> lower(:typed), not starts_with(lower(map), lower(:typed)), sum(rounds) desc, map
        limit 1""",
        typed=typed,
    )
    return str(found[0]) if found else None


def maps_named(db: Database, typed: str, *, limit: int) -> list[str]:
    """Maps with *typed* in their names, those that begin with it first, then who is played most."""
    return db.values(
        """
        select map from player_total where map <> '' and position(lower(:typed) in lower(map)) > 0
        group by map order by not starts_with(lower(map), lower(:typed)), sum(rounds) desc, map limit :limit""",
        typed=typed,
        limit=limit,
    )


def maps_played(db: Database, *, map: str = "") -> list[MapFigures]:
    """Every map with a counted round, the most played first; or *map* alone.

    A round that was given up or held has no time to the objective, whatever its clock says.
    """
    return db.all(
        MapFigures,
        """
        select played.*, coalesce(matches, 0) as matches, fastest_at, coalesce(kills, 0) as kills,
               damage_given, played_s
        from (select map, count(*) as rounds,
                     count(*) filter (where winner_team = 1) as axis_wins,
                     count(*) filter (where winner_team = 2) as allies_wins,
                     count(*) filter (where outcome = 'defended') as defended,
                     count(*) filter (where outcome = 'completed') as completed,
                     count(*) filter (where ended_early) as given_up,
                     cast(avg(duration_s) filter (where ended_early is not true) as double precision) as mean_s,
                     min(duration_s) filter (where ended_early is not true) as shortest_s,
                     max(duration_s) filter (where ended_early is not true) as longest_s,
                     min(time_s) filter (where outcome = 'completed') as fastest_s,
                     max(written_at) as last_at
              from round where counted and (map = :map or :map = '') group by map) as played
             left join lateral (
                 select written_at as fastest_at from round
                 where counted and round.map = played.map and outcome = 'completed' and time_s = played.fastest_s
                 order by written_at desc limit 1) as fastest on true
             left join (select map, count(*) as matches from match where map = :map or :map = '' group by map) as pairs
                 using (map)
             left join (
                 select map, cast(sum(kills) as bigint) as kills, cast(sum(damage_given) as bigint) as damage_given,
                        cast(sum(played_s) as bigint) as played_s
                 from player_total where map <> '' and (map = :map or :map = '') group by map) as total using (map)
        order by played.rounds desc, map""",
        map=map,
    )


_ON_MAP = """
    select map, guid, name, total.rounds, wins, played_s, kills, deaths, damage_given, gun_hits, gun_shots,
           revives_given, revives_known_rounds
    from player_total as total join player using (guid)"""


def players_on(db: Database, map: str, *, limit: int) -> list[PlayerOnMap]:
    """Who has played *map* most, most rounds first."""
    return db.all(
        PlayerOnMap,
        f"{_ON_MAP} where map = :map order by total.rounds desc, guid limit :limit",
        map=map,
        limit=limit,
    )


def maps_of(db: Database, guid: str) -> list[PlayerOnMap]:
    """What a player did on each map he has played, most rounds first."""
    return db.all(PlayerOnMap, f"{_ON_MAP} where guid = :guid and map <> '' order by total.rounds desc, map", guid=guid)


def attacks_on(db: Database, map: str, *, limit: int) -> list[Attack]:
    """The latest *limit* rounds of *map* that were played out, the latest first."""
    return db.all(
        Attack,
        """
        select written_at as at, number, duration_s, limit_s, outcome = 'completed' as completed from round
        where map = :map and counted and ended_early is not true and duration_s is not null and outcome is not null
        order by written_at desc, round_id limit :limit""",
        map=map,
        limit=limit,
    )
