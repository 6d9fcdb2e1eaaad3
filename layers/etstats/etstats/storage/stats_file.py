"""The ledger of stats files from the moment their bytes are in the bucket: claimed, read, refused, published."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from etstats.domain.correction import Corrections, in_force
from etstats.domain.identity import file_id
from etstats.storage.correction import from_rows
from etstats.storage.database import Database
from etstats.storage.session import StoredRound


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A file, by the SHA-256 of its bytes. *listed_mtime*: when the game server last wrote it, in Unix seconds.
    *replaces*: another version of it was stored before. *round*: what is stored of it, a stats file of a session.
    *digest*: of a companion's rows; *trust_digest*: of what its round's grade was found from."""

    file_id: int
    name: str
    sha256: str
    listed_mtime: int | None
    replaces: bool
    round: StoredRound | None
    digest: bytes | None
    trust_digest: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A file that is ours to work on, and what stands near it in time; itself too, if it was stored before."""

    file: Neighbour
    near: tuple[Neighbour, ...]
    corrections: Corrections

    @property
    def file_id(self) -> int:
        return self.file.file_id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    file_id: int
    name: str
    sha256: str
    listed_mtime: int | None
    corrections: list[dict[str, Any]] | None
    replaces: bool
    session_id: int | None
    counted: bool | None
    digest: bytes | None
    lines_digest: bytes | None
    persons: dict[str, str] | None
    trust_digest: bytes | None


def claim(
    db: Database,
    *,
    server: str,
    name: str,
    sha256: str,
    content: bytes | None,
    written_at: datetime | None,
    gap: timedelta,
    now: datetime,
) -> Claimed | None:
    """Takes this version of the file, or None when just these bytes were dealt with before. Until the transaction
    ends nobody else works on a file of this game server."""
    found = db.all(
        _Row,
        "select * from claim_file(:id, :server, :name, :sha256, :content, :written_at, :gap, :now)",
        id=file_id(server, name),
        server=server,
        name=name,
        sha256=sha256,
        content=content,
        written_at=written_at,
        gap=gap,
        now=now,
    )
    if not found:
        return None
    file, *near = (_neighbour(row) for row in found)
    return Claimed(file=file, near=tuple(near), corrections=in_force(from_rows(found[0].corrections)))


def _neighbour(row: _Row) -> Neighbour:
    return Neighbour(
        file_id=row.file_id,
        name=row.name,
        sha256=row.sha256,
        listed_mtime=row.listed_mtime,
        replaces=row.replaces,
        round=_round(row),
        digest=row.digest,
        trust_digest=row.trust_digest,
    )


def _round(row: _Row) -> StoredRound | None:
    if row.session_id is None or row.lines_digest is None:
        return None
    return StoredRound(
        session_id=row.session_id,
        counted=bool(row.counted),
        persons=row.persons,
        digest=row.digest,
        lines_digest=row.lines_digest,
    )


def contents(db: Database, file_ids: Collection[int]) -> dict[int, bytes]:
    """The bytes of these files as they were read."""
    if not file_ids:
        return {}
    rows = db.all(
        _Bytes, "select file_id, content from stats_file where file_id = any (:file_ids)", file_ids=sorted(file_ids)
    )
    return {row.file_id: row.content for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bytes:
    file_id: int
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that is part of a gaming session, with what is stored of its round."""

    file_id: int
    server: str
    name: str
    sha256: str
    content: bytes
    session_id: int
    counted: bool
    digest: bytes | None
    lines_digest: bytes
    persons: dict[str, str] | None

    @property
    def round(self) -> StoredRound:
        return StoredRound(
            session_id=self.session_id,
            counted=self.counted,
            persons=self.persons,
            digest=self.digest,
            lines_digest=self.lines_digest,
        )


def files_of(db: Database, session_ids: Collection[int]) -> list[Kept]:
    """Every file of these gaming sessions, sessions together."""
    return db.all(
        Kept,
        """select file_id, round.server, name, sha256, content, session_id, counted, digest, lines_digest, persons
           from round join stats_file on file_id = round_id
           where session_id = any (:session_ids) order by round.server, session_id, file_id""",
        session_ids=sorted(session_ids),
    )


def refuse(db: Database, claimed: Claimed, *, code: str, reason: str, now: datetime) -> None:
    """It stays in the bucket and on record, with the reason; it will not be tried again. Nor will what an earlier
    version of it had to tell be posted, unless that is being done just now."""
    db.run(
        """with unsaid as (delete from outbox where (kind, subject_id, channel_id) in (
               select kind, subject_id, channel_id from outbox
               where kind = 'round' and subject_id = :file_id and posted_at is null and tried_at is null
               for update skip locked))
           update stats_file set refusal_code = :code, refusal = :reason, parsed_at = :now
           where file_id = :file_id""",
        code=code,
        reason=reason,
        now=now,
        file_id=claimed.file_id,
    )


def keep(db: Database, claimed: Claimed, *, note: str) -> None:
    """Stored and nothing more: a companion file that nobody reads yet."""
    db.run("update stats_file set note = :note where file_id = :file_id", note=note, file_id=claimed.file_id)


def look_again(db: Database, session_ids: Iterable[int], *, now: datetime) -> bool:
    """What was posted about these gaming sessions and is not so any more will be edited. Whether there is any."""
    return bool(db.values("select look_again(:session_ids, :now)", session_ids=sorted(session_ids), now=now)[0])


def publish(
    db: Database,
    claimed: Claimed,
    *,
    written_at: datetime,
    is_new: bool,
    fallback_channel: str,
    session_ids: Iterable[int],
    due_at: datetime,
    now: datetime,
) -> bool:
    """Read and computed. When it *is_new* its posts go into the outbox, once for ever, and so does not wait any longer
    that of a second round which came before this first; else people can see the round now. Whether anything waits.

    *fallback_channel*: gets them as long as no Discord server's admins have said where they go; '': nobody does.
    """
    return bool(
        db.values(
            "select publish_file(:file_id, :written_at, :is_new, :fallback, :session_ids, :due_at, :now)",
            file_id=claimed.file_id,
            written_at=written_at,
            is_new=is_new,
            fallback=fallback_channel,
            session_ids=sorted(session_ids),
            due_at=due_at,
            now=now,
        )[0]
    )
