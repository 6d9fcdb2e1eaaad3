"""A stats file landed in the bucket: read it, compute its gaming session again, store the difference, have it posted.

Everything happens in one transaction under a lock for the game server, so a file that comes twice, late, changed or
in the middle of a crash leaves the same rows as one that came once and in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from hashlib import sha256

from etstats.domain.round import Role, Round
from etstats.domain.session import SESSION_GAP, Session, StoredFile, sessions
from etstats.domain.stats_file import FileName, Kind, StatsFile, Status
from etstats.errors import BadFile
from etstats.parsing.filename import read_name
from etstats.parsing.stats_file import MAX_BYTES, read_stats_file
from etstats.storage import stats_file as ledger
from etstats.storage.database import Database
from etstats.storage.session import write_sessions

# A round older than this is history when it arrives: the commands show it, but nobody wants its card posted now.
FRESH_FOR = timedelta(hours=6)
# The name carries the game server's wall clock without its zone.
_ANY_ZONE = timedelta(hours=20)
# A second round whose first has not come yet gets this long before it is posted as it is.
_WAIT_FOR_FIRST = timedelta(seconds=90)


class Fate(Enum):
    """What became of a delivery."""

    STORED = "stored"
    REJECTED = "rejected"
    KEPT = "kept"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """*posting*: an announcement waits in the outbox. *reason*: why it was rejected, kept or does not count.
    *replaced*: another version of the file was stored before."""

    fate: Fate
    replaced: bool = False
    posting: bool = False
    reason: str | None = None


def store(db: Database, *, server: str, name: str, content: bytes, channel_id: str, now: datetime) -> Stored:
    """Stores the file *name* of *server*. Safe to repeat. Raises DatabaseUnavailable, with nothing changed."""
    read_as, fault = _read_name(name)
    is_stats = read_as is not None and read_as.kind is Kind.STATS
    with db.transaction():
        claimed = ledger.claim(
            db,
            server=server,
            name=name,
            sha256=sha256(content).hexdigest(),
            content=content[: MAX_BYTES + 1] if is_stats else None,  # enough to find it too large again
            written_at=read_as.written_at if is_stats and read_as else None,
            gap=SESSION_GAP,
            now=now,
        )
        if claimed is None:
            return Stored(fate=Fate.DUPLICATE)
        if read_as is None:
            ledger.refuse(db, claimed, code="bad_name", reason=fault, now=now)
            return Stored(fate=Fate.REJECTED, reason=fault, replaced=claimed.file.replaces)
        if read_as.kind is not Kind.STATS:
            note = f"kept in the bucket; {read_as.kind.value} files are not part of the figures"
            ledger.keep(db, claimed, note=note)
            return Stored(fate=Fate.KEPT, reason=note, replaced=claimed.file.replaces)
        file = _read(name, content)
        played = _compute(db, server, claimed, file)
        if file.status is not Status.OK:
            ledger.refuse(db, claimed, code=file.status.value, reason=file.fault or "", now=now)
            return Stored(fate=Fate.REJECTED, reason=file.fault, replaced=claimed.file.replaces)
        return _publish(db, claimed, played, channel_id=channel_id, now=now)


def _read_name(name: str) -> tuple[FileName | None, str]:
    try:
        return read_name(name), ""
    except BadFile as fault:
        return None, str(fault)


@lru_cache(maxsize=256)
def _read(name: str, content: bytes) -> StatsFile:
    """The files of the running evening, which a warm function meets again with every new one."""
    return read_stats_file(read_name(name), content)


def _compute(db: Database, server: str, claimed: ledger.Claimed, file: StatsFile) -> Round:
    """Computes the sessions this file touches, writes what differs, and returns the file's own round."""
    others = [one for one in claimed.near if one.file_id != claimed.file_id]
    evening = [
        StoredFile(file_id=claimed.file_id, file=file, server=server),
        *(StoredFile(file_id=one.file_id, file=_read(one.name, one.content), server=server) for one in others),
    ]
    computed = sessions(evening, claimed.corrections)
    write_sessions(
        db,
        server,
        computed,
        before=[one.session_id for one in claimed.near if one.session_id is not None],
        digests={one.file_id: one.lines_digest for one in claimed.near},
        contents={one.file_id: one.sha256 for one in (claimed.file, *others)},
    )
    return _own_round(computed, claimed.file_id)


def _own_round(computed: Sequence[Session], file_id: int) -> Round:
    return next(played for session in computed for played in session.rounds if played.round_id == file_id)


def _publish(db: Database, claimed: ledger.Claimed, played: Round, *, channel_id: str, now: datetime) -> Stored:
    posting = bool(channel_id) and _is_fresh(claimed, played, now)
    waiting = _WAIT_FOR_FIRST if played.role is Role.R2_WITHOUT_R1 else timedelta()
    ledger.parsed(db, claimed, channel_id=channel_id if posting else None, due_at=now + waiting, now=now)
    return Stored(fate=Fate.STORED, posting=posting, reason=played.uncounted_reason, replaced=claimed.file.replaces)


def _is_fresh(claimed: ledger.Claimed, played: Round, now: datetime) -> bool:
    clock_says = abs(now.replace(tzinfo=None) - played.written_at) < FRESH_FOR + _ANY_ZONE
    written = claimed.file.listed_mtime
    return clock_says and (written is None or abs(now.timestamp() - written) < FRESH_FOR.total_seconds())
