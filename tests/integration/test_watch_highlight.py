"""A highlight's film: asked for by many, made once, whoever dies on the way. On a real PostgreSQL."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from etstats.domain.video import Video, Watched
from etstats.errors import BucketUnavailable, FilmFailed, Unavailable
from etstats.gateways.film import make_film
from etstats.storage.database import Database
from etstats.usecases.analyse_demo import analyse_demo
from etstats.usecases.film_highlight import CLAIM_LIVES, Studio, make_video
from etstats.usecases.watch_highlight import LOOKS, POLL_S, TOLD_AGAIN, ask, watch_highlight
from tests import corpus
from tests.demo_builder import DemoBuilder, a_view, an_entity
from tests.drawn import renderer
from tests.fakes import FakeBucket

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
GUILD = "7"


class Queue:
    """What was handed over. While *away* is set it takes nothing."""

    def __init__(self) -> None:
        self.sent: list[dict[str, object]] = []
        self.away = False

    def send(self, body: dict[str, object]) -> None:
        if self.away:
            raise Unavailable("away")
        self.sent.append(body)


class Films:
    """Counts what is made, and looks at every frame as ffmpeg does."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def make(self, frames: Iterable[bytes], *, count: int, side: int, frames_per_s: int, into: Path) -> str:
        lengths = {len(frame) for frame in frames}
        assert lengths == {side * side * 3}
        self.made.append(count)
        into.write_bytes(b"a film")
        return "mp4"


def _demo() -> bytes:
    """Three kills in four seconds by client 0, who stands where he is seen."""
    builder = DemoBuilder(tv=True).snapshot(1_000)
    for number, at_ms in enumerate((10_000, 11_000, 12_000)):
        obituary = an_entity(eType=62 + 68, otherEntityNum=1, otherEntityNum2=0, eventParm=8)
        builder.snapshot(at_ms, {80 + number: obituary}, players={0: a_view(clientNum=0), 1: a_view(clientNum=1)})
    return builder.snapshot(90_000).content()


def _kept(bucket: FakeBucket, content: bytes, kind: str = "tv_84") -> str:
    key = f"demos/{GUILD}/{sha256(content).hexdigest()}.{kind}"
    bucket.objects[key] = content
    return key


@pytest.fixture
def bucket() -> FakeBucket:
    return FakeBucket()


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def films() -> Films:
    return Films()


@pytest.fixture
def demo_id(db: Database, bucket: FakeBucket) -> int:
    key = _kept(bucket, _demo())
    assert analyse_demo(db, bucket, key, now=lambda: NOW, time_is_short=lambda: False) == "ready"
    return int(db.values("select demo_id from demo")[0])


def _ask(db: Database, queue: Queue, demo_id: int, *, now: datetime = NOW, guild: str = GUILD) -> Video | None:
    return ask(db, queue, demo_id, 1, guild_id=guild, now=now)


def _make(
    db: Database,
    bucket: FakeBucket,
    films: Films,
    demo_id: int,
    *,
    now: datetime = NOW,
    short: Callable[[], bool] = lambda: False,
    make: Any = None,
) -> str | None:
    studio = Studio(render=renderer(), make_film=make or films.make)
    return make_video(db, bucket, studio, demo_id, 1, now=lambda: now, time_is_short=short)


