"""Demos and what was found in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from etstats.domain.demo import Demo, DemoDuel, DemoPlayer, Performance, Shown, TopShot
from etstats.domain.demo_match import Candidate, Match, Said, kills_by_name
from etstats.domain.demo_match import Shown as ShownRound
from etstats.domain.highlight import Highlight, Kind, Moment, Part
from etstats.domain.testimony import Testimony
from etstats.storage.database import Database
from etstats.storage.rows import as_json, only
from etstats.storage.testimony import find_testimony, weigh, written

_COLUMNS = """
    demo_id, guild_id, sha256, kind, name, size, uploaded_by, received_at, state, percent, reason, map, begin_ms,
    end_ms, truncated, complete, recorder, round_id, match_score, match_parts, matched_by, shown_s, shown_whole"""
_SHOWN = """
    highlight.kind, highlight.client, shown_name(highlight.guid, highlight.name) as name, highlight.team,
    highlight.guid, from_ms, to_ms, moments, parts, weapons, also, against, units"""
# of the same moment in several demos of its round the best is shown; a TV's, where they are alike
_TOLD_ONCE = """
    not exists (
        select from demo as its join highlight as twin on twin.demo_id = its.demo_id
        where its.round_id = demo.round_id and its.guild_id = demo.guild_id and its.demo_id <> demo.demo_id
            and (twin.kind, twin.client, twin.first_ms) = (highlight.kind, highlight.client, highlight.first_ms)
            and (twin.score, its.kind, its.demo_id) > (highlight.score, demo.kind, demo.demo_id))"""
_LATELY = 300  # rounds of a map that a demo is compared with
POSTED_WITHIN = timedelta(hours=6)  # after it was recorded


def receive(
    db: Database,
    *,
    guild_id: str,
    sha256: str,
    kind: str,
    name: str,
    size: int,
    by: str | None,
    now: datetime,
    recorded_at: datetime | None = None,
) -> int:
    """The number of the demo with these bytes; a new one, unless the guild has it. Safe to repeat."""
    (number,) = db.values(
        """
        insert into demo (guild_id, sha256, kind, name, size, uploaded_by, received_at, recorded_at)
        values (:guild_id, :sha256, :kind, :name, :size, :by, :now, :recorded_at)
        on conflict (guild_id, sha256) do update set uploaded_by = coalesce(demo.uploaded_by, excluded.uploaded_by)
        returning demo_id""",
        guild_id=guild_id, sha256=sha256, kind=kind, name=name, size=size, by=by, now=now,
        recorded_at=recorded_at,
    )  # fmt: skip
    return int(number)


def claim(db: Database, demo_id: int, *, now: datetime, until: datetime) -> Demo | None:
    """Takes the demo to analyse, alone until *until*; None: somebody else has it, or it is done."""
    return db.find(
        Demo,
        f"""
        update demo set state = 'analysing', percent = 0, claimed_until = :until
        where demo_id = :demo_id and (state = 'received' or (state = 'analysing' and claimed_until <= :now))
        returning {_COLUMNS}""",  # noqa: S608  # our own columns
        demo_id=demo_id, now=now, until=until,
    )  # fmt: skip


def release(db: Database, demo_id: int) -> None:
    """Gives a claim back, because something we need is away: another try may begin at once."""
    db.run("update demo set state = 'received', claimed_until = null where demo_id = :id", id=demo_id)


def progress(db: Database, demo_id: int, percent: int) -> None:
    db.run(
        "update demo set percent = :percent where demo_id = :id and state = 'analysing'", percent=percent, id=demo_id
    )


def fail(db: Database, demo_id: int, *, reason: str, now: datetime) -> None:
    """It cannot be analysed, and the same bytes never will be."""
    db.run(
        """
        update demo set state = 'failed', reason = :reason, analysed_at = :now, claimed_until = null
        where demo_id = :id""",
        reason=reason, now=now, id=demo_id,
    )  # fmt: skip


def find_demo(db: Database, demo_id: int, *, guild_id: str) -> Demo | None:
    """Of this guild; another's is not there."""
    return db.find(
        Demo,
        f"select {_COLUMNS} from demo where demo_id = :id and guild_id = :guild_id",  # noqa: S608  # our own columns
        id=demo_id, guild_id=guild_id,
    )  # fmt: skip


