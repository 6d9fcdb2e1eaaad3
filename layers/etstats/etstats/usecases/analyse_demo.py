"""A demo landed in the bucket: take it in, read it once, keep what is worth watching.

Two steps, each safe to repeat and to run twice at once. An upload becomes the guild's demo of those bytes, under their
SHA-256; a demo is claimed, analysed within bounds, joined with the round it shows, and its rows are written in one
transaction. A demo that cannot be read ends as a result; what was only away is tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

from etstats.demo.configstring import without_colours
from etstats.demo.demo import About
from etstats.domain.demo import MAX_BYTES, Demo, DemoPlayer, demo_key, sha256_of
from etstats.domain.demo_match import Match, Said, Shown, best_match, joined, kills_by_name, score
from etstats.domain.report import report_key, written
from etstats.errors import BadDemo, BadFile, BadInput, Unavailable
from etstats.greatshot.analysis import Analysis, analyse
from etstats.greatshot.figures import duels, performances, players
from etstats.greatshot.report import report
from etstats.greatshot.testimony import is_whole, shown
from etstats.storage import demo as book
from etstats.storage import upload as uploads
from etstats.storage.database import Database

CLAIM_LIVES = timedelta(minutes=6)  # longer than the function may run
_UPLOAD = re.compile(r"uploads/([0-9]{1,20})/([0-9]{0,20})/[^/]+/([^/]+\.(dm_84|tv_84))")
_DEMO = re.compile(r"demos/([0-9]{1,20})/([0-9a-f]{64})\.(dm_84|tv_84)")
_STEP_PERCENT = 10


class Bucket(Protocol):
    """Raises BadFile(code="missing"), BadFile(code="too_large") and BucketUnavailable."""

    def put(self, key: str, body: bytes) -> None: ...
    def download(self, key: str, into: BinaryIO, *, at_most: int) -> int: ...
    def copy(self, key: str, to: str) -> None: ...
    def delete(self, key: str) -> None: ...


class TookTooLong(BadInput):
    """The time for one demo is over. Trying again would take as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """*key*: where the demo is from now on; its landing there is told by the bucket like any other."""

    demo_id: int
    key: str


def receive(db: Database, bucket: Bucket, key: str, *, now: datetime) -> Received:
    """Takes the upload *key* in. Raises BadFile for what is no upload or too large, with the upload deleted."""
    named = _UPLOAD.fullmatch(key)
    if named is None:
        raise BadFile("bad_key", "An upload's key is uploads/<guild>/<user>/<ticket>/<name>.dm_84 or .tv_84")
    guild_id, user_id, name, kind = named.groups()
    with TemporaryFile() as file:
        try:
            size = bucket.download(key, file, at_most=MAX_BYTES)
        except BadFile as fault:
            if fault.code == "too_large":
                uploads.refuse(db, key, str(fault))
                bucket.delete(key)
            raise
        digest = sha256_of(file)
    kept = demo_key(guild_id, digest, kind)
    # the row first: whoever finds the demo in the bucket knows whose it is
    number = book.receive(
        db, guild_id=guild_id, sha256=digest, kind=kind, name=name, size=size, by=user_id or None, now=now
    )
    uploads.arrived(db, key, number)
    bucket.copy(key, kept)
    bucket.delete(key)
    return Received(demo_id=number, key=kept)


def analyse_demo(
    db: Database,
    bucket: Bucket,
    key: str,
    *,
    now: Callable[[], datetime],
    time_is_short: Callable[[], bool],
    fallback_channel: str = "",
) -> str | None:
    """Analyses the demo *key*: how it ended, `ready` or `failed`; None: it is done, or somebody else is at it. What is
    ready is posted where its guild wants that, as long as no guild has said so in *fallback_channel*.
    Raises BadFile for what is no demo's key, and Unavailable when worth another try."""
    named = _DEMO.fullmatch(key)
    if named is None:
        raise BadFile("bad_key", "A demo's key is demos/<guild>/<sha256>.dm_84 or .tv_84")
    guild_id, digest, kind = named.groups()
    with TemporaryFile() as file:
        size = bucket.download(key, file, at_most=MAX_BYTES)
        number = book.receive(
            db, guild_id=guild_id, sha256=digest, kind=kind, name=f"{digest[:8]}.{kind}", size=size, by=None, now=now()
        )
        demo = book.claim(db, number, now=now(), until=now() + CLAIM_LIVES)
        if demo is None:
            return None
        try:
            watch = _Watch(db, demo, time_is_short)
            return _analyse(db, bucket, demo, file, watch, fallback_channel=fallback_channel, now=now)
        except Unavailable:
            book.release(db, number)
            raise


