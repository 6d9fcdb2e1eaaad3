"""Reads what a player's form is made of: his latest sessions and the rounds of the last month."""

from __future__ import annotations

from datetime import date, timedelta

from etstats.domain.form import CONSISTENCY_DAYS, SESSIONS, Form, RecentRound, form
from etstats.domain.player import RecentSession
from etstats.storage.database import Database
from etstats.storage.rows import values


def find_form(db: Database, guid: str, *, today: date) -> Form:
    """The player's latest session against those before it, and how steady he was of late, *today* included."""
    found = db.find(
        dict,
        """
        with recent as (
            select last_at, rounds, played_s, kills, deaths, damage_given, session_id
            from player_session where guid = :guid and last_at < :tomorrow
            order by last_at desc, session_id limit :sessions
        ), played as (
            select written_at, round_id, cast(sum(damage_given) as bigint) as damage_given,
                   cast(sum(played_s) as bigint) as played_s
            from round join player_round using (round_id)
            where written_at >= :since and written_at < :tomorrow and counted and person = :guid and took_part
              and not is_bot
            group by round_id having sum(damage_given) is not null and sum(played_s) > 60
        )
        select (select json_agg(recent order by last_at desc, session_id) from recent) as sessions,
               (select json_agg(played order by written_at desc, round_id) from played) as rounds""",
        guid=guid,
        since=today - timedelta(days=CONSISTENCY_DAYS - 1),
        tomorrow=today + timedelta(days=1),
        sessions=SESSIONS + 1,
    )
    told = found or {}
    return form(values(RecentSession, told.get("sessions")), values(RecentRound, told.get("rounds")))
