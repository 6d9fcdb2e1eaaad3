"""The ledger of stats files from the moment their bytes are in the bucket: claimed, read, refused, published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from etstats.domain.identity import file_id
from etstats.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A file that is ours to work on. *listed_mtime*: when the game server last wrote it, in Unix seconds."""

    file_id: int
    listed_mtime: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredContent:
    file_id: int
    name: str
    sha256: str
    content: bytes
    session_id: int
    lines_digest: bytes


def lock_server(db: Database, server: str) -> None:
    """Until the transaction ends, nobody else computes sessions of this game server."""
    db.run("select pg_advisory_xact_lock(hashtextextended(:server, 0))", server=server)


def claim(
    db: Database,
    *,
    server: str,
    name: str,
    sha256: str,
    content: bytes | None,
    written_at: datetime | None,
    now: datetime,
) -> Claimed | None:
    """Takes this version of the file, or None when just these bytes were dealt with before."""
    return db.find(
        Claimed,
        """
        insert into stats_file as known (file_id, server, name, sha256, content, written_at, seen_at, stored_at)
        values (:file_id, :server, :name, :sha256, :content, :written_at, :now, :now)
        on conflict (server, name) do update
            set sha256 = excluded.sha256, content = excluded.content, written_at = excluded.written_at,
                stored_at = coalesce(known.stored_at, excluded.stored_at),
                parsed_at = null, published_at = null, refusal_code = null, refusal = null, note = null
            where known.sha256 is distinct from excluded.sha256
        returning file_id, listed_mtime""",
        file_id=file_id(server, name),
        server=server,
        name=name,
        sha256=sha256,
        content=content,
        written_at=written_at,
        now=now,
    )


def refuse(db: Database, claimed: Claimed, *, code: str, reason: str, now: datetime) -> None:
    """It stays in the bucket and on record, with the reason; it will not be tried again."""
    db.run(
        """update stats_file set refusal_code = :code, refusal = :reason, parsed_at = :now
           where file_id = :file_id""",
        code=code,
        reason=reason,
        now=now,
        file_id=claimed.file_id,
    )


def keep(db: Database, claimed: Claimed, *, note: str) -> None:
    """Stored and nothing more: a companion file that nobody reads yet."""
    db.run("update stats_file set note = :note where file_id = :file_id", note=note, file_id=claimed.file_id)


def parsed(db: Database, claimed: Claimed, *, published: bool, now: datetime) -> None:
    """Read and computed. *published*: people can see it now; otherwise its announcement will say so."""
    db.run(
        """update stats_file
           set parsed_at = :now, published_at = case when :published then cast(:now as timestamptz) end
           where file_id = :file_id""",
        published=published,
        now=now,
        file_id=claimed.file_id,
    )


def neighbours(db: Database, server: str, *, since: datetime, until: datetime) -> list[StoredContent]:
    """Every file of the sessions that reach into *since* … *until*, with what is stored about its round."""
    return db.all(
        StoredContent,
        """
        select file.file_id, file.name, file.sha256, file.content, round.session_id, round.lines_digest
        from session join round using (session_id) join stats_file as file on file.file_id = round.round_id
        where session.server = :server and session.first_at <= :until and session.last_at >= :since""",
        server=server,
        since=since,
        until=until,
    )


def announce(db: Database, *, kind: str, subject_id: int, channel_id: str, due_at: datetime, now: datetime) -> None:
    """Puts a post into the outbox, once for ever."""
    db.run(
        """insert into outbox (kind, subject_id, channel_id, created_at, due_at)
           values (:kind, :subject_id, :channel_id, :now, :due_at) on conflict do nothing""",
        kind=kind,
        subject_id=subject_id,
        channel_id=channel_id,
        due_at=due_at,
        now=now,
    )


def announce_second_round(db: Database, first_round_id: int, *, now: datetime) -> None:
    """A second round that was stored before its first need not wait for it any longer."""
    db.run(
        """update outbox set due_at = :now from match
           where round1_id = :first_round_id and subject_id = round2_id and kind = 'round'
             and posted_at is null and due_at > :now""",
        first_round_id=first_round_id,
        now=now,
    )
