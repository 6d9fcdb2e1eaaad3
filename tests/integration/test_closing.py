"""What is over is told once: a session its card when an hour has passed, a night its digest in the morning."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.errors import Unavailable
from etstats.storage.database import Database
from etstats.usecases.close_sessions import close_sessions
from etstats.usecases.digest import digest
from functions.ingest import daily as function
from local.desk.people import DIGEST_CHANNEL_ID, GUILD_ID, SESSION_CHANNEL_ID, USERS
from local.discord_limits import check_message
from local.discord_stub import Running
from tests.announcing import ALL, FIRST, NOW, SECOND, THIRD, Posting, fates
from tests.discord_threaded import discord_stub
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name

HOUR = timedelta(hours=1)
# until an hour after the last round
OVER = EVENING.replace(tzinfo=NOW.tzinfo) + timedelta(minutes=35) + HOUR - NOW
EVENTS = Path(__file__).parents[2] / "events"


@pytest.fixture
def stub() -> Iterator[Running]:
    with discord_stub() as running:
        yield running


@pytest.fixture
def posting(db: Database, stub: Running) -> Posting:
    """Only session cards and digests are wanted here."""
    made = Posting(db=db, stub=stub)
    made.set_for(GUILD_ID, session_channel=SESSION_CHANNEL_ID, digest_channel=DIGEST_CHANNEL_ID, round_cards="false")
    return made


def close(posting: Posting, *, after: timedelta = timedelta()) -> int:
    posting.now += after
    return close_sessions(posting.db, fallback_channel="", now=posting.now)


def dawn(posting: Posting, *, hour: int = 8, day: int = 7) -> int:
    posting.now = datetime(2026, 3, day, hour, 0, tzinfo=NOW.tzinfo)
    return digest(posting.db, fallback_channel="", now=posting.now)


def text(posting: Posting, channel_id: str = DIGEST_CHANNEL_ID) -> str:
    (post,) = posting.posts(channel_id)
    assert check_message({"embeds": post["embeds"], "components": post["components"]}) == []
    (embed,) = post["embeds"]
    return "\n".join(
        [embed["title"], embed["description"], *(f"{one['name']}: {one['value']}" for one in embed.get("fields", []))]
    )


# -- session cards ---------------------------------------------------------------------------------------------------


def test_a_session_gets_its_card_once_an_hour_after_its_last_round(posting: Posting) -> None:
    posting.store(*ALL)
    assert close(posting, after=OVER - timedelta(seconds=1)) == 0
    assert close(posting, after=timedelta(seconds=1)) == 1
    assert close(posting) == 0
    assert fates(posting.announce()) == ["posted"]
    told = text(posting, SESSION_CHANNEL_ID)
    assert "## A 4 : 0 B" in told
    assert "supply" in told
    assert "adler" in told
    assert "MVP" in told


def test_a_file_that_comes_after_the_card_changes_it(posting: Posting) -> None:
    posting.store(*ALL[:3])
    close(posting, after=HOUR)
    posting.announce()
    assert "## A 2 : 0 B" in text(posting, SESSION_CHANNEL_ID)
    posting.store(ALL[3])
    assert fates(posting.announce()) == ["edited"]
    assert "## A 4 : 0 B" in text(posting, SESSION_CHANNEL_ID)


def test_an_earlier_round_that_comes_late_makes_no_second_card(posting: Posting) -> None:
    posting.store(*ALL[2:])
    close(posting, after=HOUR)
    posting.announce()
    posting.store(*ALL[:2])
    assert close(posting, after=2 * HOUR) == 0
    posting.announce()
    assert "## A 4 : 0 B" in text(posting, SESSION_CHANNEL_ID)


def test_nothing_is_over_while_a_file_of_its_server_is_on_its_way(posting: Posting) -> None:
    posting.store(*ALL[:2])
    posting.db.run(
        "insert into stats_file (file_id, server, name, seen_at) values (1, 'eu1', 'x', :at)", at=posting.now + OVER
    )
    assert close(posting, after=OVER) == 0
    assert close(posting, after=2 * HOUR) == 1  # one that does not come at all is not waited for


def test_what_is_history_when_it_arrives_gets_no_card(posting: Posting) -> None:
    posting.now += 30 * 24 * HOUR
    posting.store(*ALL)
    assert close(posting, after=HOUR) == 0


def test_an_evening_of_which_no_round_counts_gets_no_card(posting: Posting) -> None:
    posting.store(SECOND)
    assert close(posting, after=HOUR) == 0


def test_every_server_gets_a_session_card_but_for_those_that_switched_it_off(posting: Posting) -> None:
    posting.set_for("2", session_channel=DIGEST_CHANNEL_ID)
    posting.set_for("3", session_channel="77", session_cards="false")
    posting.store(*ALL)
    assert close(posting, after=HOUR) == 2


def test_where_nobody_has_chosen_a_channel_the_given_one_is_taken(db: Database, stub: Running) -> None:
    posting = Posting(db=db, stub=stub)
    posting.store(*ALL)
    posting.now += HOUR
    assert close_sessions(db, fallback_channel=SESSION_CHANNEL_ID, now=posting.now) == 1


# -- the digest ------------------------------------------------------------------------------------------------------


def test_a_night_gets_its_digest_once_from_eight_in_the_morning_on(posting: Posting) -> None:
    posting.store(*ALL)
    assert dawn(posting, hour=7) == 0
    assert dawn(posting, hour=8) == 1
    assert dawn(posting, hour=9) == 0
    assert dawn(posting, day=8) == 0
    assert fates(posting.announce()) == ["posted"]
    told = text(posting)
    assert told.startswith("Last night · Fri 6 Mar 2026\n**Team A won 4 : 0** over 2 maps.")
    assert "won: A **BBBB0001**" in told


def test_the_morning_is_the_game_servers(posting: Posting) -> None:
    posting.now, posting.ahead = posting.now - 5 * HOUR, 5 * HOUR
    posting.store(*ALL)
    assert dawn(posting, hour=2) == 0
    assert dawn(posting, hour=3) == 1


def test_a_night_on_which_nobody_played_has_no_digest(posting: Posting) -> None:
    posting.store(*ALL)
    assert dawn(posting, day=8) == 0


def test_what_is_still_played_is_not_told_yet(posting: Posting) -> None:
    posting.store(*ALL)
    posting.now = datetime(2026, 3, 7, 7, 30, tzinfo=NOW.tzinfo)
    for minute, map in ((510, "radar"), (560, "frost"), (610, "braundorf")):  # from half past five to twenty past seven
        posting.store(*a_match(minute=minute, map=map))
    assert dawn(posting, hour=8) == 0
    assert dawn(posting, hour=9) == 1
    posting.announce()
    assert "braundorf" in text(posting)


def _strong(*, minute: float, kills: int, map: str = "supply") -> list[tuple[str, bytes]]:
    """A first round in which AAAA0001 kills so many; everybody else what he always does."""
    lines = [
        a_line("AAAA0001", name="vid", team=1, weapons={"MP40": (90, 300, kills, 2, 9)}, damage_given=1000),
        a_line("BBBB0001", name="olz", team=2, weapons={"MP40": (30, 100, 8, 4, 3)}, damage_given=1000),
    ]
    return [(a_name(map=map, minute=minute), a_file(a_header(map=map, winner=2, after="8:00"), lines))]


def _before(posting: Posting, rounds: int, *, kills: int = 10) -> None:
    for n in range(rounds):
        posting.store(*_strong(minute=-(n + 1) * 24 * 60, kills=kills))


def test_a_personal_best_is_told_with_what_it_was_before(posting: Posting) -> None:
    _before(posting, 20)
    posting.store(*_strong(minute=0, kills=14, map="radar"))
    dawn(posting)
    posting.announce()
    assert "**vid** · 14 kills in a round, on radar (before: 10 in 20 rounds)" in text(posting)
    assert "**olz**" not in text(posting).partition("Personal bests")[2]


def test_before_twenty_rounds_nobody_has_a_personal_best(posting: Posting) -> None:
    _before(posting, 19)
    posting.store(*_strong(minute=0, kills=14, map="radar"))
    dawn(posting)
    posting.announce()
    assert "Personal bests" not in text(posting)


@pytest.mark.parametrize(("kills", "broken"), [(12, True), (10, False)])
def test_a_record_that_fell_is_told_with_whose_it_was(posting: Posting, kills: int, broken: bool) -> None:
    _before(posting, 1)
    posting.store(*_strong(minute=0, kills=kills))
    dawn(posting)
    posting.announce()
    told = "**vid** · 12 kills in a round on supply (before: 10, vid)" in text(posting)
    assert (told, "Records broken" in text(posting)) == (broken, broken)


def test_a_first_record_is_none_that_fell(posting: Posting) -> None:
    posting.store(*_strong(minute=0, kills=12))
    dawn(posting)
    posting.announce()
    assert "Records broken" not in text(posting)


def test_what_was_on_this_day_is_told_when_there_was_something(posting: Posting) -> None:
    posting.store(*a_match(minute=-365 * 24 * 60), *ALL)
    dawn(posting)
    posting.announce()
    assert "On this day in 2025: 1 map, 4 players: **A 2 : 0 B**" in text(posting)


def test_a_late_file_changes_the_digest(posting: Posting) -> None:
    posting.store(FIRST, SECOND)
    dawn(posting)
    posting.announce()
    assert "over 1 map." in text(posting)
    posting.store(THIRD, ALL[3])
    posting.announce()
    assert "over 2 maps." in text(posting)


# -- the function ----------------------------------------------------------------------------------------------------


def test_the_function_takes_the_schedules_time_and_nudges(posting: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    posting.now = datetime(2026, 3, 14, 22, 0, tzinfo=NOW.tzinfo)
    posting.store(*a_match(minute=8 * 24 * 60))
    nudges: list[dict[str, object]] = []
    monkeypatch.setattr(wiring, "database", lambda *_: posting.db)
    monkeypatch.setattr(wiring, "settings", lambda: SimpleNamespace(round_channel_id="", game_servers=()))
    monkeypatch.setattr(wiring, "announce_hand_over", lambda: SimpleNamespace(send=nudges.append))
    event = json.loads((EVENTS / "schedule-daily.json").read_text(encoding="utf-8"))
    assert _invoke(event) == {"sessions": 1, "digests": 1}
    assert _invoke(event) == {"sessions": 0, "digests": 0}
    assert nudges == [{}]


def test_without_a_nudge_the_posts_wait_for_the_next_minute(posting: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(body: dict[str, Any]) -> None:
        raise Unavailable("the queue is away")

    posting.store(*ALL)
    monkeypatch.setattr(wiring, "database", lambda *_: posting.db)
    monkeypatch.setattr(wiring, "settings", lambda: SimpleNamespace(round_channel_id="", game_servers=()))
    monkeypatch.setattr(wiring, "announce_hand_over", lambda: SimpleNamespace(send=away))
    assert _invoke({"time": "2026-03-07T08:00:00Z"})["digests"] == 1


def _invoke(event: object) -> dict[str, int]:
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)
    return function.handler(event, cast("LambdaContext", context))


# -- a word to those who want one ------------------------------------------------------------------------------------


def wants(posting: Posting, when: str, *, user: str = USERS[0].id, guid: str = "AAAA0001") -> None:
    posting.db.run(
        "insert into person_link (user_id, guid, proven_by) values (:user, :guid, 'admin')", user=user, guid=guid
    )
    posting.db.run("insert into user_setting (user_id, notify) values (:user, :when)", user=user, when=when)


def written_to(posting: Posting, user: str = USERS[0].id) -> list[str]:
    """What stands in the bot's direct messages with somebody."""
    posts = posting.posts(posting.stub.memory.direct_channel(user))
    return [f"{embed['title']}: {embed['description']}" for post in posts for embed in post["embeds"]]


