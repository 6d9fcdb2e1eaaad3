"""Reads players: by guid, and by the names they have gone by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from etstats.domain.form import SESSIONS
from etstats.domain.map import PlayerOnMap
from etstats.domain.measure import Measure
from etstats.domain.period import Period, since_day
from etstats.domain.player import SHORTEST_ALIKE, Alias, Named, Player, Profile, RecentSession, WeaponUse
from etstats.storage.database import Database
from etstats.storage.leaderboard import rankings_in, ranks
from etstats.storage.rows import only, values
from etstats.storage.total import COLUMNS, SUMMED

_NAMES_LOOKED_AT = 300
_RECENT, _WEAPONS, _NAMES = SESSIONS + 1, 3, 3  # as many as a profile tells
_OF_ALL_TIME = "select * from player_total where guid = :guid and map = :map"
_OF_DAYS = (
    f"select guid, {SUMMED} from player_day "  # noqa: S608
    "where guid = :guid and map = :map and day >= :since group by guid"
)
_MAPS_OF_ALL_TIME = "select * from player_total where guid = :guid and map <> ''"
_MAPS_OF_DAYS = f"""
    select map, guid, {SUMMED}
    from player_day where guid = :guid and map <> '' and day >= :since group by map, guid"""  # noqa: S608
_WEAPONS_OF_ALL_TIME = "select * from weapon_total where guid = :guid"
_WEAPONS_OF_DAYS = """
    select weapon, sum(rounds) as rounds, sum(hits) as hits, sum(shots) as shots, sum(kills) as kills,
           sum(deaths) as deaths, sum(headshots) as headshots
    from weapon_day where guid = :guid and day >= :since group by weapon"""


def find_profile(
    db: Database,
    guid: str,
    *,
    period: Period = Period.ALL,
    map: str = "",
    today: date | None = None,
    ranked: Sequence[Measure] = (Measure.GAMES,),
) -> Profile | None:
    """The player's figures in the period, on the map ('': on all), with his latest sessions, what he kills with, whom
    else he was called, and his place in the group by each measure in *ranked*. Without a round there, zero rounds;
    None: no such player.

    Sessions, weapons and maps are told over all maps only.
    """
    since = since_day(period, today)
    found = db.find(
        dict,
        f"""
        with whole as ({_OF_ALL_TIME if since is None else _OF_DAYS}
        ), recent as (
            select last_at, rounds, played_s, kills, deaths, damage_given, session_id
            from player_session where guid = :guid and last_at >= :since and :map = ''
            order by last_at desc, session_id limit {_RECENT}
        ), used as ({_WEAPONS_OF_ALL_TIME if since is None else _WEAPONS_OF_DAYS}
        ), favourite as (
            select weapon, rounds, hits, shots, kills, deaths, headshots from used
            where kills > 0 and :map = '' order by kills desc, weapon limit {_WEAPONS}
        ), place as ({_MAPS_OF_ALL_TIME if since is None else _MAPS_OF_DAYS}
        ), visited as (
            select map, place.guid, name, place.rounds, wins, played_s, kills, deaths, damage_given, gun_hits,
                   gun_shots, revives_given, revives_known_rounds
            from place join player using (guid) where :map = ''
        ), other as (
            select alias.name, alias.rounds, alias.first_at, alias.last_at
            from alias join player using (guid) where guid = :guid and alias.name <> player.name
            order by alias.last_at desc, alias.rounds desc, alias.name limit {_NAMES}
        )
        select player.guid, player.name, {COLUMNS},
               case when :map <> '' then null when :since <= date '0001-01-01' then player.sessions
                    else (select count(*) from player_session where guid = :guid and last_at >= :since) end as sessions,
               coalesce((select min(day) from player_day where guid = :guid and map = :map and day >= :since),
                        cast(player.first_at as date)) as first_day,
               coalesce((select max(day) from player_day where guid = :guid and map = :map and day >= :since),
                        cast(player.last_at as date)) as last_day,
               (select json_agg(recent order by last_at desc, session_id) from recent) as recent,
               (select json_agg(favourite order by kills desc, weapon) from favourite) as weapons,
               (select json_agg(other order by last_at desc, rounds desc, name) from other) as names,
               (select to_json(ranks) from ({ranks(ranked, since)}) as ranks) as ranks,
               (select json_agg(visited order by rounds desc, map) from visited) as maps
        from player left join whole using (guid) where player.guid = :guid""",  # noqa: S608  # our own fragments
        guid=guid,
        map=map,
        since=since or date.min,
    )
    if found is None:
        return None
    return Profile(
        player=only(Player, found),
        recent=values(RecentSession, found["recent"]),
        weapons=values(WeaponUse, found["weapons"]),
        names=values(Alias, found["names"]),
        maps=values(PlayerOnMap, found["maps"]),
        rankings=tuple(rankings_in(found["ranks"], ranked)),
    )


def aliases(db: Database, guid: str) -> list[Alias]:
    """Every name the player had in a counted round, the latest first."""
    return db.all(
        Alias,
        """
        select name, rounds, first_at, last_at from alias where guid = :guid
        order by last_at desc, rounds desc, name""",
        guid=guid,
    )


def accounts_of(db: Database, guid: str) -> list[str]:
    """Every GUID whose rounds were the person *guid*'s, the most used first."""
    return db.values(
        "select guid from player_round where person = :guid and not is_bot group by guid order by count(*) desc, guid",
        guid=guid,
    )


