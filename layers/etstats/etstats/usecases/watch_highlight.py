"""Somebody wants to watch a highlight: its film is asked for, and for as long as he waits he is told how far it is.

Another function makes it (`film_highlight`), once, however many ask.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from etstats.domain.video import Video, VideoState, Watched
from etstats.errors import BadFile
from etstats.storage import video as book
from etstats.storage.database import Database

TOLD_AGAIN = timedelta(seconds=60)  # a message that nobody has taken up is sent again
POLL_S = 0.5
LOOKS = 36  # 18 s: most films are there by then; shorter than the function may run
_TELL_EVERY = 3  # looks: Discord takes an edit a second
_ENDED = (VideoState.READY.value, VideoState.FAILED.value)


class HandOver(Protocol):
    """Raises Unavailable."""

    def send(self, body: dict[str, object]) -> None: ...


class Bucket(Protocol):
    """Raises BadFile(code="missing") and BucketUnavailable."""

    def get(self, key: str) -> bytes: ...


def ask(
    db: Database, hand_over: HandOver, demo_id: int, position: int, *, guild_id: str, now: datetime
) -> Video | None:
    """How far the film of the guild's highlight is; None: there is no such highlight. Raises Unavailable."""
    if book.ask(db, demo_id, position, guild_id=guild_id, now=now, told_before=now - TOLD_AGAIN):
        hand_over.send({"guild": guild_id, "demo": demo_id, "highlight": position})
    return book.find_video(db, demo_id, position, guild_id=guild_id)


def watch_highlight(
    db: Database,
    hand_over: HandOver,
    bucket: Bucket,
    demo_id: int,
    position: int,
    *,
    guild_id: str,
    now: Callable[[], datetime],
    wait: Callable[[float], None],
    told: Callable[[Watched], None],
) -> Watched | None:
    """The film once it is there, or why there is none; how far it is, when that takes longer than one waits. None:
    there is no such highlight. *told*: whenever it is further. *db*: outside of any transaction. Raises Unavailable.
    """
    before: Video | None = None
    look = 0
    while (video := ask(db, hand_over, demo_id, position, guild_id=guild_id, now=now())) is not None:
        look += 1
        if video.state in _ENDED or look == LOOKS:
            seen = _seen(db, bucket, video)
            if seen is not None or look == LOOKS:
                return seen or Watched(video=video)
        elif look % _TELL_EVERY == 1 and video != before:
            told(_with_still(bucket, video))
            before = video
        wait(POLL_S)
    return None


def _seen(db: Database, bucket: Bucket, video: Video) -> Watched | None:
    """None: its film is not in the bucket any more, so it is to be made anew."""
    if video.state != VideoState.READY.value or video.key is None:
        return _with_still(bucket, video)
    try:
        return Watched(video=video, film=bucket.get(video.key))
    except BadFile:
        book.forget(db, video)
        return None


def _with_still(bucket: Bucket, video: Video) -> Watched:
    return Watched(video=video, still=bucket.get(video.still_key) if video.still_key else None)
