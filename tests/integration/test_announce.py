"""From the outbox to the channel: nothing lost, nothing doubled, whatever breaks in between."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.errors import DatabaseUnavailable, DiscordUnavailable
from etstats.gateways.discord import Discord
from etstats.interactions.reply import Message, Seal
from etstats.storage.database import Database
from etstats.usecases.announce import Announced, Fate, announce
from etstats.usecases.store_round import store
from functions.ingest import announce as function
from local.discord_faults import Call, Kind, Trouble
from local.discord_limits import check_message
from local.discord_stub import ROUND_CHANNEL_ID, Running
from local.simulator import simulate_session
from tests.conftest import open_database
from tests.discord_threaded import discord_stub

NOW = datetime(2026, 3, 14, 22, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def stub() -> Iterator[Running]:
    with discord_stub() as running:
        yield running


@pytest.fixture
def discord(stub: Running) -> Discord:
    return Discord(url=stub.api_url, bot_token=lambda: "token", sleep=lambda _: None)


@pytest.fixture
def outbox(db: Database) -> Database:
    """Two maps were just played, four rounds."""
    _store(db, ROUND_CHANNEL_ID)
    return db


def _store(db: Database, channel_id: str) -> None:
    played = simulate_session(seed=3, maps=2, players=6, ends_at=NOW.replace(tzinfo=None), features=())
    for file in played.files:
        store(db, server="main", name=file.name, content=file.content, channel_id=channel_id, now=NOW)


def _announce(db: Database, channel: Any, *, now: datetime = LATER) -> list[Announced]:
    return list(announce(db, channel, now=lambda: now, time_is_short=lambda: False))


def _fates(announced: list[Announced]) -> list[Fate]:
    return [one.fate for one in announced]


def _titles(stub: Running) -> list[str]:
    return [message["embeds"][0]["title"] for message in stub.memory.in_channel(ROUND_CHANNEL_ID)]


def test_every_round_is_posted_once_in_order_and_its_file_is_published(
    outbox: Database, stub: Running, discord: Discord
) -> None:
    assert _fates(_announce(outbox, discord)) == [Fate.POSTED] * 4
    assert _announce(outbox, discord) == []
    assert [title.split(" · ")[0][-2:] for title in _titles(stub)] == ["R1", "R2", "R1", "R2"]
    assert outbox.values("select distinct state from stats_file") == ["published"]
    posted = {message["id"] for message in stub.memory.in_channel(ROUND_CHANNEL_ID)}
    assert set(outbox.values("select message_id from outbox")) == posted


def test_the_second_rounds_card_has_the_map_and_the_score(outbox: Database, stub: Running, discord: Discord) -> None:
    _announce(outbox, discord)
    score = outbox.values("select score_a || ' : ' || score_b from session")[0]
    first, *_, last = [message["embeds"][0] for message in stub.memory.in_channel(ROUND_CHANNEL_ID)]
    assert f"**A {score} B**" in last["description"]
    assert "Score" not in first.get("description", "")
    assert [check_message({"embeds": [embed]}) for embed in (first, last)] == [[], []]


def test_what_is_not_due_yet_waits(outbox: Database, stub: Running, discord: Discord) -> None:
    outbox.run("update outbox set due_at = :later", later=LATER + timedelta(seconds=1))
    assert _announce(outbox, discord) == []
    assert len(_announce(outbox, discord, now=LATER + timedelta(seconds=1))) == 4


def test_discord_away_keeps_the_posts_and_asks_later_each_time(
    outbox: Database, stub: Running, discord: Discord
) -> None:
    stub.faults.add(Trouble(kind=Kind.SERVER_ERROR, call=Call.POST, times=2))
    assert _fates(_announce(outbox, discord, now=NOW)) == [Fate.PUT_OFF]
    assert outbox.values("select max(due_at) from outbox") == [NOW + timedelta(seconds=10)]
    outbox.run("update outbox set due_at = due_at - interval '10 s' where attempts = 1")
    first = outbox.values("select subject_id from outbox where attempts = 1")[0]
    outbox.run("update outbox set due_at = due_at + interval '1 h' where attempts = 0")
    assert _fates(_announce(outbox, discord, now=NOW)) == [Fate.PUT_OFF]
    due = outbox.values("select due_at from outbox where subject_id = :first", first=first)
    assert due == [NOW + timedelta(seconds=20)]
    assert _titles(stub) == []
    assert _fates(_announce(outbox, discord, now=NOW + timedelta(hours=2))) == [Fate.POSTED] * 4


def test_as_long_as_discord_asks_to_wait_we_wait(outbox: Database, stub: Running, discord: Discord) -> None:
    stub.faults.add(Trouble(kind=Kind.RATE_LIMIT, call=Call.POST, retry_after_s=120))
    _announce(outbox, discord, now=NOW)
    assert outbox.values("select max(due_at) from outbox") == [NOW + timedelta(seconds=120)]


def test_a_channel_that_is_gone_is_told_in_the_receipt(db: Database, stub: Running, discord: Discord) -> None:
    _store(db, "12345")
    assert _fates(_announce(db, discord)) == [Fate.REFUSED] * 4
    assert _announce(db, discord) == []
    assert db.values("select distinct state from stats_file") == ["published"]
    (note,) = db.values("select distinct note from stats_file")
    assert note == "not posted: Discord refused (HTTP 404): Unknown Channel"


def test_a_round_that_is_not_there_any_more_is_not_posted(outbox: Database, discord: Discord) -> None:
    gone = outbox.values("select max(subject_id) from outbox")[0]
    outbox.run("update outbox set subject_id = 1 where subject_id = :gone", gone=gone)
    fates = {one.due.subject_id: one.fate for one in _announce(outbox, discord)}
    assert fates.pop(1) is Fate.REFUSED
    assert set(fates.values()) == {Fate.POSTED}


class _Crashing:
    """Posts, and then the function dies before it can write that down."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord

    def create_message(self, channel_id: str, message: Message, *, seal: Seal, nonce: str) -> str:
        self._discord.create_message(channel_id, message, seal=seal, nonce=nonce)
        raise KeyboardInterrupt


