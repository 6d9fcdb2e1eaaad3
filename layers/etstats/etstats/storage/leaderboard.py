"""Reads who is ahead, out of the sums kept for each player: the cost grows with players, not with rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from etstats.domain.leaderboard import Board, Place, Ranking, Standing
from etstats.domain.measure import MEANINGS, Measure
from etstats.domain.period import Period, since_day
from etstats.storage.database import Database
from etstats.storage.measure import SCORES
from etstats.storage.rows import only

# who attended which of the sessions, numbered in the order played: a run is where both numbers grow alike
_RUNS = """
    select guid, cast(sum(rounds) as bigint) as rounds, cast(sum(run) as bigint) as sessions, max(run) as longest
    from (select guid, count(*) as run, sum(rounds) as rounds
          from (select guid, player_session.rounds, place - row_number() over (partition by guid order by place) as gap
                from (select session_id, row_number() over (order by last_at, session_id) as place
                      from session where counted_rounds > 0 and last_at >= :since) as held
                     join player_session using (session_id)) as attended
          group by guid, gap) as runs
    group by guid"""
_SESSIONS = """
    select guid, sum(rounds) as rounds, count(*) as sessions
    from session join player_session using (session_id) where session.last_at >= :since group by guid"""


def standings(
    db: Database,
    measure: Measure,
    *,
    period: Period = Period.ALL,
    map: str = "",
    today: date | None = None,
    limit: int,
) -> list[Standing]:
    """The first *limit* players by *measure*, best first; ties go to whoever played more. *map* '': all of them.

    To be listed takes as many rounds as the measure asks for, or a quarter of what the keenest has played in the
    period: a young community need not wait. *today* is the period's last day; all time needs none. Who hides is left
    out.
    """
    found = board(db, measure, period=period, map=map, today=today, lines=limit)
    return list(found.standings)


def board(
    db: Database,
    measure: Measure,
    *,
    period: Period = Period.ALL,
    map: str = "",
    today: date | None = None,
    lines: int,
    page: int = 1,
    guid: str | None = None,
    find: bool = False,
) -> Board:
    """A page of *lines* standings as in `standings`, the last one when there are fewer; and where *guid* stands.

    *find*: the page on which *guid* is, when he is listed.
    """
    since = since_day(period, today)
    rows = db.all(
        dict,
        _page(measure, since),
        **_asked(measure, map, since),
        lines=lines,
        page=page,
        guid=guid,
        find=find,
    )
    mine = next((only(Place, row) for row in rows if row["guid"] == guid), None)
    page = rows[0]["page"] if rows else 1
    return Board(page=page, standings=tuple(only(Standing, row) for row in rows if row["on_page"]), place=mine)


def _page(measure: Measure, since: date | None) -> str:
    """The statement whose rows `board` reads: a page of :lines lines, and :guid."""
    return f"""
        with {_ranked(measure, since)}
        ), shown as (
            select cast(case when :find and mine.place is not null then (mine.place - 1) / :lines + 1
                else least(:page, (greatest(everybody.listed, 1) - 1) / :lines + 1) end as integer) as page
            from (select count(*) as listed from ranked) as everybody left join ranked as mine on guid = :guid
        ), told as (
            select *, (place - 1) / :lines + 1 = page as on_page from ranked, shown
            where (place - 1) / :lines + 1 = page or guid = :guid
            union all
            select null, null, guid, score, sample, rounds, 0, enough_rounds, enough_of_it, of_it, page, false
            from rated, shown where guid = :guid and not enough
        )
        select told.*, name, abs(told.score - (select {_nearest(measure)}(score) from ranked as better
                                               where better.rank < told.rank and told.guid = :guid)) as gap
        from told join player using (guid) order by place"""  # noqa: S608  # SCORES' and our own fragments only


def _ranked(measure: Measure, since: date | None) -> str:
    """Everybody who is listed, in the order of the list; and before it everybody."""
    wanted = SCORES[measure]
    order = "asc" if MEANINGS[measure].least_first else "desc"
    return f"""total as ({_totals(measure, since)}
        ), bar as (
            select cast(least(:enough_rounds, ceil(max(rounds) / 4.0)) as integer) as enough_rounds,
                   cast(least(:enough_of_it, ceil(max({wanted.asks}) / 4.0)) as integer) as enough_of_it from total
        ), rated as (
            select guid, cast(rounds as integer) as rounds, cast({wanted.score} as double precision) as score,
                   cast({wanted.sample} as bigint) as sample, enough_rounds, enough_of_it,
                   cast({wanted.asks} as bigint) as of_it,
                   rounds >= enough_rounds and {wanted.asks} >= enough_of_it and {wanted.score} is not null as enough
            from total, bar where guid not in (select guid from hidden_person)
        ), ranked as (
            select row_number() over (order by score {order}, rounds desc, guid) as place,
                   cast(rank() over (order by score {order}) as integer) as rank, guid, score, sample, rounds,
                   cast(count(*) over () as integer) as listed, enough_rounds, enough_of_it, of_it
            from rated where enough"""  # noqa: S608


def _nearest(measure: Measure) -> str:
    """Of the better scores, the one next to mine."""
    return "max" if MEANINGS[measure].least_first else "min"


def _asked(measure: Measure, map: str, since: date | None) -> dict[str, object]:
    meaning = MEANINGS[measure]
    return {
        "enough_rounds": meaning.enough_rounds,
        "enough_of_it": meaning.enough_of_it,
        "map": map,
        "since": since or date.min,
    }


def _totals(measure: Measure, since: date | None) -> str:
    """Everybody's guid, rounds and the sums that *measure* is made of."""
    if measure is Measure.ATTENDANCE:
        return _RUNS if since else "select guid, rounds, sessions, longest_run as longest from player"
    if measure is Measure.SESSIONS:
        return _SESSIONS if since else "select guid, rounds, sessions from player"
    table, key = ("weapon", "weapon = 'GRENADE'") if measure is Measure.GRENADES else ("player", "map = :map")
    return _summed(table, key, [measure], since)


def _summed(table: str, key: str, measures: Sequence[Measure], since: date | None) -> str:
    names = dict.fromkeys(name for measure in measures for name in SCORES[measure].sums)
    if since is None:
        return f"select guid, rounds{''.join(f', {name}' for name in names)} from {table}_total where {key}"  # noqa: S608
    best = {name for measure in measures for name in SCORES[measure].best}
    sums = "".join(f", {'max' if name in best else 'sum'}({name}) as {name}" for name in names)
    return f"select guid, sum(rounds) as rounds{sums} from {table}_day where {key} and day >= :since group by guid"  # noqa: S608


def rankings(
    db: Database,
    guid: str,
    measures: Sequence[Measure],
    *,
    period: Period = Period.ALL,
    map: str = "",
    today: date | None = None,
) -> list[Ranking]:
    """Where the player stands by each of *measures*, by the rules of the leaderboard, in one statement.

    None of those whose sums are kept elsewhere: sessions, attendance and grenades.
    """
    since = since_day(period, today)
    row = db.find(dict, ranks(measures, since), guid=guid, map=map, since=since or date.min)
    return rankings_in(row, measures)


def ranks(measures: Sequence[Measure], since: date | None) -> str:
    """The statement whose one row `rankings_in` reads: of :guid, on :map, from :since on."""
    scores = ", ".join(f"case when {_enough(one)} then {SCORES[one].score} end as {one.value}" for one in measures)
    told = ", ".join(
        f"count(every.{one.value}) as {one.value}_listed, max({_bar(one)}) as {one.value}_enough, "
        f"case when max(mine.{one.value}) is not null then 1 + count(*) filter (where {_ahead(one)}) "
        f"end as {one.value}_rank"
        for one in measures
    )
    most = ", ".join(f"ceil(max({name}) / 4.0) as quarter_{name}" for name in ("rounds", *_asked_for(measures)))
    return f"""
        with total as ({_summed("player", "map = :map", measures, since)}
        ), quarter as (select {most} from total
        ), every as (
            select guid, {scores} from total, quarter
            where guid = :guid or guid not in (select guid from hidden_person))
        select {told} from quarter, every left join every as mine on mine.guid = :guid"""  # noqa: S608  # our own fragments


def rankings_in(row: Mapping[str, int | None] | None, measures: Sequence[Measure]) -> list[Ranking]:
    return [_ranking(one, row or {}) for one in measures]


def _ranking(measure: Measure, row: Mapping[str, int | None]) -> Ranking:
    """An empty archive has no bar: nobody's rounds are a quarter of nothing."""
    return Ranking(
        measure=measure,
        rank=row.get(f"{measure.value}_rank"),
        listed=row.get(f"{measure.value}_listed") or 0,
        enough_rounds=int(row.get(f"{measure.value}_enough") or MEANINGS[measure].enough_rounds),
    )


def _asked_for(measures: Sequence[Measure]) -> list[str]:
    return sorted({SCORES[one].asks for one in measures} - {"0"})


def _bar(measure: Measure) -> str:
    return f"least({MEANINGS[measure].enough_rounds}, quarter_rounds)"


def _enough(measure: Measure) -> str:
    """Whether a row of *total* is listed."""
    asks = SCORES[measure].asks
    more = "" if asks == "0" else f" and {asks} >= least({MEANINGS[measure].enough_of_it}, quarter_{asks})"
    return f"rounds >= {_bar(measure)}{more}"


def _ahead(measure: Measure) -> str:
    sign = "<" if MEANINGS[measure].least_first else ">"
    return f"every.{measure.value} {sign} mine.{measure.value}"
