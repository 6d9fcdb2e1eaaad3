"""A demo that is ready tells so in its server's channel: once, where its admins want it, with its best moments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest

from etstats.storage.database import Database
from etstats.storage.demo import POSTED_WITHIN
from etstats.usecases.analyse_demo import analyse_demo
from local.discord_stub import ROUND_CHANNEL_ID, Running
from tests.announcing import Posting, fates
from tests.demo_builder import TRIPLE, a_demo_of
from tests.discord_threaded import discord_stub
from tests.fakes import FakeBucket

GUILD = "7"
QUIET = a_demo_of((10_000, 0, 2))  # a team kill


@pytest.fixture
def stub() -> Iterator[Running]:
    with discord_stub() as running:
        yield running


@pytest.fixture
def posting(db: Database, stub: Running) -> Posting:
    return Posting(db=db, stub=stub)


def _land(posting: Posting, content: bytes = TRIPLE, *, fallback: str = ROUND_CHANNEL_ID) -> list[str]:
    """It is analysed; what became of its posts."""
    bucket = FakeBucket()
    key = f"demos/{GUILD}/{sha256(content).hexdigest()}.tv_84"
    bucket.objects[key] = content
    analyse_demo(
        posting.db, bucket, key, now=lambda: posting.now, time_is_short=lambda: False, fallback_channel=fallback
    )
    return fates(posting.announce())


def test_it_is_posted_once_with_buttons_to_watch_and_to_cut(posting: Posting) -> None:
    assert _land(posting) == ["posted"]
    assert _land(posting) == []
    (post,) = posting.posts()
    (embed,) = post["embeds"]
    assert embed["title"] == "🎬 New demo · adlernest"
    assert embed["fields"][0]["name"] == "1 · Multi-kill · vid · 34"
    labels = [[one["label"] for one in row["components"]] for row in post["components"]]
    assert labels == [["▶1"], ["✂1"], ["About the demo", "Highlights"]]


def test_who_uploaded_it_is_named_and_not_called(posting: Posting) -> None:
    posting.db.run(
        """insert into demo (guild_id, sha256, kind, name, size, uploaded_by, received_at)
           values (:guild, :sha256, 'tv_84', 'evening.tv_84', 1, '42', now())""",
        guild=GUILD,
        sha256=sha256(TRIPLE).hexdigest(),
    )
    _land(posting)
    (post,) = posting.posts()
    assert "Uploaded by <@42>" in post["embeds"][0]["description"]
    assert post["mentions"] == []


def test_a_demo_without_highlights_says_so(posting: Posting) -> None:
    assert _land(posting, QUIET) == ["posted"]
    (post,) = posting.posts()
    assert "Nothing in it is a highlight" in post["embeds"][0]["description"]


def test_it_goes_where_its_own_servers_admins_want_it(posting: Posting) -> None:
    posting.set_for("8", demo_channel="78")
    assert _land(posting) == []
    posting.set_for(GUILD, demo_channel=ROUND_CHANNEL_ID)
    assert _land(posting, QUIET, fallback="") == ["posted"]
    posting.set_for(GUILD, demo_cards="false")
    assert _land(posting, a_demo_of((10_000, 0, 1))) == []


def test_what_waits_follows_the_admins(posting: Posting) -> None:
    posting.set_for(GUILD, demo_channel="78")
    posting.now -= timedelta(minutes=1)
    analysed = posting.now
    posting.db.run(
        """insert into demo (guild_id, sha256, kind, name, size, received_at, state, map, begin_ms, end_ms)
           values (:guild, 'x', 'tv_84', 'x.tv_84', 1, :at, 'ready', 'supply', 0, 1000)""",
        guild=GUILD,
        at=analysed,
    )
    posting.db.run(
        """insert into outbox (kind, subject_id, channel_id, guild_id, created_at, due_at)
           select 'demo', demo_id, '78', guild_id, :at, :at from demo""",
        at=analysed,
    )
    posting.set_for(GUILD, demo_channel=ROUND_CHANNEL_ID)
    assert fates(posting.announce()) == ["posted"]
    assert posting.titles() == ["🎬 New demo · supply"]


def test_what_was_recorded_long_ago_is_not_posted(posting: Posting) -> None:
    for content, age in ((TRIPLE, POSTED_WITHIN), (QUIET, POSTED_WITHIN - timedelta(seconds=1))):
        posting.db.run(
            """insert into demo (guild_id, sha256, kind, name, size, received_at, recorded_at)
               values (:guild, :sha256, 'tv_84', 'evening.tv_84', 1, :now, :recorded_at)""",
            guild=GUILD,
            sha256=sha256(content).hexdigest(),
            now=posting.now,
            recorded_at=posting.now - age,
        )
    assert [_land(posting, content) for content in (TRIPLE, QUIET)] == [[], ["posted"]]


def test_a_demo_deleted_before_its_post_is_not_told_of(posting: Posting) -> None:
    posting.set_for(GUILD, demo_channel=ROUND_CHANNEL_ID)
    posting.db.run(
        """insert into outbox (kind, subject_id, channel_id, guild_id, created_at, due_at)
           values ('demo', 99, :channel, :guild, :at, :at)""",
        channel=ROUND_CHANNEL_ID,
        guild=GUILD,
        at=posting.now,
    )
    assert fates(posting.announce()) == ["refused"]
    assert posting.posts() == []
