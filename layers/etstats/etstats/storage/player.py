"""Reads players: by guid, and by the names they have gone by."""

from __future__ import annotations

from etstats.domain.player import Alias, Named, Player, RecentSession, WeaponUse
from etstats.storage.database import Database

_NAMES_LOOKED_AT = 3_000


def find_player(db: Database, guid: str) -> Player | None:
    return db.find(
        Player,
        """
        select guid, name, sessions, player.rounds, first_at, last_at, played_s, alive_ms, kills, deaths,
               gun_hits, gun_shots, gun_headshot_hits, damage_given, damage_received, team_damage_given,
               gibs, self_kills, xp, max_killing_spree, kill_assists, objectives, times_revived, useful_kills,
               multikills, revives_given, revives_known_rounds
        from player join player_total using (guid) where guid = :guid and map = ''""",
        guid=guid,
    )


def recent_sessions(db: Database, guid: str, *, limit: int) -> list[RecentSession]:
    """The player's latest sessions, latest first."""
    return db.all(
        RecentSession,
        """
        select last_at, rounds, played_s, kills, deaths, damage_given
        from player_session where guid = :guid
        order by last_at desc, session_id limit :limit""",
        guid=guid,
        limit=limit,
    )


def top_weapons(db: Database, guid: str, *, limit: int) -> list[WeaponUse]:
    """What the player kills with, most kills first."""
    return db.all(
        WeaponUse,
        """
        select weapon, rounds, hits, shots, kills, deaths, headshots
        from weapon_total where guid = :guid and kills > 0
        order by kills desc, weapon limit :limit""",
        guid=guid,
        limit=limit,
    )


def other_names(db: Database, guid: str, *, limit: int) -> list[Alias]:
    """Names the player went by before the present one, latest first."""
    return db.all(
        Alias,
        """
        select alias.name, alias.rounds, alias.last_at
        from alias join player using (guid)
        where guid = :guid and alias.name <> player.name
        order by alias.last_at desc, alias.rounds desc, alias.name limit :limit""",
        guid=guid,
        limit=limit,
    )


def players_named(db: Database, *, typed: str, search: str, limit: int) -> list[Named]:
    """Players one of whose names is *typed*, or else contains *search* (its search key): the whole name before its
    beginning before its middle, then who played more. Nothing typed: everybody, latest first."""
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
            where lower(known.name) = lower(:typed)
               or (:search <> '' and position(:search in known.search_name) > 0)
               or :typed = ''
            order by guid, place, known.name <> player.name, known.name) found
        order by place, case when :typed = '' then last_at end desc nulls last, rounds desc, guid
        limit :limit""",
        typed=typed,
        search=search,
        limit=limit,
    )


def everybody(db: Database) -> list[Named]:
    """Every name of those who play most, for finding one that looks alike."""
    return db.all(
        Named,
        """
        select guid, player.name, known.name as matched, known.search_name, player.rounds, player.last_at
        from (select guid, name, search_name from player
              union select guid, name, search_name from alias) known
             join player using (guid)
        where known.search_name <> ''
        order by player.rounds desc, guid, known.name limit :limit""",
        limit=_NAMES_LOOKED_AT,
    )
