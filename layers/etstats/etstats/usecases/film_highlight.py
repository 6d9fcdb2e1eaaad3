"""A highlight's film from above: made by one worker at a time, within bounds, with progress to be seen, and kept.

Who asks for it: `watch_highlight`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO, Protocol

from etstats.cards.film import look
from etstats.cards.film.frame import Film
from etstats.cards.film.ground import MapPicture, Title
from etstats.demo.events import Team
from etstats.domain.demo import MAX_BYTES
from etstats.domain.place import Box
from etstats.domain.video import VideoState, Wanted
from etstats.errors import BadDemo, BadFile, BadPicture, FilmFailed, Unavailable
from etstats.greatshot.analysis import fought
from etstats.greatshot.pace import FRAMES_PER_S, Frame, paced
from etstats.greatshot.scene import Scene, scene
from etstats.storage import video as book
from etstats.storage.database import Database
from etstats.words import Words, words_for

CLAIM_LIVES = timedelta(seconds=150)  # longer than the function may run
_READ_PERCENT = 50  # of the work is reading
_STEP_PERCENT = 10
_STILL_AFTER_MS = 250  # the best moment: what was done is done, and still to be seen


class Bucket(Protocol):
    """Raises BadFile(code="missing"), BadFile(code="too_large") and BucketUnavailable."""

    def get(self, key: str) -> bytes: ...
    def download(self, key: str, into: BinaryIO, *, at_most: int) -> int: ...
    def put_new(self, key: str, body: bytes) -> bool: ...


class MakeFilm(Protocol):
    """Returns the ending of what it wrote. Raises FilmFailed."""

    def __call__(self, frames: Iterable[bytes], *, count: int, side: int, frames_per_s: int, into: Path) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What pictures and films are made with. *render*: SVG to PNG."""

    render: Callable[[str], bytes]
    make_film: MakeFilm


def make_video(
    db: Database,
    bucket: Bucket,
    studio: Studio,
    demo_id: int,
    position: int,
    *,
    now: Callable[[], datetime],
    time_is_short: Callable[[], bool],
) -> str | None:
    """Makes the film: how it ended, `ready` or `failed`; None: it is there, or somebody else is at it. Raises
    Unavailable when worth another try."""
    wanted = book.claim(db, demo_id, position, now=now(), until=now() + CLAIM_LIVES)
    if wanted is None:
        return None
    try:
        ending = _make(db, bucket, studio, wanted, _Watch(db, wanted, time_is_short))
    except Unavailable:
        book.release(db, wanted)
        raise
    except (BadDemo, BadFile, FilmFailed) as fault:
        book.fail(db, wanted, reason=str(fault))
        return VideoState.FAILED.value
    book.finish(db, wanted, key=wanted.key(ending), still_key=wanted.key("png"))
    return VideoState.READY.value


class _Watch:
    """Keeps the work within its time, and says how far it is."""

    def __init__(self, db: Database, wanted: Wanted, time_is_short: Callable[[], bool]) -> None:
        self._db, self._wanted, self._short = db, wanted, time_is_short
        self._told = 0

    def look(self, percent: int) -> None:
        """Raises FilmFailed."""
        if self._short():
            raise FilmFailed("It takes longer than one film may take. A clip of it can be cut all the same.")
        if percent >= self._told + _STEP_PERCENT:
            self._told = percent
            book.progress(self._db, self._wanted, percent)

    def reading(self, percent: int) -> None:
        self.look(percent * _READ_PERCENT // 100)

    def drawing(self, frames: Iterator[bytes], count: int) -> Iterator[bytes]:
        for number, frame in enumerate(frames):
            self.look(_READ_PERCENT + (100 - _READ_PERCENT) * number // count)
            yield frame


def _make(db: Database, bucket: Bucket, studio: Studio, wanted: Wanted, watch: _Watch) -> str:
    """The ending of the film that is in the bucket now; its still is there to be seen before."""
    with TemporaryFile() as file:
        bucket.download(wanted.demo_key, file, at_most=MAX_BYTES)
        battle = fought(file, wanted.from_ms, wanted.to_ms, look=watch.reading)
    words = words_for(wanted.language)
    shown = scene(battle, wanted.from_ms, wanted.to_ms, hero=wanted.client)
    film = _film(bucket, studio, words, shown, wanted)
    bucket.put_new(wanted.key("png"), film.still(wanted.moments_ms[-1] + _STILL_AFTER_MS))
    book.show_still(db, wanted, key=wanted.key("png"))
    return _film_into(bucket, studio, film, wanted, watch)


def _film_into(bucket: Bucket, studio: Studio, film: Film, wanted: Wanted, watch: _Watch) -> str:
    frames: list[Frame] = paced(wanted.from_ms, wanted.to_ms, wanted.moments_ms)
    drawn = watch.drawing(film.frames(frames, wanted.moments_ms), len(frames))
    with TemporaryDirectory() as folder:
        into = Path(folder) / "film"
        ending = studio.make_film(drawn, count=len(frames), side=look.SIDE, frames_per_s=FRAMES_PER_S, into=into)
        bucket.put_new(wanted.key(ending), into.read_bytes())
    return ending


def _film(bucket: Bucket, studio: Studio, words: Words, shown: Scene, wanted: Wanted) -> Film:
    """On the map's picture, where an admin supplied one that is sound."""
    title, picture = _title(words, wanted), _map_picture(bucket, wanted.map)
    try:
        return Film(words, studio.render, shown, title, picture=picture)
    except BadPicture:
        return Film(words, studio.render, shown, title)


def _title(words: Words, wanted: Wanted) -> Title:
    team = Team(wanted.team) if wanted.team in (Team.AXIS, Team.ALLIES) else Team.NONE
    who = wanted.name or (words(f"watch.{team.value}") if team is not Team.NONE else "")
    times = f" ×{len(wanted.moments_ms)}" if len(wanted.moments_ms) > 1 else ""
    what = words(f"highlight.{wanted.kind}") + times
    return Title(who=who, team=team, what=" · ".join(part for part in (what, wanted.map) if part))


def _map_picture(bucket: Bucket, name: str | None) -> MapPicture | None:
    """`maps/<map>.png` and which part of the world it shows, `maps/<map>.json`; None: none that we can use."""
    if not name or not all(sign.isalnum() or sign in "_-." for sign in name):
        return None
    try:
        told = json.loads(bucket.get(f"maps/{name.lower()}.json"))
        box = Box(**{side: float(told[side]) for side in ("west", "south", "east", "north")})
        if 0 < box.width < inf and 0 < box.height < inf:
            return MapPicture(png=bucket.get(f"maps/{name.lower()}.png"), box=box)
    except (BadFile, ValueError, TypeError, KeyError):
        return None
    return None
