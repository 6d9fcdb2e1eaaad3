"""Somebody knows better than the files: keep what he says, and compute again every gaming session it touches.

One transaction, in which nobody stores a file: afterwards the rows are those that files and corrections together give,
in whatever order they came. Safe to repeat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from etstats.domain.correction import (
    KINDS,
    AttributeGuid,
    Correction,
    Corrections,
    ForgetPerson,
    Kind,
    MergePersons,
    NameTeams,
    VoidRound,
    What,
    contradiction,
    in_force,
)
from etstats.domain.progress import Told, nobody
from etstats.domain.rehearsal import Rehearsal, difference
from etstats.domain.session import StoredFile, sessions
from etstats.errors import BadCorrection
from etstats.parsing.filename import read_name
from etstats.parsing.stats_file import read_stats_file
from etstats.storage import correction as book
from etstats.storage.database import Database
from etstats.storage.rehearsal import sums
from etstats.storage.session import write_sessions
from etstats.storage.stats_file import Kept, files_of, look_again

_GUID = re.compile(r"[0-9A-F]{8}")
# so many gaming sessions are written in one statement; more would only make its parameter larger
_SESSIONS_AT_ONCE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """*changed*: False when it was so before. *sessions*: how many gaming sessions were computed again."""

    correction_id: int
    changed: bool
    sessions: int = 0


def make(db: Database, what: What, *, by: str, reason: str, now: datetime, told: Told = nobody) -> Done:
    """Makes a correction. The file of team names may be any of the evening's, its attackers meaning team A.

    Raises BadCorrection when it is about nothing we know or stands against another one, with nothing changed.
    """
    with db.transaction():
        return make_within(db, what, by=by, reason=reason, now=now, told=told)


def make_within(db: Database, what: What, *, by: str, reason: str, now: datetime, told: Told = nobody) -> Done:
    """`make` as part of the caller's transaction."""
    book.hold(db)
    known = book.corrections(db)
    what = _grounded(db, what)
    if same := _find_same(known, what, reason):
        return Done(correction_id=same.correction_id, changed=False)
    if fault := contradiction(what, known):
        raise BadCorrection(f"{fault}.")
    number = book.add(db, _kind(what), what, by=by, reason=reason, now=now)
    again = compute_again(db, [what], now=now, told=told)
    _check_persons(db, what)
    return Done(correction_id=number, changed=True, sessions=again)


class _Undone(Exception):
    """Rolls a rehearsal back."""


def rehearse(db: Database, what: What, *, reason: str, now: datetime, told: Told = nobody) -> Rehearsal:
    """What making the correction would change; it is made, looked at and taken back in one transaction.
    Raises BadCorrection as `make` does."""
    return _rehearsed(db, lambda: make_within(db, what, by="", reason=reason, now=now, told=told))


def rehearse_withdrawal(db: Database, correction_id: int, *, now: datetime, told: Told = nobody) -> Rehearsal:
    """What taking a correction back would change. Raises BadCorrection as `withdraw` does."""
    return _rehearsed(db, lambda: _withdraw(db, correction_id, by="", now=now, told=told))


def rehearse_replay(db: Database, session_id: int, *, told: Told = nobody) -> Rehearsal:
    """What computing a gaming session again would change."""
    return _rehearsed(db, lambda: _replay(db, session_id, told))


def replay(db: Database, session_id: int, *, now: datetime, told: Told = nobody) -> int:
    """Computes a gaming session again from the files' bytes, and how many rounds that were."""
    with db.transaction():
        rounds = _replay(db, session_id, told)
        look_again(db, [session_id], now=now)
        return rounds


def _replay(db: Database, session_id: int, told: Told) -> int:
    """Part of the caller's transaction."""
    book.hold(db)
    kept = files_of(db, [session_id])
    _compute(db, kept, in_force(book.corrections(db)), told)
    return len(kept)


def _rehearsed(db: Database, work: Callable[[], object]) -> Rehearsal:
    found: list[Rehearsal] = []
    with suppress(_Undone), db.transaction():
        before = sums(db)
        work()
        found.append(difference(before, sums(db)))
        raise _Undone
    return found[0]


def withdraw(db: Database, correction_id: int, *, by: str, now: datetime, told: Told = nobody) -> Done:
    """As if it had never been made, except that it stays on record. Raises BadCorrection for an unknown number."""
    with db.transaction():
        return _withdraw(db, correction_id, by=by, now=now, told=told)


def _withdraw(db: Database, correction_id: int, *, by: str, now: datetime, told: Told) -> Done:
    """Part of the caller's transaction."""
    book.hold(db)
    found = next((one for one in book.corrections(db) if one.correction_id == correction_id), None)
    if found is None:
        raise BadCorrection(f"There is no correction {correction_id}. `etstats corrections` lists them.")
    if found.withdrawn_at is not None:
        return Done(correction_id=correction_id, changed=False)
    book.withdraw(db, correction_id, by=by, now=now)
    again = compute_again(db, [found.what], now=now, told=told)
    return Done(correction_id=correction_id, changed=True, sessions=again)


