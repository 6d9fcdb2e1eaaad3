"""A demo's report as a page behind a link that expires: made anew for whoever asks, so that it shows the films there
are by then and the round as people have set it right; and its pictures, each drawn once. What they are made of was kept
by the analysis."""

from __future__ import annotations

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

from etstats.cards.page.report import Told
from etstats.cards.page.report import report as page
from etstats.cards.picture import heat_map, round_timeline
from etstats.domain.demo import MAX_BYTES, Demo, Drawn, Picture
from etstats.domain.report import Report, page_key, picture_key, read, report_key, written
from etstats.errors import BadFile
from etstats.greatshot.analysis import analyse
from etstats.greatshot.report import report
from etstats.storage import demo as book
from etstats.storage.database import Database
from etstats.storage.render import rendered
from etstats.storage.video import films
from etstats.words import Words

LINK_LIVES_S = 3_600
_MOST_HIGHLIGHTS = 100
_MEDIA_TYPE = "text/html; charset=utf-8"
_DRAWINGS = {Picture.HEAT_MAP: heat_map, Picture.TIMELINE: round_timeline}


class Bucket(Protocol):
    """Raises BadFile(code="missing"), BadFile(code="too_large") and BucketUnavailable."""

    def get(self, key: str) -> bytes: ...
    def put(self, key: str, body: bytes, *, media_type: str = ...) -> None: ...
    def download(self, key: str, into: BinaryIO, *, at_most: int) -> int: ...
    def link(self, key: str, *, lives_s: int) -> str: ...


def report_demo(db: Database, bucket: Bucket, words: Words, demo: Demo, *, round: str) -> str:
    """The page's address, good for an hour. *round*: which one the demo shows, in words. Raises BadDemo, BadFile and
    BucketUnavailable."""
    there = films(db, demo.demo_id) | rendered(db, demo.demo_id)  # the game's own picture where there is one
    told = Told(
        demo=demo,
        report=_report(bucket, demo),
        players=book.demo_players(db, demo.demo_id),
        highlights=book.highlights(db, demo.guild_id, demo_id=demo.demo_id, limit=_MOST_HIGHLIGHTS),
        films={at: bucket.link(key, lives_s=LINK_LIVES_S) for at, key in there.items()},
        round=round,
    )
    key = page_key(demo.guild_id, demo.sha256, words.language)
    bucket.put(key, page(words, told).html.encode(), media_type=_MEDIA_TYPE)
    return bucket.link(key, lives_s=LINK_LIVES_S)


def draw_demo(bucket: Bucket, render: Callable[[str], bytes], words: Words, demo: Demo, what: Picture) -> Drawn:
    """*render*: SVG to PNG. Raises BadDemo, BadFile, BadPicture and BucketUnavailable."""
    kept, drawing = _report(bucket, demo), _DRAWINGS[what]
    svg = drawing.draw(words, kept, title=demo.map or "")
    key = picture_key(demo.guild_id, demo.sha256, svg)
    try:
        png = bucket.get(key)
    except BadFile as fault:
        if fault.code != "missing":
            raise
        png = render(svg)
        bucket.put(key, png, media_type="image/png")
    return Drawn(png=png, told=drawing.told(words, kept))


def _report(bucket: Bucket, demo: Demo) -> Report:
    """As the analysis kept it; else out of the demo once more."""
    key = report_key(demo.guild_id, demo.sha256)
    try:
        kept = read(bucket.get(key))
    except BadFile as fault:
        if fault.code != "missing":
            raise
        kept = None
    if kept is None:
        with TemporaryFile() as file:
            bucket.download(demo.key, file, at_most=MAX_BYTES)
            kept = report(analyse(file).battle)
        bucket.put(key, written(kept))
    return kept