def test_twenty_who_ask_are_one_film(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int
) -> None:
    asked = [_ask(db, queue, demo_id) for _ in range(20)]
    assert queue.sent == [{"guild": GUILD, "demo": demo_id, "highlight": 1}]
    assert {one and one.state for one in asked} == {"asked"}
    assert [_make(db, bucket, films, demo_id) for _ in range(3)] == ["ready", None, None]
    assert films.made == [(3_000 + 4_000 + 2_000) // 40]
    found = _ask(db, queue, demo_id)
    assert found is not None and (found.state, found.percent) == ("ready", 100)
    assert bucket.objects[found.key or ""] == b"a film"
    assert Image.open(io.BytesIO(bucket.objects[found.still_key or ""])).format == "PNG"
    assert len(queue.sent) == 1


def test_what_nobody_asked_for_and_what_is_not_there_is_not_made(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int
) -> None:
    assert _make(db, bucket, films, demo_id) is None
    assert ask(db, queue, demo_id, 99, guild_id=GUILD, now=NOW) is None
    assert ask(db, queue, demo_id + 1, 1, guild_id=GUILD, now=NOW) is None
    assert queue.sent == []


def test_another_guilds_highlight_is_not_there(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int
) -> None:
    assert _ask(db, queue, demo_id, guild="8") is None
    _ask(db, queue, demo_id)
    assert _ask(db, queue, demo_id, guild="8") is None
    assert len(queue.sent) == 1


def test_a_message_that_got_lost_is_sent_again_when_somebody_asks_again(
    db: Database, queue: Queue, demo_id: int
) -> None:
    queue.away = True
    with pytest.raises(Unavailable):
        _ask(db, queue, demo_id)
    queue.away = False
    _ask(db, queue, demo_id, now=NOW + TOLD_AGAIN / 2)
    assert queue.sent == []
    _ask(db, queue, demo_id, now=NOW + TOLD_AGAIN)
    assert len(queue.sent) == 1


class Killed(BaseException):
    """The worker's process is gone."""


def test_a_worker_that_dies_is_replaced_when_its_claim_has_run_out(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int
) -> None:
    def killed(frames: Iterable[bytes], **_: Any) -> str:
        for _frame in frames:
            raise Killed
        return ""

    _ask(db, queue, demo_id)
    with pytest.raises(Killed):
        _make(db, bucket, films, demo_id, make=killed)
    early, later = NOW + CLAIM_LIVES - timedelta(seconds=1), NOW + CLAIM_LIVES
    assert _make(db, bucket, films, demo_id, now=early) is None
    found = _ask(db, queue, demo_id, now=early)
    assert found is not None and (found.state, found.percent) == ("rendering", 50)
    assert len(queue.sent) == 1
    _ask(db, queue, demo_id, now=later)
    assert len(queue.sent) == 2
    assert _make(db, bucket, films, demo_id, now=later) == "ready"


def test_a_bucket_that_is_away_is_tried_again(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int
) -> None:
    _ask(db, queue, demo_id)
    bucket.away = True
    with pytest.raises(BucketUnavailable):
        _make(db, bucket, films, demo_id)
    bucket.away = False
    assert _make(db, bucket, films, demo_id) == "ready"


def test_what_cannot_be_made_ends_with_the_reason_and_is_not_tried_again(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int
) -> None:
    def failing(frames: Iterable[bytes], **_: Any) -> str:
        raise FilmFailed("no such codec")

    _ask(db, queue, demo_id)
    assert _make(db, bucket, films, demo_id, make=failing) == "failed"
    found = _ask(db, queue, demo_id, now=NOW + timedelta(days=1))
    assert found is not None and (found.state, found.reason) == ("failed", "no such codec")
    assert len(queue.sent) == 1


def test_what_takes_too_long_and_what_is_gone_are_results(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int
) -> None:
    _ask(db, queue, demo_id)
    assert _make(db, bucket, films, demo_id, short=lambda: True) == "failed"
    db.run("update video set state = 'asked'")
    bucket.objects.clear()
    assert _make(db, bucket, films, demo_id) == "failed"
    assert films.made == []


def test_the_film_is_in_the_guilds_language_and_on_the_map_that_an_admin_supplied(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int
) -> None:
    _ask(db, queue, demo_id)
    _make(db, bucket, films, demo_id)
    (still,) = [key for key in bucket.objects if key.endswith(".png") and "-" in key.rsplit("/", 1)[-1][:3]]
    plain = bucket.objects.pop(still)
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "#ff0000").save(out, "PNG")
    bucket.objects["maps/adlernest.png"] = out.getvalue()
    bucket.objects["maps/adlernest.json"] = json.dumps(
        {"west": -5_000, "south": -5_000, "east": 5_000, "north": 5_000}
    ).encode()
    db.run("update video set state = 'asked'")
    assert _make(db, bucket, films, demo_id) == "ready"
    pixel = Image.open(io.BytesIO(bucket.objects[still])).convert("RGB").getpixel((20, 400))
    assert isinstance(pixel, tuple) and pixel[0] > 90
    assert plain != bucket.objects[still]


@pytest.mark.parametrize("told", [b"", b"[]", b'{"west": 1}', b'{"west":0,"south":0,"east":NaN,"north":1}', b"{}"])
def test_a_map_that_is_not_told_rightly_is_left_out(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int, told: bytes
) -> None:
    bucket.objects |= {"maps/adlernest.json": told, "maps/adlernest.png": b"no picture"}
    _ask(db, queue, demo_id)
    assert _make(db, bucket, films, demo_id) == "ready"


def test_when_a_demo_is_analysed_again_its_films_are_asked_for_anew(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int
) -> None:
    _ask(db, queue, demo_id)
    _make(db, bucket, films, demo_id)
    db.run("delete from highlight")
    assert db.values("select state from video") == []