def find_any_demo(db: Database, demo_id: int) -> Demo | None:
    """Whosever it is: for posts, which go where its guild wants them."""
    return db.find(Demo, f"select {_COLUMNS} from demo where demo_id = :id", id=demo_id)  # noqa: S608  # our own columns


def demos(db: Database, guild_id: str, *, limit: int, offset: int = 0) -> list[Demo]:
    """The guild's, the latest first."""
    return db.all(
        Demo,
        f"""
        select {_COLUMNS} from demo where guild_id = :guild_id
        order by received_at desc, demo_id desc limit :limit offset :offset""",  # noqa: S608  # our own columns
        guild_id=guild_id, limit=limit, offset=offset,
    )  # fmt: skip


def demos_of(db: Database, round_id: int, *, guild_id: str) -> list[Demo]:
    """The guild's that show this round and are ready, the most complete first."""
    return db.all(
        Demo,
        f"""
        select {_COLUMNS} from demo where round_id = :round_id and guild_id = :guild_id and state = 'ready'
        order by shown_whole desc nulls last, complete desc nulls last, kind desc, sha256""",  # noqa: S608
        round_id=round_id, guild_id=guild_id,
    )  # fmt: skip


def shown_round(db: Database, demo: Demo) -> ShownRound:
    """What it shows, as its analysis found it."""
    told = find_testimony(db, demo.demo_id)
    kills = kills_by_name(demo_players(db, demo.demo_id)) if told is None else told.kills_by_name()
    return ShownRound(map=demo.map or "", duration_s=demo.shown_s, whole=bool(demo.shown_whole), kills=kills)


def demo_players(db: Database, demo_id: int) -> list[DemoPlayer]:
    """Most kills first."""
    return db.all(
        DemoPlayer,
        """
        select client, name, team, guid, kills, deaths, self_kills, team_kills, headshots, bullets, hits, head_hits,
               damage, first_bloods
        from demo_player where demo_id = :id order by kills desc, deaths, client""",
        id=demo_id,
    )


def highlights(
    db: Database,
    guild_id: str,
    *,
    demo_id: int | None = None,
    guid: str | None = None,
    kind: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int,
    offset: int = 0,
) -> list[Shown]:
    """The guild's, the best first: of one demo, one person, one kind, of demos received in a time, where given. What
    several demos show is told once, unless they are asked for one by one."""
    found = db.all(
        dict,
        f"""
        select demo_id, position, {_SHOWN}, demo.map, demo.kind as demo_kind, demo.sha256, demo.guild_id,
               demo.received_at, demo.begin_ms
        from highlight join demo using (demo_id)
        where highlight.guild_id = :guild_id and (cast(:demo_id as bigint) is null or demo_id = :demo_id)
              and (cast(:guid as text) is null or highlight.guid = :guid)
              and (:one_kind = '' or highlight.kind = :one_kind or :one_kind = any(also))
              and (cast(:since as timestamptz) is null or received_at >= :since)
              and (cast(:until as timestamptz) is null or received_at < :until)
              and (cast(:demo_id as bigint) is not null or {_TOLD_ONCE})
        order by score desc, demo_id desc, position limit :limit offset :offset""",  # noqa: S608  # our own columns
        guild_id=guild_id, demo_id=demo_id, guid=guid, one_kind=kind, since=since, until=until,
        limit=limit, offset=offset,
    )  # fmt: skip
    return [_shown(row) for row in found]


def _shown(row: dict[str, Any]) -> Shown:
    made = {name: row[name] for name in ("client", "name", "team", "against", "units")}
    highlight = Highlight(
        kind=Kind(row["kind"]),
        moments=tuple(Moment(**one) for one in row["moments"]),
        parts=tuple(Part(**one) for one in row["parts"]),
        weapons=tuple(row["weapons"]),
        also=tuple(map(Kind, row["also"])),
        **made,
    )
    return only(Shown, row | {"highlight": highlight})


