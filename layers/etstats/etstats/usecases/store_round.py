"""A stats file landed in the bucket: read it, compute its gaming session again, store the difference, have it posted.

Everything happens in one transaction under a lock for the game server, so a file that comes twice, late, changed or
in the middle of a crash leaves the same rows as one that came once and in order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256

from etstats.domain.companion import Companion
from etstats.domain.round import Role, Round
from etstats.domain.session import SESSION_GAP, Session, StoredFile, sessions
from etstats.domain.stats_file import FileName, Kind, StatsFile, Status
from etstats.errors import BadFile
from etstats.parsing.filename import read_name
from etstats.parsing.stats_file import MAX_BYTES
from etstats.storage import stats_file as ledger
from etstats.storage.companion import publish
from etstats.storage.database import Database
from etstats.storage.session import write_sessions
from etstats.usecases.read_files import Reading, Readings
from etstats.usecases.store_companion import COMPANIONS, beside, brought, near

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
    """*posting*: a post or a change of one waits in the outbox. *reason*: why it was rejected, kept or does not count.
    *replaced*: another version of the file was stored before."""

    fate: Fate
    replaced: bool = False
    posting: bool = False
    reason: str | None = None


def store(db: Database, *, server: str, name: str, content: bytes, channel_id: str, now: datetime) -> Stored:
    """Stores the file *name* of *server*. Safe to repeat. Raises DatabaseUnavailable, with nothing changed."""
    read_as, fault = _read_name(name)
    of_rounds = read_as if read_as and read_as.kind is not Kind.WEAPONS else None
    content_kept = content[: MAX_BYTES + 1]  # enough to find it too large again
    with db.transaction():
        claimed = ledger.claim(
            db,
            server=server,
            name=name,
            sha256=sha256(content).hexdigest(),
            content=content_kept if of_rounds else None,
            written_at=of_rounds.written_at if of_rounds else None,
            gap=near(of_rounds) if of_rounds and of_rounds.kind in COMPANIONS else SESSION_GAP,
            now=now,
        )
        if claimed is None:
            return Stored(fate=Fate.DUPLICATE)
        if read_as is None:
            ledger.refuse(db, claimed, code="bad_name", reason=fault, now=now)
            return Stored(fate=Fate.REJECTED, reason=fault, replaced=claimed.file.replaces)
        if read_as.kind in COMPANIONS:
            return _keep_companion(db, server, claimed, content_kept, now)
        if read_as.kind is not Kind.STATS:
            note = f"kept in the bucket; {read_as.kind.value} files are not part of the figures"
            ledger.keep(db, claimed, note=note)
            return Stored(fate=Fate.KEPT, reason=note, replaced=claimed.file.replaces)
        readings = _read_near(db, claimed, content_kept)
        file = readings[claimed.file_id]
        computed = _compute(db, server, claimed, readings)
        if isinstance(file, StatsFile) and file.status is not Status.OK:
            posting = _look_again(db, computed, now)
            ledger.refuse(db, claimed, code=file.status.value, reason=file.fault or "", now=now)
            return Stored(fate=Fate.REJECTED, reason=file.fault, replaced=claimed.file.replaces, posting=posting)
        return _publish(db, claimed, computed, channel_id=channel_id, now=now)


def _read_name(name: str) -> tuple[FileName | None, str]:
    try:
        return read_name(name), ""
    except BadFile as fault:
        return None, str(fault)


# of a warm function, from one file of the evening to the next
remembered = Readings()


def _read_near(db: Database, claimed: ledger.Claimed, content: bytes) -> dict[int, Reading]:
    """What the claimed file and all near it say."""

    def contents(file_ids: Collection[int]) -> dict[int, bytes]:
        kept = ledger.contents(db, [one for one in file_ids if one != claimed.file_id])
        return {claimed.file_id: content, **kept}

    others = [one for one in claimed.near if one.file_id != claimed.file_id]
    return remembered.of([claimed.file, *others], contents)


def _keep_companion(db: Database, server: str, claimed: ledger.Claimed, content: bytes, now: datetime) -> Stored:
    """What an endstats or gametime file tells, and what that means for its round's trust."""
    replaced = claimed.file.replaces
    readings = _read_near(db, claimed, content)
    posting = _look_again(db, _compute(db, server, claimed, readings), now)
    companion = readings[claimed.file_id]
    if isinstance(companion, BadFile):
        ledger.refuse(db, claimed, code=companion.code, reason=str(companion), now=now)
        return Stored(fate=Fate.REJECTED, reason=str(companion), replaced=replaced, posting=posting)
    if isinstance(companion, Companion):
        publish(db, claimed.file_id, note=brought(companion), now=now)
    return Stored(fate=Fate.STORED, replaced=replaced, posting=posting)


def _look_again(db: Database, computed: Sequence[Session], now: datetime) -> bool:
    return ledger.look_again(db, (session.session_id for session in computed), now=now)


def _compute(db: Database, server: str, claimed: ledger.Claimed, readings: Mapping[int, Reading]) -> list[Session]:
    """Computes the sessions the claimed file touches from what it and the files near it say, and writes what differs.

    A neighbour that was sound by the rules of its time and is not any more is left out: a stricter reader must not
    stop its neighbours.
    """
    files = {file_id: one for file_id, one in readings.items() if isinstance(one, StatsFile)}
    evening = [StoredFile(file_id=file_id, file=read, server=server) for file_id, read in files.items()]
    computed = sessions(evening, claimed.corrections)
    companions = [one for one in readings.values() if isinstance(one, Companion)]
    write_sessions(
        db,
        server,
        computed,
        stored={one.file_id: one.round for one in claimed.near if one.round is not None},
        contents={one.file_id: one.sha256 for one in (*claimed.near, claimed.file)},
        forgotten=claimed.corrections.forgotten,
        beside=beside(server, computed, files, companions, claimed),
    )
    return computed


def _own_round(computed: Sequence[Session], file_id: int) -> Round:
    return next(played for session in computed for played in session.rounds if played.round_id == file_id)


def _publish(
    db: Database, claimed: ledger.Claimed, computed: Sequence[Session], *, channel_id: str, now: datetime
) -> Stored:
    played = _own_round(computed, claimed.file_id)
    posting = ledger.publish(
        db,
        claimed,
        written_at=played.written_at,
        is_new=_is_fresh(claimed, played, now),
        fallback_channel=channel_id,
        session_ids=[session.session_id for session in computed],
        due_at=now + (_WAIT_FOR_FIRST if played.role is Role.R2_WITHOUT_R1 else timedelta()),
        now=now,
    )
    return Stored(fate=Fate.STORED, posting=posting, reason=played.uncounted_reason, replaced=claimed.file.replaces)


def _is_fresh(claimed: ledger.Claimed, played: Round, now: datetime) -> bool:
    clock_says = abs(now.replace(tzinfo=None) - played.written_at) < FRESH_FOR + _ANY_ZONE
    written = claimed.file.listed_mtime
    return clock_says and (written is None or abs(now.timestamp() - written) < FRESH_FOR.total_seconds())
