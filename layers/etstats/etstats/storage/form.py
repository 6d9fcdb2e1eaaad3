"""Reads what a player's form is made of: his latest sessions, the rounds of the last month and of the latest session,
and what he did on each side."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from etstats.domain.form import (
    CONSISTENCY_DAYS,
    LEAN_DAYS,
    SESSIONS,
    Form,
    RecentRound,
    SessionFigure,
    SideSums,
    against_usual,
    consistency,
    course,
    leaning,
    tiring,
)
from etstats.domain.measure import Measure
from etstats.storage.database import Database
from etstats.storage.rows import values

# what a session knows of each figure: the part, and the whole it is a part of
_PARTS: dict[Measure, tuple[str, str]] = {
    Measure.DPM: ("damage_given", "played_s"),
    Measure.KD: ("kills", "deaths"),
    Measure.KILLS: ("kills", "rounds"),
    Measure.DEATHS: ("deaths", "rounds"),
    Measure.ACCURACY: ("gun_hits", "gun_shots"),
    Measure.HEADSHOTS: ("gun_headshot_hits", "gun_hits"),
    Measure.USEFUL: ("useful_kills", "kills"),
    Measure.SURVIVAL: ("alive_ms", "played_s"),
    Measure.REVIVES: ("revives_given", "revives_known_rounds"),
    Measure.ASSISTS: ("kill_assists", "rounds"),
    Measure.GIBS: ("gibs", "rounds"),
    Measure.OBJECTIVES: (
        "objectives_stolen + objectives_returned + dynamites_planted + dynamites_defused", "rounds",
    ),
    Measure.XP: ("xp", "rounds"),
}  # fmt: skip

# of the sessions *near*
_ROUNDS = """
    select written_at, round_id, session_id, cast(sum(damage_given) as bigint) as damage_given,
           cast(sum(played_s) as bigint) as played_s, bool_and(team = defender_team) as defended,
           bool_or(team = defender_team) as ever_defended
    from near join round using (session_id) join player_round using (round_id)
    where written_at < :tomorrow and counted and person = :guid and took_part and not is_bot
    group by written_at, round_id, session_id having sum(damage_given) is not null and sum(played_s) > 0"""


def find_form(db: Database, guid: str, *, measure: Measure = Measure.DPM, today: date) -> Form:
    """The player's latest session against those before it, and how steady he was of late, *today* included.

    Consistency, tiring and leaning are told by damage per minute, whatever the *measure*.
    """
    part, whole = _PARTS[measure]
    found = db.find(
        dict,
        f"""
        with recent as (
            select session_id, played.last_at, first_at, rounds, {part} as part, {whole} as whole
            from player_session as played join session using (session_id)
            where guid = :guid and played.last_at < :tomorrow
            order by played.last_at desc, session_id limit :sessions
        ), latest as (select session_id from recent order by last_at desc, session_id limit 1
        ), near as (
            select session_id from player_session where guid = :guid and last_at >= :lean_since and last_at < :tomorrow
            union select session_id from latest
        ), played as ({_ROUNDS}
        ), steady as (
            select * from played where written_at >= :since and played_s > 60
        ), side as (
            select defended, count(*) as rounds, sum(damage_given) as damage_given, sum(played_s) as played_s
            from played where written_at >= :lean_since and defended = ever_defended group by defended
        )
        select (select name from player where guid = :guid) as name,
               (select json_agg(recent order by last_at desc, session_id) from recent) as sessions,
               (select json_agg(steady order by written_at desc, round_id) from steady) as rounds,
               (select json_agg(played order by written_at desc, round_id)
                from played join latest using (session_id)) as evening,
               (select json_agg(side) from side where not defended) as attack,
               (select json_agg(side) from side where defended) as defence""",  # noqa: S608  # _PARTS only
        guid=guid,
        since=today - timedelta(days=CONSISTENCY_DAYS - 1),
        lean_since=today - timedelta(days=LEAN_DAYS - 1),
        tomorrow=today + timedelta(days=1),
        sessions=SESSIONS + 1,
    )
    return _form(measure, found or {})


def _form(measure: Measure, told: dict[str, Any]) -> Form:
    sessions = values(SessionFigure, told.get("sessions"))
    rounds, evening = values(RecentRound, told.get("rounds")), values(RecentRound, told.get("evening"))
    return Form(
        name=told.get("name"),
        measure=measure,
        sessions=sessions,
        usual=against_usual(measure, sessions),
        course=course(measure, sessions),
        steady_rounds=len(rounds),
        consistency=consistency(rounds),
        latest_rounds=len(evening),
        tiring=tiring(evening),
        leaning=leaning(_side(told.get("attack")), _side(told.get("defence"))),
    )


def _side(told: list[dict[str, object]] | None) -> SideSums:
    return next(iter(values(SideSums, told)), SideSums(rounds=0, damage_given=0, played_s=0))