def _analyse(
    db: Database,
    bucket: Bucket,
    demo: Demo,
    file: BinaryIO,
    watch: _Watch,
    *,
    fallback_channel: str,
    now: Callable[[], datetime],
) -> str:
    try:
        _check(file, demo)
        found = analyse(file, look=watch.look)
    except (BadDemo, TookTooLong) as fault:
        book.fail(db, demo.demo_id, reason=str(fault), now=now())
        return "failed"
    bucket.put(report_key(demo.guild_id, demo.sha256), written(report(found.battle)))
    book.write(db, demo, _found(db, demo, found), fallback_channel=fallback_channel, now=now())
    return "ready"


def _check(file: BinaryIO, demo: Demo) -> None:
    if sha256_of(file) != demo.sha256:
        raise BadDemo("changed", "its bytes are not those it was stored under")


class _Watch:
    """Keeps an analysis within its time, and says how far it is."""

    def __init__(self, db: Database, demo: Demo, time_is_short: Callable[[], bool]) -> None:
        self._db, self._demo, self._short = db, demo, time_is_short
        self._told = 0

    def look(self, percent: int) -> None:
        """Raises TookTooLong."""
        if self._short():
            raise TookTooLong("It takes longer to read than one demo may take. Cut it into parts and upload those.")
        if percent >= self._told + _STEP_PERCENT:
            self._told = percent
            book.progress(self._db, self._demo.demo_id, percent)


def _found(db: Database, demo: Demo, analysis: Analysis) -> book.Found:
    about, fought = analysis.about, analysis.battle
    everybody = players(fought, about.players)
    seen = _shown(analysis, everybody)
    said = book.said_match(db, demo)
    match = _match(db, seen) if said is None else _said(db, seen, said)
    everybody = joined(everybody, match)
    return book.Found(
        map=about.map,
        mod=" ".join(part for part in (about.mod_name, about.mod_version) if part),
        server_name=without_colours(about.server_name),
        recorder=_recorder(about),
        begin_ms=fought.begin_ms,
        end_ms=fought.end_ms,
        truncated=about.truncated,
        complete=fought.complete,
        shown_s=seen.duration_s,
        shown_whole=seen.whole,
        testimony=analysis.testimony,
        match=match,
        said=said is not None,
        players=everybody,
        duels=duels(fought),
        highlights=analysis.highlights,
        performances=performances(everybody, analysis.highlights),
    )


def _match(db: Database, seen: Shown) -> Match | None:
    return best_match(seen, book.candidates(db, seen.map)) if seen.map else None


def _said(db: Database, seen: Shown, said: Said) -> Match | None:
    """The round somebody named, with the points there are for it."""
    candidate = book.find_candidate(db, said.round_id) if said.round_id is not None else None
    return score(seen, candidate) if candidate is not None else None


def _recorder(about: About) -> str | None:
    """A TV server is nobody."""
    return next((without_colours(one.name) for one in about.players if one.client == about.recorder), None)


def _shown(analysis: Analysis, everybody: list[DemoPlayer]) -> Shown:
    """The longest round in the demo is what it shows."""
    span, told = shown(analysis.battle), analysis.testimony
    return Shown(
        map=analysis.about.map,
        duration_s=(span.end_ms - span.begin_ms) // 1_000 if span is not None else None,
        whole=span is not None and is_whole(analysis.battle, span),
        kills=kills_by_name(everybody) if told is None else told.kills_by_name(),
    )
