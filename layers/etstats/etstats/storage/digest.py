"""Reads what a night leaves to tell. It takes as long as its players have played, and is asked for once a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from etstats.domain.digest import (
    ENOUGH_EVENINGS,
    ENOUGH_ROUNDS,
    Best,
    FallenRecord,
    OnThisDay,
    PersonalBest,
    night_number,
)
from etstats.storage.database import Database

_FEWEST_ROUNDS = 4  # of an evening whose damage per minute is compared


def sessions_of(db: Database, night: date) -> list[int]:
    """The gaming sessions that count, in time order."""
    begins = datetime(night.year, night.month, night.day) + timedelta(hours=6)
    return db.values(
        """select session_id from session
           where night_of(first_at) = :night and first_at >= :begins and counted_rounds > 0
           order by first_at, session_id""",
        night=night_number(night),
        begins=begins,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    guid: str
    name: str
    best: str
    value: float
    before: float
    n: int
    map: str | None


# the best by each figure of who was there, tonight and before, where tonight's is better
_BESTS = """
    with present as (
        select guid, (array_agg(name order by player_session.last_at desc))[1] as name, min(first_at) as begins
        from session join player_session using (session_id) where session_id = any (:ids) group by guid
    ), line as (
        select present.guid, present.name, session_id = any (:ids) as tonight, round.map, kills, damage_given,
               gun_headshot_hits, revives_given, gibs
        from present join player_round on person = present.guid join round using (round_id)
        where counted and took_part and not is_bot and (session_id = any (:ids) or written_at < begins)
    ), evening as (
        select guid, present.name, session_id = any (:ids) as tonight, 60.0 * damage_given / played_s as dpm
        from present join player_session using (guid)
        where rounds >= :fewest and played_s > 0 and damage_given is not null
            and (session_id = any (:ids) or player_session.last_at < begins)
    )
    select guid, name, best, cast(max(value) filter (where tonight) as double precision) as value,
           cast(max(value) filter (where not tonight) as double precision) as before,
           count(value) filter (where not tonight) as n,
           (array_agg(map order by value desc) filter (where tonight and value is not null))[1] as map
    from line cross join lateral (values ('kills', kills), ('damage', damage_given), ('revives', revives_given),
        ('headshots', gun_headshot_hits), ('gibs', gibs)) as known (best, value)
    group by guid, name, best
    having max(value) filter (where tonight) > max(value) filter (where not tonight)
        and max(value) filter (where not tonight) > 0 and count(value) filter (where not tonight) >= :enough_rounds
    union all
    select guid, name, 'dpm', max(dpm) filter (where tonight), max(dpm) filter (where not tonight),
           count(*) filter (where not tonight), null
    from evening group by guid, name
    having max(dpm) filter (where tonight) > max(dpm) filter (where not tonight)
        and max(dpm) filter (where not tonight) > 0 and count(*) filter (where not tonight) >= :enough_evenings"""


def personal_bests(db: Database, session_ids: Sequence[int]) -> list[PersonalBest]:
    """Whatever somebody had never done before in a round, or over an evening, of enough of them."""
    rows = db.all(
        _Row,
        _BESTS,
        ids=list(session_ids),
        fewest=_FEWEST_ROUNDS,
        enough_rounds=ENOUGH_ROUNDS,
        enough_evenings=ENOUGH_EVENINGS,
    )
    return [
        PersonalBest(
            guid=row.guid, name=row.name, best=Best(row.best), value=float(row.value), before=float(row.before),
            n=row.n, map=row.map,
        )
        for row in rows
    ]  # fmt: skip


def fallen_records(db: Database, session_ids: Sequence[int]) -> list[FallenRecord]:
    """Of those that stand by now and were set in these sessions: what they were before. Who only came level did not
    break one."""
    return db.all(
        FallenRecord,
        """
        with tonight as (
            select array_agg(round_id) as ids, array_agg(distinct map) as maps
            from round where session_id = any (:ids) and counted
        ), placed as (
            select player_record.*, coalesce(player.name, player_record.name) as called,
                   player_record.rounds && tonight.ids as is_new, row_number() over (
                       partition by scope, map, figure, player_record.rounds && tonight.ids
                       order by value desc, at desc, player_record.name collate "C", player_record.rounds, person
                   ) as place
            from tonight join player_record on map = any (tonight.maps) left join player on player.guid = person
        )
        select new.scope, new.map, new.figure, new.value, new.person as guid, new.called as name,
               old.value as before, old.called as holder
        from placed as new join placed as old using (scope, map, figure)
        where new.is_new and not old.is_new and new.place = 1 and old.place = 1 and new.value > old.value""",
        ids=list(session_ids),
    )


def find_on_this_day(db: Database, night: date) -> OnThisDay | None:
    """The longest evening of the same night in the latest year before."""
    return db.find(
        OnThisDay,
        """
        select first_at, cast(maps as integer) as maps, cast(players as integer) as players,
               cast(score_a as integer) as score_a, cast(score_b as integer) as score_b, team_a, team_b
        from session
        where night_of(first_at) % 10000 = :night % 10000 and night_of(first_at) < :night and maps > 0
        order by night_of(first_at) desc, maps desc, session_id limit 1""",
        night=night_number(night),
    )