def file_named(db: Database, text: str) -> tuple[str, str]:
    """Game server and file of `NAME`, `SERVER/NAME` or the bucket's key. Raises BadCorrection when it is not one."""
    *folders, name = text.split("/")
    servers = folders[-1:] or book.servers_of(db, name)
    if not servers:
        raise BadCorrection(f"No game server has a round in a file {name}. Check the name.")
    if len(servers) > 1:
        raise BadCorrection(f"{name} is a file of {' and of '.join(servers)}. Say SERVER/{name}.")
    return servers[0], name


def compute_again(db: Database, about: Iterable[What], *, now: datetime, told: Told = nobody) -> int:
    """Makes the rows of every gaming session that *about* touches what the corrections in force make of them.

    Part of the caller's transaction, which holds the corrections. Says how many sessions that were.
    """
    corrections = in_force(book.corrections(db))
    touched = sorted({session_id for what in about for session_id in _touched(db, what, corrections)})
    for at in range(0, len(touched), _SESSIONS_AT_ONCE):
        _compute(db, files_of(db, touched[at : at + _SESSIONS_AT_ONCE]), corrections, nobody)
        told(min(at + _SESSIONS_AT_ONCE, len(touched)), len(touched))
    look_again(db, touched, now=now)
    return len(touched)


def _grounded(db: Database, what: What) -> What:
    """*what*, standing on something we know. Raises BadCorrection when it does not."""
    match what:
        case VoidRound():
            _session(db, what.server, what.file)
        case NameTeams():
            first = book.first_attack(db, _session(db, what.server, what.file))
            if first is None:
                raise BadCorrection(f"The evening of {what.file} has no complete map, so there are no teams to name.")
            return replace(what, file=first)
        case MergePersons():
            what = replace(what, guid=_played(db, what.guid), person=_played(db, what.person))
        case AttributeGuid():
            what = replace(what, guid=_played(db, what.guid), person=_guid(what.person))
        case ForgetPerson():
            what = replace(what, guid=_guid(what.guid))
    return what


def _session(db: Database, server: str, file: str) -> int:
    session_id = book.session_of(db, server, file)
    if session_id is None:
        raise BadCorrection(f"The game server {server} has no round in a file {file}. Check both names.")
    return session_id


def _played(db: Database, text: str) -> str:
    guid = _guid(text)
    if not book.has_played(db, guid):
        raise BadCorrection(f"Nobody has played as {guid}. Check the guid.")
    return guid


def _guid(text: str) -> str:
    guid = text[:8].upper()
    if not _GUID.fullmatch(guid):
        raise BadCorrection(f"{text!r} is no guid: 8 hexadecimal digits, as /stats shows them.")
    return guid


def _find_same(known: Sequence[Correction], what: What, reason: str) -> Correction | None:
    standing = (one for one in known if one.withdrawn_at is None)
    return next((one for one in standing if (one.what, one.reason) == (what, reason)), None)


def _kind(what: What) -> Kind:
    return next(kind for kind, its in KINDS.items() if isinstance(what, its))


def _touched(db: Database, what: What, corrections: Corrections) -> list[int]:
    """The gaming sessions that may look different with *what* and without."""
    match what:
        case VoidRound() | NameTeams():
            session_id = book.session_of(db, what.server, what.file)
            return [] if session_id is None else [session_id]
        case MergePersons():
            return book.sessions_with(db, corrections.touched_by(what.guid))
        case ForgetPerson():
            return book.sessions_with(db, corrections.touched_by(corrections.belongs_to(what.guid)))
        case AttributeGuid():
            return book.sessions_with(db, [what.guid], since=what.since, until=what.until)


def _check_persons(db: Database, what: What) -> None:
    """Two guids in one round are two persons. Raises BadCorrection, which undoes the lot."""
    if isinstance(what, MergePersons | AttributeGuid):
        person = in_force(book.corrections(db)).belongs_to(what.person)
        if file := book.find_round_of_both(db, person):
            raise BadCorrection(f"{what.guid} and {what.person} both took part in {file}: they are two persons.")


def _compute(db: Database, kept: Sequence[Kept], corrections: Corrections, told: Told) -> None:
    for server, files in groupby(kept, key=lambda one: one.server):
        near = list(files)
        evening: list[StoredFile] = []
        for one in near:
            told(len(evening), len(kept))
            file = read_stats_file(read_name(one.name), one.content)
            evening.append(StoredFile(file_id=one.file_id, file=file, server=server))
        write_sessions(
            db,
            server,
            sessions(evening, corrections),
            stored={one.file_id: one.round for one in near},
            contents={one.file_id: one.sha256 for one in near},
            forgotten=corrections.forgotten,
        )
