"""Which listed files the bucket has, as listed: the game server's folder against `stats_file`.

Whole listings go in one statement, as JSON, and only what is unsettled comes back: a tick costs the same few
milliseconds for ten files and for thousands. Every statement may run twice, and beside itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from etstats.domain.identity import file_id
from etstats.domain.listing import ListedFile, Unsettled
from etstats.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A file as a listing shows it, with the reason where it is refused before anything of it is read."""

    name: str
    size: int
    mtime: int
    refusal_code: str | None = None
    refusal: str | None = None


def unsettled(db: Database, server: str, files: Iterable[ListedFile]) -> list[Unsettled]:
    """Those of *files* whose size or time differs from what was fetched last, new ones included."""
    return db.all(
        Unsettled,
        """
        select listed.name, listed.size, listed.mtime,
               stats_file.listed_size, stats_file.listed_mtime, stats_file.listed_at, stats_file.note
        from json_to_recordset(cast(:files as json)) as listed (name text, size bigint, mtime bigint)
        left join stats_file on stats_file.server = :server and stats_file.name = listed.name
        where (stats_file.fetched_size, stats_file.fetched_mtime) is distinct from (listed.size, listed.mtime)
        """,
        server=server,
        files=json.dumps([asdict(file) for file in files]),
    )


def note_seen(db: Database, server: str, sightings: Iterable[Sighting], *, now: datetime) -> int:
    """A receipt for each; `listed_at` starts anew where size or time changed. Once bytes were stored, a refusal
    by size no longer speaks for the file: the receipt stays that of the stored bytes."""
    return db.run(
        """
        insert into stats_file (file_id, server, name, listed_size, listed_mtime, listed_at, seen_at,
                                refusal_code, refusal)
        select file_id, :server, name, size, mtime, cast(:now as timestamptz), cast(:now as timestamptz),
               refusal_code, refusal
        from json_to_recordset(cast(:files as json)) as listed
             (file_id bigint, name text, size bigint, mtime bigint, refusal_code text, refusal text)
        order by file_id
        on conflict (file_id) do update
        set listed_size = excluded.listed_size, listed_mtime = excluded.listed_mtime, listed_at = excluded.listed_at,
            refusal_code = case when stats_file.stored_at is null then excluded.refusal_code
                                else stats_file.refusal_code end,
            refusal = case when stats_file.stored_at is null then excluded.refusal else stats_file.refusal end
        where (stats_file.listed_size, stats_file.listed_mtime)
              is distinct from (excluded.listed_size, excluded.listed_mtime)
        """,
        server=server,
        now=now,
        files=json.dumps([{"file_id": file_id(server, seen.name)} | asdict(seen) for seen in sightings]),
    )


def note_fetched(db: Database, server: str, files: Iterable[Unsettled], *, now: datetime) -> int:
    """The bucket has these bytes as listed. What storing has made of them meanwhile stays as it is."""
    return db.run(
        """
        update stats_file
        set fetched_size = fetched.size, fetched_mtime = fetched.mtime,
            stored_at = coalesce(stats_file.stored_at, cast(:now as timestamptz))
        from json_to_recordset(cast(:files as json)) as fetched (file_id bigint, size bigint, mtime bigint)
        where stats_file.file_id = fetched.file_id
        """,
        now=now,
        files=json.dumps([{"file_id": file_id(server, f.name), "size": f.size, "mtime": f.mtime} for f in files]),
    )


def note_trouble(db: Database, server: str, reasons: dict[str, str]) -> int:
    """Why files that were to be fetched could not be, by name; only where nothing of them is stored."""
    return db.run(
        """
        update stats_file set note = trouble.note
        from json_to_recordset(cast(:troubles as json)) as trouble (file_id bigint, note text)
        where stats_file.file_id = trouble.file_id and stats_file.stored_at is null
          and stats_file.note is distinct from trouble.note
        """,
        troubles=json.dumps([{"file_id": file_id(server, name), "note": why} for name, why in reasons.items()]),
    )
