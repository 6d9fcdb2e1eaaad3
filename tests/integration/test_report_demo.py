"""A report's page: behind a link, with the films there are by then. On a real PostgreSQL."""

from __future__ import annotations

from etstats.domain.demo import Picture
from etstats.domain.report import page_key, report_key
from etstats.storage.database import Database
from etstats.storage.demo import find_demo
from etstats.usecases.report_demo import draw_demo, report_demo
from etstats.words import words_for
from tests.demo_builder import TRIPLE
from tests.fakes import FakeBucket
from tests.integration.test_demo_match import GUILD, _analyse, _key


def test_a_page_is_made_of_what_the_analysis_kept_and_shows_the_films_there_are(db: Database) -> None:
    bucket = FakeBucket()
    bucket.objects[_key()] = TRIPLE
    _analyse(db, bucket)
    demo = find_demo(db, 1, guild_id=GUILD)
    assert demo is not None
    kept = bucket.objects.pop(report_key(GUILD, demo.sha256))
    page = page_key(GUILD, demo.sha256, "en")
    link = report_demo(db, bucket, words_for("en"), demo, round="")
    assert link == f"https://bucket.example/{page}?expires=3600"
    assert bucket.objects[report_key(GUILD, demo.sha256)] == kept  # made of the demo once more
    before = bucket.objects[page].decode()
    assert "Multi-kill" in before and "https://" not in before
    db.run("insert into video (demo_id, position, state, key, told_at) values (1, 1, 'ready', 'videos/1/x.mp4', now())")
    report_demo(db, bucket, words_for("en"), demo, round="")
    assert "https://bucket.example/videos/1/x.mp4" in bucket.objects[page].decode()


def test_a_picture_is_drawn_once_for_all_who_ask_and_told_in_words(db: Database) -> None:
    bucket = FakeBucket()
    bucket.objects[_key()] = TRIPLE
    _analyse(db, bucket)
    demo = find_demo(db, 1, guild_id=GUILD)
    assert demo is not None
    rendered: list[str] = []

    def render(svg: str) -> bytes:
        rendered.append(svg)
        return b"a picture"

    drawn = [draw_demo(bucket, render, words_for(one), demo, Picture.TIMELINE) for one in ("en", "en", "de")]
    assert [one.png for one in drawn] == [b"a picture"] * 3
    assert len(rendered) == 2  # in each language
    assert drawn[0].told == "Axis 3 kills · Allies 0 kills"
    assert draw_demo(bucket, render, words_for("en"), demo, Picture.HEAT_MAP).told == "3 kills · 3 deaths · vid 3"
