"""Films made with the game itself: one renderer at a time, who falls silent is taken over. On a real PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from etstats.domain.render import MOST_BYTES, MOST_TRIES, SILENCE, WITHIN, Render
from etstats.errors import Refusal
from etstats.storage import render as book
from etstats.storage.database import Database
from etstats.usecases.render_highlight import Taken, beat, fail, finish, place_for, take
from tests.demo_builder import TRIPLE
from tests.fakes import FakeBucket
from tests.integration.test_demo_match import GUILD, _analyse, _key

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
SOON = NOW + timedelta(seconds=30)
SILENT = NOW + SILENCE + timedelta(seconds=1)


@pytest.fixture
def bucket(db: Database) -> FakeBucket:
    made = FakeBucket()
    made.objects[_key()] = TRIPLE
    _analyse(db, made)
    book.ask(db, 1, 1, guild_id=GUILD, by="42", now=NOW)
    return made


def _take(db: Database, bucket: FakeBucket, claim: str, *, at: datetime = NOW, guild: str = GUILD) -> Taken | None:
    return take(db, bucket, guild, worker=f"{claim}'s", claim=claim, now=at)


def _film(db: Database) -> Render:
    found = book.find_render(db, 1, 1, guild_id=GUILD)
    assert found is not None
    return found


def test_a_job_is_one_renderers_until_its_film_is_there(db: Database, bucket: FakeBucket) -> None:
    assert _take(db, bucket, "a", guild="8") is None
    taken = _take(db, bucket, "a")
    assert taken is not None
    assert (taken.job.name, taken.job.from_ms, taken.job.to_ms) == ("vid", 6_000, 15_000)
    assert taken.demo_url.startswith(f"https://bucket.example/{_key()}")
    assert _take(db, bucket, "b") is None
    assert beat(db, "a", 40, now=SOON)
    assert (_film(db).state, _film(db).percent, _film(db).worker) == ("rendering", 40, "a's")
    with pytest.raises(Refusal) as refused:
        finish(db, bucket, "a", ending="mp4")
    assert refused.value.key == "render.error_missing"
    place = place_for(db, bucket, "a", size=9, ending="mp4")
    bucket.objects[place.partition("?")[0].removeprefix("https://bucket.example/")] = b"the film."
    finish(db, bucket, "a", ending="mp4")
    assert (_film(db).state, _film(db).percent, _film(db).key) == ("ready", 100, "renders/1/1-a.mp4")
    book.ask(db, 1, 1, guild_id=GUILD, by="43", now=SOON)
    assert _take(db, bucket, "c", at=SILENT) is None


def test_who_falls_silent_is_taken_over_and_cannot_come_back(db: Database, bucket: FakeBucket) -> None:
    assert _take(db, bucket, "a")
    assert _take(db, bucket, "b", at=SOON) is None
    assert _take(db, bucket, "b", at=SILENT)
    assert not beat(db, "a", 90, now=SILENT)
    for late in (
        lambda: place_for(db, bucket, "a", size=9, ending="mp4"),
        lambda: finish(db, bucket, "a", ending="mp4"),
    ):
        with pytest.raises(Refusal) as refused:
            late()
        assert refused.value.key == "render.error_gone"
    fail(db, "a", "too late")
    assert (_film(db).state, _film(db).worker) == ("rendering", "b's")


def test_one_try_lasts_only_so_long_however_often_he_speaks(db: Database, bucket: FakeBucket) -> None:
    assert _take(db, bucket, "a")
    at = NOW
    while at < NOW + WITHIN:
        assert beat(db, "a", 1, now=at)
        at += SILENCE - timedelta(seconds=1)
    assert not beat(db, "a", 1, now=at)
    fail(db, "a", "it was not done within 1200 seconds")
    assert (_film(db).state, _film(db).reason) == ("asked", "it was not done within 1200 seconds")


def test_a_try_that_fails_is_anothers_and_the_last_one_says_why(db: Database, bucket: FakeBucket) -> None:
    for number in range(MOST_TRIES):
        assert _take(db, bucket, f"claim{number}")
        fail(db, f"claim{number}", f"no display {number}")
    assert _take(db, bucket, "more") is None
    assert (_film(db).state, _film(db).reason) == ("failed", f"no display {MOST_TRIES - 1}")
    book.ask(db, 1, 1, guild_id=GUILD, by="42", now=SOON)
    assert _film(db).state == "asked"
    assert _take(db, bucket, "anew")


def test_who_dies_on_the_last_try_is_not_waited_for(db: Database, bucket: FakeBucket) -> None:
    at = NOW
    for number in range(MOST_TRIES):
        assert _take(db, bucket, f"claim{number}", at=at)
        at += SILENCE + timedelta(seconds=1)
    assert _take(db, bucket, "more", at=at) is None
    assert (_film(db).state, _film(db).reason) == ("failed", "whoever rendered it fell silent")


@pytest.mark.parametrize(("size", "ending"), [(0, "mp4"), (MOST_BYTES + 1, "mp4"), (9, "exe"), (9, "../x")])
def test_only_a_film_of_a_sensible_size_has_a_place(db: Database, bucket: FakeBucket, size: int, ending: str) -> None:
    assert _take(db, bucket, "a")
    with pytest.raises(Refusal):
        place_for(db, bucket, "a", size=size, ending=ending)