def test_who_wants_a_word_when_it_is_over_gets_one_in_private(posting: Posting) -> None:
    posting.set_for(GUILD_ID, session_cards="false")
    wants(posting, "close")
    wants(posting, "never", user=USERS[1].id, guid="BBBB0001")
    posting.store(*ALL)
    assert close(posting, after=OVER) == 1
    assert close(posting) == 0
    assert fates(posting.announce()) == ["posted"]
    (told,) = written_to(posting)
    assert "Lost **0 : 4**" in told  # he defended first, so he is of B
    assert "4 rounds" in told
    assert written_to(posting, USERS[1].id) == []


def test_who_wants_it_in_the_morning_gets_it_then_by_the_game_servers_clock(posting: Posting) -> None:
    posting.set_for(GUILD_ID, session_cards="false")
    posting.ahead = timedelta(hours=2)
    wants(posting, "morning")
    posting.store(*ALL)
    close(posting, after=HOUR)
    assert posting.announce() == []
    posting.now = datetime(2026, 3, 7, 5, 59, tzinfo=NOW.tzinfo)
    assert posting.announce() == []
    assert fates(posting.announce(after=timedelta(minutes=1))) == ["posted"]


def test_who_did_not_play_is_not_written_to(posting: Posting) -> None:
    posting.set_for(GUILD_ID, session_cards="false")
    wants(posting, "close", guid="CCCC0009")
    posting.store(*ALL)
    assert close(posting, after=OVER) == 0


def test_a_second_account_is_the_same_person_to_write_to(posting: Posting) -> None:
    posting.set_for(GUILD_ID, session_cards="false")
    wants(posting, "close", guid="EEEE0001")
    posting.store(*ALL)
    posting.db.run("update player_round set person = 'EEEE0001' where guid = 'AAAA0001'")
    assert close(posting, after=OVER) == 1
