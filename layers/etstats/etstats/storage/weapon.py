"""Reads weapons: what is done with each, by whom best, and a player against the others."""

from __future__ import annotations

from datetime import date

from etstats.domain.period import Period, since_day
from etstats.domain.weapon import ENOUGH_ROUNDS, TopUser, WeaponComparison, WeaponFigures
from etstats.storage.database import Database
from etstats.storage.rows import values

_TOP = 5
_SUMS = ("rounds", "hits", "shots", "kills", "deaths", "headshots")
_SUMMED = ", ".join(f"cast(sum({name}) as bigint) as {name}" for name in _SUMS)
_OF_ALL_TIME = f"select weapon, guid, {', '.join(_SUMS)} from weapon_total"  # noqa: S608
_OF_DAYS = f"select weapon, guid, {_SUMMED} from weapon_day where day >= :since group by weapon, guid"  # noqa: S608


def _used(since: date | None) -> str:
    """Everybody's sums with every weapon."""
    return _OF_ALL_TIME if since is None else _OF_DAYS


def weapons_used(
    db: Database, *, weapon: str = "", period: Period = Period.ALL, today: date | None = None
) -> list[WeaponFigures]:
    """Every weapon anybody used, or one of them, most kills first, each with those who killed most with it, but nobody
    who hides."""
    since = since_day(period, today)
    found = db.all(
        dict,
        f"""
        with used as ({_used(since)}
        ), placed as (
            select used.*, player.name, guid in (select guid from hidden_person) as hidden,
                   row_number() over (partition by weapon order by guid in (select guid from hidden_person), kills desc,
                                      used.rounds, guid) as place
            from used join player using (guid) where weapon = :weapon or :weapon = ''
        )
        select weapon, count(*) as users, {_SUMMED},
               json_agg(placed order by place) filter (where place <= {_TOP} and kills > 0 and not hidden) as top
        from placed group by weapon order by sum(kills) desc, weapon""",  # noqa: S608  # our own fragments
        since=since or date.min,
        weapon=weapon,
    )
    return [WeaponFigures(**{**row, "top": values(TopUser, row["top"])}) for row in found]


def weapons_of(
    db: Database, guid: str, *, period: Period = Period.ALL, today: date | None = None
) -> list[WeaponComparison]:
    """What the player did with each weapon, most kills first, and what is usual among those who used it enough."""
    since = since_day(period, today)
    return db.all(
        WeaponComparison,
        f"""
        with used as ({_used(since)}
        ), rated as (
            select *, 100.0 * hits / nullif(shots, 0) as accuracy, 100.0 * headshots / nullif(hits, 0) as headshot,
                   1.0 * kills / rounds as per_round,
                   rounds >= least({ENOUGH_ROUNDS}, ceil(max(rounds) over (partition by weapon) / 4.0)) as enough
            from used
        ), usual as (
            select weapon, count(*) as others,
                   percentile_cont(0.5) within group (order by accuracy) as median_accuracy,
                   percentile_cont(0.5) within group (order by headshot) as median_headshots,
                   percentile_cont(0.5) within group (order by per_round) as median_kills_per_round
            from rated where enough group by weapon
        )
        select mine.weapon, mine.rounds, mine.hits, mine.shots, mine.kills, mine.deaths, mine.headshots,
               coalesce(others, 0) as compared_with, median_accuracy, median_headshots, median_kills_per_round
        from used as mine left join usual using (weapon) where guid = :guid order by mine.kills desc, weapon""",  # noqa: S608
        guid=guid,
        since=since or date.min,
    )
