"""Players of all time, kept by the transaction that stores a session, so that reading them stays cheap.

Always summed anew from the sessions of the players concerned, never counted on: there is nothing that can drift.
"""

from __future__ import annotations

from collections.abc import Sequence

from etstats.storage.database import Database

_PLAYER = """
    insert into player (
        guid, name, search_name, sessions, rounds, first_at, last_at, played_s, alive_ms,
        kills, deaths, hits, shots, headshot_hits, gun_hits, gun_shots, gun_headshot_hits,
        damage_given, damage_received, team_damage_given, gibs, self_kills, team_kills, xp,
        max_killing_spree, max_death_spree, kill_assists, headshot_kills, objectives,
        times_revived, useful_kills, denied_playtime_s, multikills, revives_given, revives_known_rounds)
    select guid, name, search_key(name), sessions, rounds, first_at, last_at, played_s, alive_ms,
        kills, deaths, hits, shots, headshot_hits, gun_hits, gun_shots, gun_headshot_hits,
        damage_given, damage_received, team_damage_given, gibs, self_kills, team_kills, xp,
        max_killing_spree, max_death_spree, kill_assists, headshot_kills, objectives,
        times_revived, useful_kills, denied_playtime_s, multikills, revives_given, revives_known_rounds
    from (
        select guid, (array_agg(name order by last_at desc, session_id desc))[1] as name, count(*) as sessions,
            sum(rounds) as rounds, min(last_at) as first_at, max(last_at) as last_at,
            coalesce(sum(played_s), 0) as played_s, sum(alive_ms) as alive_ms,
            sum(kills) as kills, sum(deaths) as deaths, sum(hits) as hits, sum(shots) as shots,
            sum(headshot_hits) as headshot_hits, sum(gun_hits) as gun_hits, sum(gun_shots) as gun_shots,
            sum(gun_headshot_hits) as gun_headshot_hits,
            coalesce(sum(damage_given), 0) as damage_given, coalesce(sum(damage_received), 0) as damage_received,
            coalesce(sum(team_damage_given), 0) as team_damage_given, coalesce(sum(gibs), 0) as gibs,
            coalesce(sum(self_kills), 0) as self_kills, coalesce(sum(team_kills), 0) as team_kills,
            coalesce(sum(xp), 0) as xp,
            max(max_killing_spree) as max_killing_spree, max(max_death_spree) as max_death_spree,
            coalesce(sum(kill_assists), 0) as kill_assists, coalesce(sum(headshot_kills), 0) as headshot_kills,
            coalesce(sum(objectives_stolen + objectives_returned + dynamites_planted + dynamites_defused), 0)
                as objectives,
            coalesce(sum(times_revived), 0) as times_revived, coalesce(sum(useful_kills), 0) as useful_kills,
            coalesce(sum(denied_playtime_s), 0) as denied_playtime_s,
            coalesce(sum(multikill_2 + multikill_3 + multikill_4 + multikill_5 + multikill_6), 0) as multikills,
            sum(revives_given) as revives_given, sum(revives_known_rounds) as revives_known_rounds
        from player_session where guid = any(:guids) group by guid) as summed
"""

_ALIAS = """
    insert into alias (guid, name, search_name, rounds, first_at, last_at)
    select guid, name, search_key(name), count(*), min(written_at), max(written_at)
    from player_round join round using (round_id)
    where guid = any(:guids) and counted and took_part
    group by guid, name
"""

_WEAPON = """
    insert into player_weapon (guid, weapon, rounds, hits, shots, kills, deaths, headshots)
    select guid, weapon, count(*), sum(weapon_round.hits), sum(weapon_round.shots), sum(weapon_round.kills),
        sum(weapon_round.deaths), sum(weapon_round.headshots)
    from weapon_round join round using (round_id) where guid = any(:guids) and counted
    group by guid, weapon
"""


def refresh_players(db: Database, guids: Sequence[str]) -> None:
    """Sums up *guids* again: the player, his names and his weapons. Who has no session left is gone."""
    if not guids:
        return
    wanted = sorted(guids)
    # two game servers may store at once; the same player's sums are then made one after the other
    db.run(
        """select pg_advisory_xact_lock(hashtextextended(guid, 1))
           from (select unnest(cast(:guids as text[])) as guid order by 1) as wanted""",
        guids=wanted,
    )
    db.run("delete from player where guid = any(:guids)", guids=wanted)  # names and weapons go with it
    for statement in (_PLAYER, _ALIAS, _WEAPON):
        db.run(statement, guids=wanted)
