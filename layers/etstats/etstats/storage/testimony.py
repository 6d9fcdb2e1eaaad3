"""What demos tell of a round, weighed with its files: the round's trust follows whatever joins or leaves it.

Everything here is part of the caller's transaction. A round is weighed again when a demo of it comes, goes or is told
to show another, and when its files are judged again. The order is always the same, so nobody waits for each other:
demos' rows, then the game server's lock, as `claim_file` takes it, then the round.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from etstats.domain.round import DurationSource, Role
from etstats.domain.testimony import (
    TESTIMONY_VERSION,
    Files,
    Killing,
    Testimony,
    Told,
    ToldDuel,
    Witness,
    judged,
    most_complete,
)
from etstats.domain.trust import Check, Doubt, Origin, Trust, Verdict
from etstats.storage.database import Database
from etstats.storage.rows import as_json, values

_UNUSABLE = (Role.EMPTY.value, Role.UNUSABLE.value)


def written(testimony: Testimony | None) -> str | None:
    """As the column holds it."""
    return None if testimony is None else as_json({"version": TESTIMONY_VERSION} | asdict(testimony))


def _read(told: Mapping[str, Any] | None) -> Testimony | None:
    if told is None or told["version"] != TESTIMONY_VERSION:
        return None
    plain = {name: told[name] for name in ("whole", "everybody", "duration_s")}
    return Testimony(
        **plain, players=values(Witness, told["players"]), kills=tuple(Killing(**one) for one in told["kills"])
    )


def find_testimony(db: Database, demo_id: int) -> Testimony | None:
    found = db.values("select testimony from demo where demo_id = :id", id=demo_id)
    return _read(found[0]) if found else None


def weigh(db: Database, round_ids: Collection[int | None], *, now: datetime) -> None:
    """Makes the trust of these rounds what their files and demos together give; what was posted about them is looked
    at again where it is not so any more. None among *round_ids* is no round."""
    wanted = sorted(one for one in round_ids if one is not None)
    if not wanted:
        return
    _hold(db, wanted)
    for round_id in wanted:
        weigh_held(db, round_id)
    db.run(
        "select look_again(array(select distinct session_id from round where round_id = any (:ids)), :now)",
        ids=wanted, now=now,
    )  # fmt: skip


def _hold(db: Database, round_ids: Collection[int]) -> None:
    """Nobody stores a file of their game servers until the transaction ends."""
    db.run("select pg_advisory_xact_lock_shared(hashtextextended('corrections', 2))")
    db.run(
        """select pg_advisory_xact_lock(hashtextextended(server, 0))
           from (select distinct server from round where round_id = any (:ids) order by 1) as held""",
        ids=round_ids,
    )


def weigh_held(db: Database, round_id: int) -> None:
    """The same, by whoever has the game server's lock."""
    row = next(iter(db.all(_Row, _ROUND, round_id=round_id)), None)
    if row is None:
        return
    files = _files(row)
    found = most_complete((one["sha256"], told) for one in row.demos or () if (told := _read(one["testimony"])))
    sha256, told = found or (None, None)
    trust = judged(files, told)
    guilds = sorted({one["guild_id"] for one in row.demos or ()}) or None
    _write(db, round_id, trust, sha256=sha256 if files.usable else None, guilds=guilds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    role: str
    duration_s: int | None
    duration_source: str | None
    checks: list[dict[str, Any]]
    doubts: list[str] | None
    lines: list[dict[str, Any]] | None
    duels: list[dict[str, Any]] | None
    demos: list[dict[str, Any]] | None


# a demo that was joined in spite of other kills may be another round's
_ROUND = """
    select role, duration_s, duration_source, checks,
           (select array_agg(distinct doubt) from player_mark
            where player_mark.round_id = round.round_id and code not like 'demo\\_%') as doubts,
           (select json_agg(json_build_object('line', line, 'name', name, 'kills', kills, 'deaths', deaths,
                'gun_hits', gun_hits, 'gun_headshot_hits', gun_headshot_hits, 'weapons', (
                    select json_object_agg(weapon, kills) from weapon_round as its
                    where its.round_id = player_round.round_id and its.line = player_round.line)) order by line)
            from player_round where player_round.round_id = round.round_id) as lines,
           (select json_agg(json_build_object('subject', subject, 'opponent', opponent, 'kills', kills)
                order by position) from duel
            where file_id = endstats_id and not exists (
                select from duel as one where one.file_id = endstats_id and one.subject is null)) as duels,
           (select json_agg(json_build_object('guild_id', guild_id, 'sha256', sha256, 'testimony', case
                when matched_by = 'human' or not exists (
                    select from jsonb_array_elements(match_parts) as part where cast(part ->> 1 as integer) < 0)
                then testimony end)) from demo where demo.round_id = round.round_id) as demos
    from round join round_trust using (round_id) where round_id = :round_id"""


def _files(row: _Row) -> Files:
    return Files(
        usable=row.role not in _UNUSABLE,
        duration_s=None if row.duration_source == DurationSource.LIMIT.value else row.duration_s,
        lines=tuple(Told(**one | {"weapons": one["weapons"] or {}}) for one in row.lines or ()),
        duels=tuple(ToldDuel(**one) for one in row.duels or ()),
        checks=tuple(check for check in map(_check, row.checks) if check.origin is not Origin.DEMO),
        doubts=frozenset(map(Doubt, row.doubts or ())),
    )


def _check(row: Mapping[str, Any]) -> Check:
    return Check(**{**row, "origin": Origin(row["origin"]), "verdict": Verdict(row["verdict"])})


def _write(db: Database, round_id: int, trust: Trust, *, sha256: str | None, guilds: list[str] | None) -> None:
    db.run(
        """update round_trust set grade = :grade, checks = cast(:checks as jsonb), demo_sha256 = :sha256,
               demo_guilds = cast(:guilds as text[])
           where round_id = :round_id""",
        grade=trust.grade.value, checks=as_json([asdict(check) for check in trust.checks]), sha256=sha256,
        guilds=guilds, round_id=round_id,
    )  # fmt: skip
    db.run(r"delete from player_mark where round_id = :round_id and code like 'demo\_%'", round_id=round_id)
    db.run(
        """insert into player_mark
           select :round_id, line, coalesce((select max(position) from player_mark where round_id = :round_id), 0) + at,
                  code, says, doubt
           from json_to_recordset(cast(:marks as json))
                as mark (at integer, line integer, code text, says text, doubt text)""",
        marks=as_json([{"at": at, **asdict(mark)} for at, mark in enumerate(trust.marks, start=1)]),
        round_id=round_id,
    )  # fmt: skip
