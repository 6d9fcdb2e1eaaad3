"""Reads what people take away: a session, a map, or everything that is kept about one person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from etstats.domain.table import Table
from etstats.storage.database import Database

# A round has a dozen lines: more than a person plays in years, and little enough for one message.
MOST_ROWS = 20_000

_ROUND = """
    round.written_at, round.map, round.number as round, round.role, round.outcome, round.duration_s, round.counted,
    round.uncounted_reason"""
_LINE = """
    person as guid, player_round.name, player_round.team, source, played_s, alive_ms, kills, deaths, damage_given,
    damage_received, team_damage_given, team_damage_received, hits, shots, headshot_hits, gun_hits, gun_shots,
    gun_headshot_hits, gibs, self_kills, team_kills, xp, killing_spree, death_spree, kill_assists, kill_steals,
    headshot_kills, objectives_stolen, objectives_returned, dynamites_planted, dynamites_defused, times_revived,
    revives_given, useful_kills, useless_kills, denied_playtime_s, multikill_2, multikill_3, multikill_4, multikill_5,
    multikill_6, full_selfkills, repairs_constructions"""

# by table what is read; :most rows at the most where they are lines of rounds
_OF_SESSION = {
    "maps": """
        select position, map, winner, winner_team, r1_attackers_team, r1_time_s, r2_time_s
        from match where session_id = :session_id order by position""",
    "rounds": f"select {_ROUND} from round where session_id = :session_id order by written_at, number",  # noqa: S608
    "players": """
        select * from player_session where session_id = :session_id
        order by damage_given desc nulls last, guid""",
    "lines": f"""
        select {_ROUND}, {_LINE} from round join player_round using (round_id)
        where session_id = :session_id and took_part order by written_at, number, line limit :most""",  # noqa: S608
}
_OF_MAP = {
    "rounds": f"select {_ROUND} from round where map = :map order by written_at desc, number limit :most",  # noqa: S608
    "players": """
        select player.name, player_total.* from player_total join player using (guid)
        where map = :map order by player_total.rounds desc, guid""",
}
_OF_ACCOUNT = {
    "link": "select guid, proven_by, name, linked_at from person_link where user_id = :user_id",
    "claim": "select guid, made_at, proven_by, refusal from link_claim where user_id = :user_id",
    "vouches": "select user_id, made_at from link_vouch where voucher_id = :user_id order by made_at",
    "settings": "select language, notify, hidden, zone, changed_at from user_setting where user_id = :user_id",
    "evenings": """
        select day, name, status, begins, said_at from availability
        where user_id = :user_id order by day, guild_id""",
    "polls": "select question, answers, opened_at, closes_at from poll where asked_by = :user_id order by poll_id",
    "votes": """
        select question as about, answers[answer + 1] as vote, voted_at
        from poll_vote join poll using (poll_id) where user_id = :user_id
        union all
        select 'mvp', guid, voted_at from mvp_vote where user_id = :user_id order by voted_at""",
    "reminders": "select said, due_at, made_at from reminder where user_id = :user_id order by due_at",
    "teams": "select made_at, players, chosen from roster where user_id = :user_id order by made_at",
    "audit": """
        select command, server, arguments, state, asked_at, ended_at, result from audit
        where actor_id = :user_id order by audit_id""",
    "uploads": "select key, size, began_at, finished from upload where user_id = :user_id order by began_at",
    "farewell": "select asked_at, due_at from farewell where user_id = :user_id",
}
_OF_PERSON = {
    "names": "select name, rounds, first_at, last_at from alias where guid = :guid order by last_at desc, name",
    "sessions": "select * from player_session where guid = :guid order by last_at desc, session_id",
    "rounds": f"""
        select {_ROUND}, {_LINE} from player_round join round using (round_id)
        where person = :guid order by written_at desc, number, line limit :most""",  # noqa: S608
    "weapons": (
        "select weapon, rounds, hits, shots, kills, deaths, headshots from weapon_total "
        "where guid = :guid order by kills desc, weapon"
    ),
    "awards": """
        select round.written_at, round.map, round.number as round, award, award.player, value_text
        from award join round_trust on endstats_id = award.file_id join round using (round_id)
        where guid in (select guid from player_round where person = :guid)
        order by written_at desc, position limit :most""",
    "duels": """
        select round.written_at, round.map, round.number as round,
               shown_name(opponent_guid, opponent) as opponent, kills, deaths
        from duel join round_trust on endstats_id = duel.file_id join round using (round_id)
        where subject_guid in (select guid from player_round where person = :guid)
        order by written_at desc, position limit :most""",
}


def session_tables(db: Database, session_id: int) -> tuple[Table, ...]:
    """A gaming session: its maps, its rounds, everybody's sums, and every line of every round."""
    return _tables(db, _OF_SESSION, session_id=session_id)


def map_tables(db: Database, map: str) -> tuple[Table, ...]:
    """Every round on *map*, and everybody's sums on it."""
    return _tables(db, _OF_MAP, map=map)


def session_start(db: Database, session_id: int) -> datetime:
    """When the first round of the gaming session ended, by the game server's clock."""
    (first_at,) = db.values("select first_at from session where session_id = :session_id", session_id=session_id)
    assert isinstance(first_at, datetime)
    return first_at


def account_tables(db: Database, user_id: str) -> tuple[Table, ...]:
    """What the Discord account itself told us."""
    return _tables(db, _OF_ACCOUNT, user_id=user_id)


def person_tables(db: Database, guid: str) -> tuple[Table, ...]:
    """All that the files say about the person *guid*: names, sessions, rounds, weapons, awards, duels."""
    return _tables(db, _OF_PERSON, guid=guid)


def _tables(db: Database, of: Mapping[str, str], **parameters: object) -> tuple[Table, ...]:
    return tuple(_table(db, name, sql, most=MOST_ROWS, **parameters) for name, sql in of.items())


def _table(db: Database, name: str, sql: str, **parameters: object) -> Table:
    found = db.all(dict, sql, **parameters)
    columns = tuple(found[0]) if found else ()
    return Table(name=name, columns=columns, rows=tuple(tuple(row.values()) for row in found))
