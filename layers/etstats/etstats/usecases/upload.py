"""A demo, or a package of maps, comes in from somebody's browser, part by part, and goes on where it was after whatever
broke off.

The page asks, S3 is told: an upload is begun once for each ticket and file, each part gets a link of its own when its
turn comes, and it is finished when S3 has them all. What comes of it is told until the demo is ready, or the package on
its game server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from etstats.domain.audit import State
from etstats.domain.upload import LINK_LIVES_S, MOST_A_DAY, File, Kind, Ticket, Upload
from etstats.errors import Refusal
from etstats.storage import audit
from etstats.storage import upload as book
from etstats.storage.database import Database

_DAY = timedelta(days=1)
_KEPT = timedelta(days=7)


class Parts(Protocol):
    """The bucket, for objects that come in parts. Raises BucketUnavailable."""

    def begin(self, key: str) -> str: ...
    def sizes(self, key: str, multipart: str) -> Mapping[int, int] | None: ...
    def link(self, key: str, multipart: str, number: int, *, size: int, lives_s: int) -> str: ...
    def finish(self, key: str, multipart: str) -> None: ...
    def abort(self, key: str, multipart: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """*there*: the numbers of the parts that S3 has; *finished*: nothing more is to come."""

    there: tuple[int, ...] = ()
    finished: bool = False


def begin(db: Database, parts: Parts, ticket: Ticket, file: File, *, now: datetime) -> Begun:
    """Begins, or goes on with the same file. Raises Refusal for one who has uploaded enough for today, and for a link
    by which a package has come already."""
    key = ticket.key(file.name)
    known = book.find_upload(db, key)
    if known is not None and (known.size, known.mark) == (file.size, file.mark):
        if known.finished and known.refused is None:
            return Begun(finished=True)
        there = parts.sizes(key, known.multipart)
        if there is not None:
            return Begun(there=_sound(file, there))
    elif known is not None and not known.finished:
        parts.abort(key, known.multipart)
    return _anew(db, parts, ticket, file, instead_of=known.multipart if known else "", now=now)


def _anew(db: Database, parts: Parts, ticket: Ticket, file: File, *, instead_of: str, now: datetime) -> Begun:
    if ticket.kind is Kind.PACKAGE and not _is_waited_for(db, ticket):
        raise Refusal("upload.error_used")
    book.forget(db, ticket.user_id, before=now - _KEPT)
    if book.begun_since(db, ticket.user_id, now - _DAY) >= MOST_A_DAY:
        raise Refusal("upload.error_enough")
    multipart = parts.begin(ticket.key(file.name))
    book.begin(db, ticket, file, multipart, instead_of=instead_of, now=now)
    return Begun()


def _is_waited_for(db: Database, ticket: Ticket) -> bool:
    job = audit.find_asked(db, ticket.number, guild_id=ticket.guild_id)
    return job is not None and job.state == State.ASKED


def _sound(file: File, there: Mapping[int, int]) -> tuple[int, ...]:
    """Parts that need not come again."""
    return tuple(sorted(number for number in there if there[number] == file.part_bytes(number)))


def part_link(db: Database, parts: Parts, ticket: Ticket, file: File, number: int) -> str:
    """An address that takes part *number*, of just its size, for a quarter of an hour. Raises Refusal."""
    known = _under_way(db, ticket, file)
    if not 1 <= number <= file.parts:
        raise Refusal("upload.error_gone")
    return parts.link(known.key, known.multipart, number, size=file.part_bytes(number), lives_s=LINK_LIVES_S)


def finish(db: Database, parts: Parts, ticket: Ticket, file: File) -> None:
    """Makes one object of the parts. Safe to repeat. Raises Refusal while parts are lacking."""
    known = book.find_upload(db, ticket.key(file.name))
    if known is not None and known.finished:
        return
    known = _under_way(db, ticket, file)
    there = parts.sizes(known.key, known.multipart)
    if there is None:  # finished before, and it was not noted; or thrown away after its days
        raise Refusal("upload.error_gone")
    if not file.is_whole(there):
        raise Refusal("upload.error_incomplete")
    parts.finish(known.key, known.multipart)
    book.finish(db, known.key)


def _under_way(db: Database, ticket: Ticket, file: File) -> Upload:
    known = book.find_upload(db, ticket.key(file.name))
    if known is None or known.finished or (known.size, known.mark) != (file.size, file.mark):
        raise Refusal("upload.error_gone")
    return known


def come_of(db: Database, ticket: Ticket, told: str) -> Upload:
    """The upload of that name with what has come of it. Raises Refusal."""
    key = ticket.key(ticket.kind.name_of(told) or "")
    known = book.find_upload(db, key) if ticket.kind is Kind.DEMO else book.find_package(db, key, job=ticket.number)
    if known is None:
        raise Refusal("upload.error_gone")
    return known
