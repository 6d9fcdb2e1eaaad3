"""Films made with the game itself. Somebody who has it installed asks for work, says again and again that he is still
at it, and puts the film into the bucket; who falls silent or takes too long is taken over. docs/renders.md is the
contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from etstats.domain.render import MOST_BYTES, SILENCE, WITHIN, Job, film_key
from etstats.domain.upload import Ticket
from etstats.errors import BadFile, Refusal
from etstats.storage import render as book
from etstats.storage.database import Database

LINK_LIVES_S = 3_600
_SILENT = "whoever rendered it fell silent"
_MOST_SIGNS = 200


class Bucket(Protocol):
    """Raises BucketUnavailable; *size* BadFile(code="missing")."""

    def link(self, key: str, *, lives_s: int) -> str: ...
    def link_to_put(self, key: str, *, size: int, lives_s: int) -> str: ...
    def size(self, key: str) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Renders:
    """What people are told about such films. *seal*: a renderer's ticket as a text; *url*: what his program calls."""

    bucket: Callable[[], Bucket]
    seal: Callable[[Ticket], str]
    url: str

    def link(self, key: str) -> str:
        """Where the film is, for an hour."""
        return self.bucket().link(key, lives_s=LINK_LIVES_S)

    def program(self, ticket: Ticket) -> str:
        """The line that starts a renderer."""
        program = "./render {clip} {film}"
        return f"python -m scripts.render_worker --url {self.url} --ticket {self.seal(ticket)} -- {program}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A job, and where its demo is to be had for an hour."""

    job: Job
    demo_url: str


def take(db: Database, bucket: Bucket, guild_id: str, *, worker: str, claim: str, now: datetime) -> Taken | None:
    """The next job for *worker*, who shows *claim* from now on; None: there is none."""
    book.give_up(db, guild_id, now=now, reason=_SILENT)
    job = book.claim(db, guild_id, worker=worker[:_MOST_SIGNS], claim=claim, now=now, until=now + SILENCE)
    return Taken(job=job, demo_url=bucket.link(job.demo_key, lives_s=LINK_LIVES_S)) if job else None


def beat(db: Database, claim: str, percent: int, *, now: datetime) -> bool:
    """Whether he may go on."""
    percent = min(max(percent, 0), 99)
    return book.beat(db, claim, percent, now=now, until=now + SILENCE, began_after=now - WITHIN)


def place_for(db: Database, bucket: Bucket, claim: str, *, size: int, ending: str) -> str:
    """An address that takes the film, of just *size* bytes. Raises Refusal."""
    key = _key(db, claim, ending)
    if not 0 < size <= MOST_BYTES:
        raise Refusal("render.error_size")
    return bucket.link_to_put(key, size=size, lives_s=LINK_LIVES_S)


def finish(db: Database, bucket: Bucket, claim: str, *, ending: str) -> None:
    """The film is there. Raises Refusal when it is not, or is his no more."""
    key = _key(db, claim, ending)
    try:
        bucket.size(key)
    except BadFile as fault:
        raise Refusal("render.error_missing") from fault
    if not book.finish(db, claim, key):
        raise Refusal("render.error_gone")


def _key(db: Database, claim: str, ending: str) -> str:
    place = book.place(db, claim)
    key = film_key(*place, claim, ending) if place else None
    if key is None:
        raise Refusal("render.error_gone")
    return key


def fail(db: Database, claim: str, reason: str) -> None:
    """He could not."""
    book.fail(db, claim, reason[:_MOST_SIGNS].strip() or "no reason given")