class Waiting:
    """Somebody who waits; *after* so many looks it happens."""

    def __init__(self, after: int = 0, happens: Callable[[], object] = lambda: None) -> None:
        self.waited, self.told = 0, list[Watched]()
        self._after, self._happens = after, happens

    def wait(self, seconds: float) -> None:
        assert seconds == POLL_S
        self.waited += 1
        if self.waited == self._after:
            self._happens()


def _watch(db: Database, bucket: FakeBucket, queue: Queue, demo_id: int, waiting: Waiting) -> Watched | None:
    return watch_highlight(
        db, queue, bucket, demo_id, 1,
        guild_id=GUILD, now=lambda: NOW, wait=waiting.wait, told=waiting.told.append,
    )  # fmt: skip


def test_who_waits_sees_it_begin_then_a_still_and_then_the_film(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int
) -> None:
    def half_made(frames: Iterable[bytes], **told: Any) -> str:
        for number, _ in enumerate(frames):
            if number == told["count"] // 2:
                seen.append(_ask(db, queue, demo_id))
        told["into"].write_bytes(b"a film")
        return "mp4"

    seen: list[Video | None] = []
    waiting = Waiting(5, lambda: _make(db, bucket, films, demo_id, make=half_made))
    watched = _watch(db, bucket, queue, demo_id, waiting)
    assert watched is not None and (watched.film, watched.video.state) == (b"a film", "ready")
    assert [(one.video.state, one.still) for one in waiting.told] == [("asked", None)]
    assert (waiting.waited, len(queue.sent)) == (5, 1)
    (half,) = seen
    assert half is not None and (half.state, half.percent, half.key) == ("rendering", 70, None)
    assert bucket.objects[half.still_key or ""].startswith(b"\x89PNG")


def test_who_has_waited_long_enough_is_told_how_far_it_is(
    db: Database, bucket: FakeBucket, queue: Queue, demo_id: int
) -> None:
    bucket.objects["still"] = b"a still"
    still = "update video set state = 'rendering', percent = 60, still_key = 'still'"
    waiting = Waiting(4, lambda: db.run(still))
    watched = _watch(db, bucket, queue, demo_id, waiting)
    assert watched is not None and watched.film is None
    assert (watched.video.state, watched.video.percent, watched.still) == ("rendering", 60, b"a still")
    assert [one.video.percent for one in waiting.told] == [0, 60]
    assert waiting.waited == LOOKS - 1


def test_a_film_that_is_there_is_not_waited_for(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int
) -> None:
    _ask(db, queue, demo_id)
    _make(db, bucket, films, demo_id)
    waiting = Waiting()
    assert _watch(db, bucket, queue, demo_id, waiting) is not None
    assert (waiting.waited, waiting.told) == (0, [])


def test_a_film_whose_bytes_are_gone_is_made_anew(
    db: Database, bucket: FakeBucket, queue: Queue, films: Films, demo_id: int
) -> None:
    found = _ask(db, queue, demo_id)
    _make(db, bucket, films, demo_id)
    found = _ask(db, queue, demo_id)
    del bucket.objects[(found and found.key) or ""]
    watched = _watch(db, bucket, queue, demo_id, Waiting(3, lambda: _make(db, bucket, films, demo_id)))
    assert watched is not None and watched.film == b"a film"
    assert (len(queue.sent), len(films.made)) == (2, 2)


def test_who_waits_for_what_is_not_there_is_told_at_once(
    db: Database, bucket: FakeBucket, queue: Queue, demo_id: int
) -> None:
    db.run("delete from highlight")
    assert _watch(db, bucket, queue, demo_id, Waiting()) is None


def test_waiting_needs_nothing_that_draws() -> None:
    """The function that waits carries no Pillow."""
    code = "import sys, etstats.usecases.watch_highlight, etstats.commands.watch; assert 'PIL' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@corpus.needs_corpus
def test_a_real_highlight_becomes_a_film(db: Database, bucket: FakeBucket, queue: Queue, films: Films) -> None:
    content = (corpus.FOLDER / "demos" / "tv_230-260.tv_84").read_bytes()
    assert analyse_demo(db, bucket, _kept(bucket, content), now=lambda: NOW, time_is_short=lambda: False) == "ready"
    (number,) = db.values("select demo_id from demo")
    _ask(db, queue, number)
    assert _make(db, bucket, films, number, make=make_film) == "ready"
    found = _ask(db, queue, number)
    assert found is not None
    film = bucket.objects[found.key or ""]
    assert film[4:8] == b"ftyp"
    assert 50_000 < len(film) < 8_000_000
