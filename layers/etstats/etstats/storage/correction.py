"""Corrections: rows of their own, which no file and no rebuild ever touches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from etstats.domain.correction import KINDS, Correction, Kind, RoundMark, What, attributes
from etstats.domain.identity import file_id
from etstats.storage.database import Database


def hold(db: Database) -> None:
    """Until the transaction ends nobody stores a file and nobody else makes a correction."""
    db.run("select pg_advisory_xact_lock(hashtextextended('corrections', 2))")


def corrections(db: Database) -> list[Correction]:
    """All of them, withdrawn ones too, in the order they were made."""
    return from_rows(db.values("select to_json(correction) from correction order by correction_id"))


def from_rows(rows: Sequence[Mapping[str, Any]] | None) -> list[Correction]:
    """Corrections from their rows as JSON has them."""
    return [_from_row(row) for row in rows or ()]


def _from_row(row: Mapping[str, Any]) -> Correction:
    kind = KINDS[Kind(row["kind"])]
    about: dict[str, Any] = {
        one.name: _time(row[one.name]) if one.name in _TIMES else row[one.name] for one in fields(kind)
    }
    return Correction(
        correction_id=row["correction_id"],
        what=kind(**about),
        made_by=row["made_by"],
        reason=row["reason"],
        made_at=datetime.fromisoformat(row["made_at"]),
        withdrawn_by=row["withdrawn_by"],
        withdrawn_at=_time(row["withdrawn_at"]),
    )


_TIMES = ("since", "until")


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def add(db: Database, kind: Kind, what: What, *, by: str, reason: str, now: datetime) -> int:
    """The new correction's number."""
    about = attributes(what)
    columns = ", ".join(about)
    values = ", ".join(f":{name}" for name in about)
    return int(
        db.values(
            f"""insert into correction (kind, {columns}, made_by, reason, made_at)
                values (:kind, {values}, :by, :reason, :now) returning correction_id""",  # noqa: S608  # our own names
            kind=kind.value,
            **about,
            by=by,
            reason=reason,
            now=now,
        )[0]
    )


def withdraw(db: Database, correction_id: int, *, by: str, now: datetime) -> None:
    db.run(
        "update correction set withdrawn_by = :by, withdrawn_at = :now where correction_id = :id",
        by=by,
        now=now,
        id=correction_id,
    )


def servers_of(db: Database, file: str) -> list[str]:
    """The game servers that have written a round of that name."""
    return db.values(
        "select server from stats_file where name = :file and exists (select from round where round_id = file_id)"
        " order by server",
        file=file,
    )


def session_of(db: Database, server: str, file: str) -> int | None:
    """The gaming session a file's round is part of."""
    found = db.values("select session_id from round where round_id = :round_id", round_id=file_id(server, file))
    return int(found[0]) if found else None


def first_attack(db: Database, session_id: int) -> str | None:
    """The first round of the evening's first complete map: its attackers are team A."""
    found = db.values(
        """select name from match join stats_file on file_id = round1_id
           where session_id = :id order by position limit 1""",
        id=session_id,
    )
    return str(found[0]) if found else None


def sessions_with(
    db: Database, guids: Collection[str], *, since: datetime | None = None, until: datetime | None = None
) -> list[int]:
    """The gaming sessions in which one of *guids* stands in a round of that time."""
    return db.values(
        """select distinct session_id from round join player_round using (round_id)
           where guid = any (:guids) and not is_bot
             and written_at >= coalesce(cast(:since as timestamp), '-infinity')
             and written_at < coalesce(cast(:until as timestamp), 'infinity')
           order by session_id""",
        guids=sorted(guids),
        since=since,
        until=until,
    )


def latest_rounds(db: Database, servers: Collection[str], typed: str, *, limit: int) -> list[RoundMark]:
    """Of these game servers, with *typed* in the file's name; the latest first."""
    return db.all(
        RoundMark,
        """select stats_file.server, name, map, number, stats_file.written_at, counted from round
               join stats_file on file_id = round_id
           where stats_file.server = any (:servers) and strpos(lower(name), lower(:typed)) > 0
           order by round.written_at desc limit :limit""",
        servers=sorted(servers),
        typed=typed,
        limit=limit,
    )


def file_of(db: Database, session_id: int) -> tuple[str, str] | None:
    """Game server and name of a gaming session's first file."""
    found = db.all(
        RoundMark,
        """select stats_file.server, name, map, number, stats_file.written_at, counted from round
               join stats_file on file_id = round_id
           where session_id = :id order by round.written_at, round_id limit 1""",
        id=session_id,
    )
    return (found[0].server, found[0].name) if found else None


def played_on(db: Database, guid: str, servers: Collection[str]) -> bool:
    """Whether somebody has played on one of these game servers."""
    return bool(
        db.values(
            """select 1 from player_round join round using (round_id)
               where guid = :guid and server = any (:servers) limit 1""",
            guid=guid,
            servers=sorted(servers),
        )
    )


def has_played(db: Database, guid: str) -> bool:
    return bool(db.values("select 1 from player_round where guid = :guid and not is_bot limit 1", guid=guid))


def find_round_of_both(db: Database, person: str) -> str | None:
    """A round in which one person stands twice, with two guids: so they are two."""
    found = db.values(
        """select stats_file.name from player_round as one join player_round as other using (round_id, person)
               join stats_file on file_id = round_id
           where person = :person and one.guid < other.guid and one.took_part and other.took_part
           order by written_at limit 1""",
        person=person,
    )
    return str(found[0]) if found else None