def top_performances(db: Database, guild_id: str, measure: Performance, *, limit: int) -> list[TopShot]:
    """Single performances, the best first, once for each round. Prepared rows: what it costs does not grow with the
    number of demos."""
    return db.all(
        TopShot,
        """
        select value, shown_name(performance.guid, performance.name) as name, performance.guid, demo_id, map,
               received_at
        from performance join demo using (demo_id)
        where performance.guild_id = :guild_id and measure = :measure and not exists (
            select from demo as its join performance as twin on twin.demo_id = its.demo_id
            where its.round_id = demo.round_id and its.guild_id = demo.guild_id and its.demo_id <> demo.demo_id
                and (twin.measure, twin.client) = (performance.measure, performance.client)
                and (twin.value, its.kind, its.demo_id) > (performance.value, demo.kind, demo.demo_id))
        order by value desc, demo_id desc limit :limit""",
        guild_id=guild_id,
        measure=measure.value,
        limit=limit,
    )


def delete(db: Database, demo_id: int, *, guild_id: str, now: datetime) -> bool:
    """With all that was found in it and what it told of its round; whether it was there."""
    with db.transaction():
        shown = db.values(
            "delete from demo where demo_id = :id and guild_id = :guild_id returning round_id",
            id=demo_id, guild_id=guild_id,
        )  # fmt: skip
        weigh(db, shown, now=now)
        db.run(
            """select look_again_at_demos(array(
                   select demo_id from demo where guild_id = :guild_id and round_id = any (:shown)), :now)""",
            guild_id=guild_id, shown=shown, now=now,
        )  # fmt: skip
    return bool(shown)


def candidates(db: Database, map: str) -> list[Candidate]:
    """The latest rounds on *map*, as a demo is compared with them."""
    return _candidates(db, "lower(map) = lower(:map) order by written_at desc limit :lately", map=map, lately=_LATELY)


def find_candidate(db: Database, round_id: int) -> Candidate | None:
    """That round."""
    return next(iter(_candidates(db, "round_id = :round_id", round_id=round_id)), None)


def _candidates(db: Database, which: str, **parameters: object) -> list[Candidate]:
    return db.all(
        Candidate,
        f"""
        select round_id, map, number, written_at, duration_s, kills, persons, damage from (
            select round_id, map, number, written_at, duration_s from round where {which}) late
        join lateral (
            select json_object_agg(name, kills) filter (where kills is not null) as kills,
                   json_object_agg(name, person) as persons, json_object_agg(name, damage_given) as damage
            from (select distinct on (name) name, kills, person, damage_given from player_round
                  where player_round.round_id = late.round_id and took_part order by name, line) line) told on true
        where kills is not null""",  # noqa: S608  # our own fragments
        **parameters,
    )


def said_match(db: Database, demo: Demo) -> Said | None:
    """What somebody said it shows; None: nobody did."""
    return db.find(
        Said,
        "select round_id from demo_match where guild_id = :guild_id and sha256 = :sha256",
        guild_id=demo.guild_id,
        sha256=demo.sha256,
    )


def say_match(db: Database, demo: Demo, said: Said | None, *, by: str, now: datetime) -> None:
    """Somebody says what it shows; None: what was said is taken back."""
    place = {"guild_id": demo.guild_id, "sha256": demo.sha256}
    if said is None:
        db.run("delete from demo_match where guild_id = :guild_id and sha256 = :sha256", **place)
        return
    db.run(
        """
        insert into demo_match (guild_id, sha256, round_id, made_by, made_at)
        values (:guild_id, :sha256, :round_id, :by, :now)
        on conflict (guild_id, sha256) do update
            set round_id = excluded.round_id, made_by = excluded.made_by, made_at = excluded.made_at""",
        round_id=said.round_id, by=by, now=now, **place,
    )  # fmt: skip


