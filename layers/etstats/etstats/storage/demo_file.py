"""Which demos of the game servers' folders the bucket has, as listed. As `ledger` does it for stats files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime

from etstats.domain.listing import ListedFile, Unsettled
from etstats.storage.database import Database


def unsettled(db: Database, server: str, files: Iterable[ListedFile]) -> list[Unsettled]:
    """Those of *files* whose size or time differs from what was taken last, new ones included."""
    return db.all(
        Unsettled,
        """
        select listed.name, listed.size, listed.mtime,
               demo_file.listed_size, demo_file.listed_mtime, demo_file.listed_at, demo_file.note
        from json_to_recordset(cast(:files as json)) as listed (name text, size bigint, mtime bigint)
        left join demo_file on demo_file.server = :server and demo_file.name = listed.name
        where (demo_file.taken_size, demo_file.taken_mtime) is distinct from (listed.size, listed.mtime)""",
        server=server,
        files=json.dumps([asdict(file) for file in files]),
    )


def note_seen(
    db: Database, server: str, files: Iterable[Unsettled], refusals: Mapping[str, str], *, now: datetime
) -> int:
    """`listed_at` starts anew where size or time changed. *refusals*: why some are not taken as they are, by name."""
    return db.run(
        """
        insert into demo_file (server, name, listed_size, listed_mtime, listed_at, note)
        select :server, name, size, mtime, cast(:now as timestamptz), note
        from json_to_recordset(cast(:files as json)) as listed (name text, size bigint, mtime bigint, note text)
        on conflict (server, name) do update
        set listed_size = excluded.listed_size, listed_mtime = excluded.listed_mtime, listed_at = excluded.listed_at,
            note = excluded.note
        where (demo_file.listed_size, demo_file.listed_mtime)
              is distinct from (excluded.listed_size, excluded.listed_mtime)""",
        server=server,
        now=now,
        files=json.dumps(
            [{"name": f.name, "size": f.size, "mtime": f.mtime, "note": refusals.get(f.name)} for f in files]
        ),
    )


def note_taken(db: Database, server: str, file: Unsettled, *, sha256: str) -> None:
    """The bucket has these bytes as listed."""
    db.run(
        """
        update demo_file set taken_size = :size, taken_mtime = :mtime, sha256 = :sha256, note = null
        where server = :server and name = :name""",
        server=server, name=file.name, size=file.size, mtime=file.mtime, sha256=sha256,
    )  # fmt: skip


def note_trouble(db: Database, server: str, name: str, reason: str) -> None:
    """Why it could not be taken this time."""
    db.run(
        "update demo_file set note = :reason where server = :server and name = :name",
        server=server, name=name, reason=reason,
    )  # fmt: skip