def find_name(db: Database, guid: str) -> str:
    """The person's latest name; the guid itself where there is none."""
    return next(iter(db.values("select name from player where guid = :guid", guid=guid)), guid)


def players_named(db: Database, *, typed: str, search: str, limit: int, me: str | None = None) -> list[Named]:
    """Players one of whose names is *typed*, or else contains *search* (its search key): the whole name before its
    beginning before its middle, then who played more. Nothing typed: everybody, latest first. Who hides is
    found by nobody but himself, *me*."""
    if not typed:
        return _latest_players(db, limit, me)
    return db.all(
        Named,
        """
        select guid, name, matched, search_name, rounds, last_at from (
            select distinct on (guid) guid, player.name, known.name as matched, known.search_name,
                   player.rounds, player.last_at,
                   case when lower(known.name) = lower(:typed) then 0
                        when known.search_name = :search then 1
                        when starts_with(known.search_name, :search) then 2
                        else 3 end as place
            from (select guid, name, search_name from player
                  union select guid, name, search_name from alias) known
                 join player using (guid)
            where (lower(known.name) = lower(:typed)
                   or (:search <> '' and position(:search in known.search_name) > 0))
               and (guid = :me or guid not in (select guid from hidden_person))
            order by guid, place, known.name <> player.name, known.name) found
        order by place, rounds desc, guid
        limit :limit""",
        typed=typed,
        search=search,
        limit=limit,
        me=me,
    )


def _latest_players(db: Database, limit: int, me: str | None) -> list[Named]:
    return db.all(
        Named,
        """
        select guid, name, name as matched, search_name, rounds, last_at from player
        where guid = :me or guid not in (select guid from hidden_person)
        order by last_at desc, rounds desc, guid limit :limit""",
        limit=limit,
        me=me,
    )


def names_near(db: Database, search: str, *, me: str | None = None) -> list[Named]:
    """Names that may look like *search* (a search key): of alike length, those first that share most with it, by its
    first letter and by two letters in a row. What `nearest` chooses from; it is far slower than PostgreSQL."""
    return db.all(
        Named,
        """
        select guid, player.name, known.name as matched, known.search_name, player.rounds, player.last_at
        from (select guid, name, search_name, cast(starts_with(search_name, left(:search, 1)) as integer) + (
                  select count(*) from unnest(cast(:pairs as text[])) as pair where position(pair in search_name) > 0
              ) as shared
              from (select guid, name, search_name from player union select guid, name, search_name from alias) named
              where length(search_name) between :shortest and :longest) known
             join player using (guid)
        where shared > 0 and (guid = :me or guid not in (select guid from hidden_person))
        order by shared desc, player.rounds desc, guid, known.name limit :limit""",
        search=search,
        shortest=math.ceil(len(search) * SHORTEST_ALIKE),
        longest=math.floor(len(search) / SHORTEST_ALIKE),
        pairs=sorted({search[at : at + 2] for at in range(len(search) - 1)}),
        limit=_NAMES_LOOKED_AT,
        me=me,
    )


def is_hidden(db: Database, guid: str) -> bool:
    """Whether the player keeps his figures for himself."""
    return bool(db.values("select 1 from hidden_person where guid = :guid", guid=guid))