def unmatched(db: Database, *, since: datetime) -> list[Demo]:
    """Demos received *since* then of which nobody knows, or has said, which round they show."""
    return db.all(
        Demo,
        f"""
        select {_COLUMNS} from demo
        where state = 'ready' and round_id is null and matched_by is null and map <> '' and received_at >= :since
        order by demo_id""",  # noqa: S608  # our own columns
        since=since,
    )


def rematch(
    db: Database, demo: Demo, match: Match | None, players: Sequence[DemoPlayer], *, human: bool, now: datetime
) -> None:
    """It shows another round than it did: *players* as that round tells them. Part of the caller's transaction."""
    before = _showed(db, demo)
    this = {"demo_id": demo.demo_id}
    _replace(db, demo, "demo_player", [this | asdict(player) for player in players])
    for table in ("highlight", "performance"):
        db.run(
            f"""
            update {table} set guid = (select guid from demo_player
                where demo_player.demo_id = {table}.demo_id and demo_player.client = {table}.client)
            where demo_id = :demo_id""",  # noqa: S608  # our own names
            **this,
        )
    measure = Performance.DAMAGE.value
    db.run("delete from performance where demo_id = :demo_id and measure = :measure", measure=measure, **this)
    db.run(
        """
        insert into performance (guild_id, measure, value, demo_id, client, name, guid)
        select :guild_id, :measure, damage, demo_id, client, name, guid from demo_player
        where demo_id = :demo_id and damage > 0""",
        guild_id=demo.guild_id, measure=measure, **this,
    )  # fmt: skip
    db.run(
        """
        update demo set round_id = :round_id, match_score = :score, match_parts = cast(:parts as jsonb),
            matched_by = :matched_by
        where demo_id = :demo_id""",
        **_matched(match, human=human), **this,
    )  # fmt: skip
    shown = match.candidate.round_id if match else None
    weigh(db, {before, shown}, now=now)
    _retell(db, demo, before, shown, now=now)


def _retell(db: Database, demo: Demo, before: int | None, shown: int | None, *, now: datetime) -> None:
    """A round's demos are told of in one message: with those of the round it showed *before* no more, with those of the
    one that is *shown* from now on."""
    if before == shown:
        return
    if before is not None:
        db.run("select tell_demo_apart(:id, :now)", id=demo.demo_id, now=now)
    # a post of its own that is still to go out tells it where the others are
    db.run(
        """select look_again_at_demos(array(select demo_id from demo where guild_id = :guild_id and (
               demo_id = :id or round_id in (:before, :shown))), :now)
           where cast(:before as bigint) is not null or not exists (
               select from outbox where kind = 'demo' and subject_id = :id and not edit and posted_at is null
                   and failure is null)""",
        guild_id=demo.guild_id, id=demo.demo_id, before=before, shown=shown, now=now,
    )  # fmt: skip


def _showed(db: Database, demo: Demo) -> int | None:
    """The round so far; nobody else joins the demo with another until the transaction ends."""
    return next(iter(db.values("select round_id from demo where demo_id = :id for update", id=demo.demo_id)), None)


