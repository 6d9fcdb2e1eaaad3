"""A clip, cut when somebody first asks for it and kept: however many ask at once, it is cut once.

The claim is a row of its own, never a lock held while cutting; whoever finds it taken waits for the bytes, and takes
over when whoever had it is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

from etstats.demo.cut import cut, point_of_view
from etstats.domain import demo
from etstats.domain.clip import AS_RECORDED, MAX_BYTES, Clip, Wanted
from etstats.errors import BadDemo, ClipBusy, EtstatsError
from etstats.storage import clip as book
from etstats.storage.clip import Claim
from etstats.storage.database import Database

CLAIM_LIVES = timedelta(seconds=12)
POLL_S = 0.5
TRIES = 36  # 18 s: longer than a claim lives, shorter than the function may run
CARRIED_BYTES = 8 * 1024 * 1024  # a message takes 10 MiB
LINK_LIVES_S = 3600


class Bucket(Protocol):
    """Raises BadFile(code="missing") and BucketUnavailable."""

    def get(self, key: str) -> bytes: ...
    def download(self, key: str, into: BinaryIO, *, at_most: int) -> int: ...
    def put_new(self, key: str, body: bytes) -> bool: ...
    def link(self, key: str, *, lives_s: int) -> str: ...


def cut_clip(
    db: Database, bucket: Bucket, wanted: Wanted, *, now: Callable[[], datetime], wait: Callable[[float], None]
) -> Clip:
    """The clip. *db*: outside of any transaction, for claims are to be seen by others at once.

    Raises BadDemo where there is nothing to cut, ClipBusy when somebody is at it and does not get done.
    """
    for _ in range(TRIES):
        claimed = book.claim(db, wanted, now=now(), until=now() + CLAIM_LIVES)
        if claimed is Claim.READY:
            return _clip(bucket, wanted, bucket.get(wanted.key))
        if claimed is Claim.MINE:
            return _clip(bucket, wanted, _cut(db, bucket, wanted))
        wait(POLL_S)
    raise ClipBusy("Somebody is cutting this clip and does not get done. Try again in a minute.")


def _cut(db: Database, bucket: Bucket, wanted: Wanted) -> bytes:
    try:
        content = _bytes(bucket, wanted)
        bucket.put_new(wanted.key, content)
    except EtstatsError:
        book.give_up(db, wanted)
        raise
    book.finish(db, wanted)
    return content


def _bytes(bucket: Bucket, wanted: Wanted) -> bytes:
    with TemporaryFile() as source, TemporaryFile() as out:
        bucket.download(wanted.demo_key, source, at_most=demo.MAX_BYTES)
        source.seek(0)
        if wanted.pov == AS_RECORDED:
            cut(source, out, from_ms=wanted.from_ms, to_ms=wanted.to_ms)
        else:
            point_of_view(source, out, client=wanted.pov, from_ms=wanted.from_ms, to_ms=wanted.to_ms)
        if out.tell() > MAX_BYTES:
            raise BadDemo("too_large", f"the clip would have {out.tell():,} bytes; choose a shorter part")
        out.seek(0)
        return out.read()


def _clip(bucket: Bucket, wanted: Wanted, content: bytes) -> Clip:
    if len(content) <= CARRIED_BYTES:
        return Clip(size=len(content), content=content)
    return Clip(size=len(content), url=bucket.link(wanted.key, lives_s=LINK_LIVES_S))
