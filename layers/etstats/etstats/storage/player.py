"""Reads a player, by guid: his figures, his names, his accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from etstats.domain.form import SESSIONS
from etstats.domain.map import PlayerOnMap
from etstats.domain.measure import Measure
from etstats.domain.period import Period, since_day
from etstats.domain.player import Alias, Player, Profile, RecentSession, WeaponUse
from etstats.storage.database import Database
from etstats.storage.leaderboard import rankings_in, ranks
from etstats.storage.rows import only, values
from etstats.storage.total import COLUMNS, SUMMED

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

_LATELY = f"""
    recent as (
        select last_at, rounds, played_s, kills, deaths, damage_given, session_id
        from player_session where guid = :guid and last_at >= :since and :map = ''
        order by last_at desc, session_id limit {_RECENT}
    )"""  # noqa: S608
_FAVOURITE = f"""
    favourite as (
        select weapon, rounds, hits, shots, kills, deaths, headshots from used
        where kills > 0 and :map = '' order by kills desc, weapon limit {_WEAPONS}
    )"""  # noqa: S608
_VISITED = """
    visited as (
        select map, place.guid, name, place.rounds, wins, played_s, kills, deaths, timed_damage as damage_given,
               gun_hits, gun_shots, revives_given, revives_known_rounds
        from place join player using (guid) where :map = ''
    )"""
_OTHER_NAMES = f"""
    other as (
        select alias.name, alias.rounds, alias.first_at, alias.last_at
        from alias join player using (guid) where guid = :guid and alias.name <> player.name
        order by alias.last_at desc, alias.rounds desc, alias.name limit {_NAMES}
    )"""  # noqa: S608
_PLAYED_ON = "(select {which}(day) from player_day where guid = :guid and map = :map and day >= :since)"


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
        _told(since, ranked),
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


def _told(since: date | None, ranked: Sequence[Measure]) -> str:
    """The statement whose one row `find_profile` reads: of :guid, on :map, from :since on."""
    return f"""
        with whole as ({_OF_ALL_TIME if since is None else _OF_DAYS}
        ), {_LATELY}, used as ({_WEAPONS_OF_ALL_TIME if since is None else _WEAPONS_OF_DAYS}
        ), {_FAVOURITE}, place as ({_MAPS_OF_ALL_TIME if since is None else _MAPS_OF_DAYS}
        ), {_VISITED}, {_OTHER_NAMES}
        select player.guid, player.name, {COLUMNS},
               case when :map <> '' then null when :since <= date '0001-01-01' then player.sessions
                    else (select count(*) from player_session where guid = :guid and last_at >= :since) end as sessions,
               coalesce({_PLAYED_ON.format(which="min")}, cast(player.first_at as date)) as first_day,
               coalesce({_PLAYED_ON.format(which="max")}, cast(player.last_at as date)) as last_day,
               (select json_agg(recent order by last_at desc, session_id) from recent) as recent,
               (select json_agg(favourite order by kills desc, weapon) from favourite) as weapons,
               (select json_agg(other order by last_at desc, rounds desc, name) from other) as names,
               (select to_json(ranks) from ({ranks(ranked, since)}) as ranks) as ranks,
               (select json_agg(visited order by rounds desc, map) from visited) as maps
        from player left join whole using (guid) where player.guid = :guid"""  # noqa: S608  # our own fragments


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