def test_a_crash_after_posting_posts_nothing_twice(outbox: Database, stub: Running, discord: Discord) -> None:
    with pytest.raises(KeyboardInterrupt):
        _announce(outbox, _Crashing(discord))
    assert len(_titles(stub)) == 1
    assert _fates(_announce(outbox, discord)) == [Fate.POSTED] * 4
    assert len(_titles(stub)) == 4


class _Meanwhile:
    """While the first post is under way, a second announcer runs."""

    def __init__(self, discord: Discord, url: str) -> None:
        self._discord, self._url = discord, url
        self.other: list[Announced] = []

    def create_message(self, channel_id: str, message: Message, *, seal: Seal, nonce: str) -> str:
        if not self.other:
            db = open_database(self._url)
            self.other = _announce(db, self._discord)
            db.close()
        return self._discord.create_message(channel_id, message, seal=seal, nonce=nonce)


def test_two_announcers_at_once_share_the_work(
    outbox: Database, database_url: str, stub: Running, discord: Discord
) -> None:
    both = _Meanwhile(discord, database_url)
    mine = _announce(outbox, both)
    assert (len(mine), len(both.other), len(_titles(stub))) == (1, 3, 4)


def test_a_database_that_goes_away_escapes() -> None:
    def refuse() -> Any:
        raise OSError("connection refused")

    with pytest.raises(DatabaseUnavailable):
        _announce(Database(refuse), None)


def test_a_wrong_bot_token_is_mended_without_losing_posts(outbox: Database, stub: Running) -> None:
    wrong = Discord(url=stub.api_url, bot_token=lambda: "", sleep=lambda _: None)
    (put_off,) = _announce(outbox, wrong)
    assert (put_off.fate, "401" in put_off.reason) == (Fate.PUT_OFF, True)


class _Context(SimpleNamespace):
    """What Lambda tells of its time."""

    def __init__(self, *left_ms: int) -> None:
        self._left_ms = itertools.chain(left_ms, itertools.repeat(left_ms[-1]))

    def get_remaining_time_in_millis(self) -> int:
        return next(self._left_ms)


@pytest.mark.parametrize(("left_ms", "posted"), [((60_000,), 4), ((60_000, 60_000, 5_000), 2)])
def test_the_function_posts_until_its_time_is_short(
    outbox: Database, discord: Discord, monkeypatch: pytest.MonkeyPatch, left_ms: tuple[int, ...], posted: int
) -> None:
    monkeypatch.setattr(wiring, "database", lambda: outbox)
    monkeypatch.setattr(wiring, "discord", lambda: discord)
    outbox.run("update outbox set due_at = now() - interval '1 s'")
    assert function.handler({}, cast("LambdaContext", _Context(*left_ms))) == {
        "posted": posted,
        "put off": 0,
        "refused": 0,
    }


def test_the_backoff_ends_at_a_quarter_of_an_hour(outbox: Database) -> None:
    class _Away:
        def create_message(self, channel_id: str, message: Message, *, seal: Seal, nonce: str) -> str:
            raise DiscordUnavailable("away")

    outbox.run("update outbox set attempts = 50, due_at = :now", now=NOW)
    _announce(outbox, _Away(), now=NOW)
    assert outbox.values("select max(due_at) from outbox") == [NOW + timedelta(minutes=15)]