def _matched(match: Match | None, *, human: bool) -> dict[str, object]:
    return {
        "round_id": match.candidate.round_id if match else None,
        "score": match.score if match else None,
        "parts": as_json(match.parts if match else []),
        "matched_by": "human" if human else "computed" if match else None,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an analysis found in a demo. *said*: somebody said what it shows. *performances*: by client and measure."""

    map: str
    mod: str
    server_name: str
    recorder: str | None
    begin_ms: int
    end_ms: int
    truncated: bool
    complete: bool
    shown_s: int | None
    shown_whole: bool
    testimony: Testimony | None
    match: Match | None
    said: bool
    players: Sequence[DemoPlayer]
    duels: Sequence[DemoDuel]
    highlights: Sequence[Highlight]
    performances: Mapping[tuple[int, Performance], float]


def write(db: Database, demo: Demo, found: Found, *, fallback_channel: str, now: datetime) -> None:
    """All of it in one transaction, in place of what was there, with the post that tells of it. Raises
    DatabaseUnavailable, with nothing changed."""
    with db.transaction():
        before = _showed(db, demo)
        for table, rows in _rows(demo, found).items():
            _replace(db, demo, table, rows)
        _finish(db, demo, found, now)
        shown = found.match.candidate.round_id if found.match else None
        weigh(db, {before, shown}, now=now)
        _post(db, demo, fallback_channel, now)
        _retell(db, demo, before, shown, now=now)


def _post(db: Database, demo: Demo, fallback_channel: str, now: datetime) -> None:
    """Into the outbox, once for each channel of its guild's; not what was recorded long ago."""
    db.run(
        """
        insert into outbox (kind, subject_id, channel_id, guild_id, happened_at, created_at, due_at)
        select 'demo', demo_id, place.channel_id, place.guild_id, received_at at time zone 'UTC', :now, :now
        from demo join places_for('demo', :fallback) as place on coalesce(place.guild_id, demo.guild_id) = demo.guild_id
        where demo_id = :id and coalesce(recorded_at, :now) > cast(:now as timestamptz) - cast(:fresh as interval)
        on conflict do nothing""",
        id=demo.demo_id,
        fallback=fallback_channel,
        fresh=POSTED_WITHIN,
        now=now,
    )


def _replace(db: Database, demo: Demo, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    db.run(f"delete from {table} where demo_id = :id", id=demo.demo_id)  # noqa: S608  # our own names
    db.run(
        f"""
        insert into {table}
        select * from json_populate_recordset(null::{table}, cast(:rows as json))""",  # noqa: S608  # our own names
        rows=as_json(rows),
    )


def _finish(db: Database, demo: Demo, found: Found, now: datetime) -> None:
    db.run(
        """
        update demo set state = 'ready', percent = 100, reason = null, claimed_until = null, analysed_at = :now,
            map = :map, mod = :mod, server_name = :server_name, recorder = :recorder, begin_ms = :begin_ms,
            end_ms = :end_ms, truncated = :truncated, complete = :complete, shown_s = :shown_s,
            shown_whole = :shown_whole, testimony = cast(:testimony as jsonb), round_id = :round_id,
            match_score = :score, match_parts = cast(:parts as jsonb), matched_by = :matched_by
        where demo_id = :id""",
        now=now, map=found.map, mod=found.mod, server_name=found.server_name, recorder=found.recorder,
        begin_ms=found.begin_ms, end_ms=found.end_ms, truncated=found.truncated, complete=found.complete,
        shown_s=found.shown_s, shown_whole=found.shown_whole, testimony=written(found.testimony),
        id=demo.demo_id,
        **_matched(found.match, human=found.said),
    )  # fmt: skip


def _rows(demo: Demo, found: Found) -> dict[str, list[dict[str, object]]]:
    """By table."""
    this = {"demo_id": demo.demo_id}
    there = this | {"guild_id": demo.guild_id}
    guids = {player.client: player.guid for player in found.players}
    names = {player.client: player.name for player in found.players}
    return {
        "demo_player": [this | asdict(player) for player in found.players],
        "demo_duel": [this | asdict(duel) for duel in found.duels],
        "highlight": [
            there | {"position": position, "guid": guids.get(one.client)} | _highlight(one, found)
            for position, one in enumerate(found.highlights, start=1)
        ],
        "performance": [
            there
            | {"measure": measure.value, "value": value, "client": client}
            | {"name": names.get(client, ""), "guid": guids.get(client)}
            for (client, measure), value in found.performances.items()
        ],
    }


def _highlight(one: Highlight, found: Found) -> dict[str, object]:
    from_ms, to_ms = one.window(found.begin_ms, found.end_ms)
    return {
        "kind": one.kind, "client": one.client, "name": one.name, "team": one.team, "first_ms": one.first_ms,
        "last_ms": one.last_ms, "from_ms": from_ms, "to_ms": to_ms, "score": one.score,
        "moments": [asdict(moment) for moment in one.moments], "parts": [asdict(part) for part in one.parts],
        "weapons": one.weapons, "also": one.also, "against": one.against, "units": one.units,
    }  # fmt: skip
