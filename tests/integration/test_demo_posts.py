"""A demo that is ready tells so in its server's channel: once, where its admins want it, with its best moments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest

from etstats.storage.database import Database
from etstats.storage.demo import POSTED_WITHIN, delete, find_any_demo, rematch
from etstats.usecases.analyse_demo import analyse_demo
from etstats.usecases.match_demos import match_demos
from etstats.usecases.store_round import store
from local.discord_stub import ROUND_CHANNEL_ID, Running
from tests.announcing import Posting, fates
from tests.demo_builder import TRIPLE, a_demo_of
from tests.discord_threaded import discord_stub
from tests.fakes import FakeBucket
from tests.game_files import a_file, a_header, a_line, a_name

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
    _analyse(posting, content, fallback=fallback)
    return fates(posting.announce())


def _analyse(posting: Posting, content: bytes, *, fallback: str = ROUND_CHANNEL_ID) -> None:
    bucket = FakeBucket()
    key = f"demos/{GUILD}/{sha256(content).hexdigest()}.tv_84"
    bucket.objects[key] = content
    analyse_demo(
        posting.db, bucket, key, now=lambda: posting.now, time_is_short=lambda: False, fallback_channel=fallback
    )


def test_it_is_posted_once_with_buttons_to_watch_and_to_cut(posting: Posting) -> None:
    assert _land(posting) == ["posted"]
    assert _land(posting) == []
    (post,) = posting.posts()
    (embed,) = post["embeds"]
    assert embed["title"] == "🎬 New demo · adlernest"
    assert embed["fields"][0]["name"] == "1 · Multi-kill · vid · 34"
    labels = [[one["label"] for one in row["components"]] for row in post["components"]]
    assert labels == [["▶1"], ["✂1"], ["About the demo", "Highlights", "Heat map", "Timeline", "Report"]]


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


# --- several demos of one round

FILE_NAME = a_name(map="adlernest")
OTHER = a_demo_of((10_000, 0, 1), (11_000, 0, 1), (12_000, 0, 1), (40_000, 1, 2))  # one more moment than TRIPLE


def _played(posting: Posting) -> None:
    """The round that TRIPLE and OTHER show, as its stats file says."""
    lines = [
        a_line(f"AAAA000{at}", name=name, team=at % 2 + 1, time_played_min=8.0)
        for at, name in enumerate(("vid", "carniee", "olz"))
    ]
    content = a_file(a_header(map="adlernest", winner=2, after="8:00"), lines)
    store(posting.db, server="main", name=FILE_NAME, content=content, channel_id="", now=posting.now)


def _both(posting: Posting, *contents: bytes) -> list[str]:
    """Both are analysed before anything is posted."""
    for content in contents:
        _analyse(posting, content)
    return fates(posting.announce())


@pytest.mark.parametrize("contents", [(TRIPLE, OTHER), (OTHER, TRIPLE)])
@pytest.mark.parametrize("together", [False, True])
def test_two_demos_of_a_round_are_one_post(posting: Posting, contents: tuple[bytes, bytes], together: bool) -> None:
    _played(posting)
    if together:
        assert _both(posting, *contents) == ["posted", "edited"]
    else:
        assert [_land(posting, content) for content in (*contents, *contents)] == [["posted"], ["edited"], [], []]
    (post,) = posting.posts()
    (embed,) = post["embeds"]
    assert "Also seen by vid" in embed["description"]
    named = [field["name"] for field in embed["fields"]]
    assert len(named) == len({name.partition(" · ")[2] for name in named})  # no moment is told twice


def test_demos_joined_later_lead_to_the_first_post(posting: Posting) -> None:
    assert [_land(posting, content) for content in (TRIPLE, OTHER)] == [["posted"], ["posted"]]
    _played(posting)
    assert match_demos(posting.db, now=posting.now) == 2
    assert set(fates(posting.announce())) == {"edited"}
    first, second = posting.posts()
    assert "Also seen by vid" in first["embeds"][0]["description"]
    assert (second["embeds"], second["components"]) == ([], [])
    assert second["content"].endswith(f"/{ROUND_CHANNEL_ID}/{first['id']}")


@pytest.mark.parametrize("leaves", [1, 2])
def test_a_demo_that_leaves_its_round_is_told_by_itself(posting: Posting, leaves: int) -> None:
    _played(posting)
    assert [_land(posting, content) for content in (TRIPLE, OTHER)] == [["posted"], ["edited"]]
    one = find_any_demo(posting.db, leaves)
    assert one is not None
    with posting.db.transaction():
        rematch(posting.db, one, None, [], human=True, now=posting.now)
    assert fates(posting.announce()) == ["posted", "edited"]
    assert [("Also seen" in post["embeds"][0]["description"]) for post in posting.posts()] == [False, False]


def test_a_deleted_demo_leaves_the_post_to_the_other(posting: Posting) -> None:
    _played(posting)
    assert [_land(posting, content) for content in (TRIPLE, OTHER)] == [["posted"], ["edited"]]
    assert delete(posting.db, 1, guild_id=GUILD, now=posting.now)
    assert fates(posting.announce()) == ["edited"]
    (post,) = posting.posts()
    assert "Also seen" not in post["embeds"][0]["description"]


def test_a_rounds_own_card_gets_a_button_once_a_demo_is_ready(posting: Posting) -> None:
    posting.set_for(GUILD, demo_cards="false", round_channel=ROUND_CHANNEL_ID)
    _played(posting)
    posting.announce()
    assert _labels(posting) == ["Full table", "My line", "Awards"]
    assert _land(posting) == ["edited"]
    assert _labels(posting) == ["Full table", "My line", "Awards", "🎬 Demo"]
    assert _land(posting, OTHER) == []
    for number in (1, 2):
        delete(posting.db, number, guild_id=GUILD, now=posting.now)
    assert fates(posting.announce()) == ["edited"]
    assert _labels(posting) == ["Full table", "My line", "Awards"]


def _labels(posting: Posting) -> list[str]:
    (post,) = posting.posts()
    return [one["label"] for one in post["components"][0]["components"]]
