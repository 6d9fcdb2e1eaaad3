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
from etstats.domain.correction import NameTeams, VoidRound
from etstats.errors import DatabaseUnavailable
from etstats.storage.database import Database
from etstats.usecases import correct
from etstats.usecases.announce import Announced, Announcer
from functions.ingest import announce as function
from local.desk.people import CHANNEL_ID, GUILD_ID, USERS
from local.discord_faults import Call, Kind, Trouble
from local.discord_limits import check_message
from local.discord_stub import ROUND_CHANNEL_ID, Running
from tests.announcing import ALL, ENDSTATS, FIRST, FOURTH, NOW, SECOND, THIRD, Posting, fates
from tests.conftest import open_database
from tests.discord_threaded import discord_stub
from tests.game_files import a_match

MINUTE = timedelta(minutes=1)


@pytest.fixture
def stub() -> Iterator[Running]:
    with discord_stub() as running:
        yield running


@pytest.fixture
def posting(db: Database, stub: Running) -> Posting:
    return Posting(db=db, stub=stub)


# -- a round, and its map --------------------------------------------------------------------------------------------


def test_a_round_is_posted_and_its_second_completes_that_post(posting: Posting) -> None:
    posting.store(FIRST)
    assert fates(posting.announce()) == ["posted"]
    assert posting.titles() == ["SUPPLY R1 · Allies complete 8:00 / 12:00"]
    posting.store(SECOND)
    assert fates(posting.announce(after=15 * MINUTE))[0] == "edited"
    assert posting.titles() == ["SUPPLY complete · Team A wins"]
    assert "Score so far: **Team A 2 : 0 Team B**" in posting.posts()[0]["embeds"][0]["description"]


def test_every_round_is_told_once_in_order_and_its_file_is_published(posting: Posting) -> None:
    posting.store(*ALL)
    posting.announce()
    assert posting.titles() == ["SUPPLY complete · Team A wins", "ADLER complete · Team A wins"]
    assert posting.announce() == []
    assert posting.db.values("select distinct state from stats_file") == ["published"]
    ids = [post["id"] for post in posting.posts()]
    assert posting.db.values("select message_id from outbox order by happened_at") == [ids[0]] * 2 + [ids[1]] * 2
    assert [check_message({"embeds": post["embeds"]}) for post in posting.posts()] == [[], []]


def test_posts_that_wait_together_are_sent_once_for_each_map(posting: Posting) -> None:
    calls = _Counting(posting.channel)
    posting.channel = calls
    posting.store(*ALL)
    posting.announce()
    assert calls.made == ["create_message", "create_message"]


def test_a_second_round_whose_first_comes_late_makes_the_post_that_the_first_completes(posting: Posting) -> None:
    posting.store(SECOND)
    assert posting.announce() == []
    assert fates(posting.announce(after=2 * MINUTE)) == ["posted"]
    assert posting.titles() == ["SUPPLY R2 · Axis hold 8:00 / 8:00"]
    posting.store(FIRST)
    posting.announce()
    assert posting.titles() == ["SUPPLY complete · Team A wins"]


def test_a_second_round_does_not_wait_any_longer_once_its_first_is_there(posting: Posting) -> None:
    posting.store(SECOND, FIRST)
    posting.announce()
    assert posting.titles() == ["SUPPLY complete · Team A wins"]


@pytest.mark.parametrize("gone", ["deleted", "old"])
def test_a_map_gets_a_post_of_its_own_where_its_first_rounds_is_gone_or_too_old(posting: Posting, gone: str) -> None:
    posting.store(FIRST)
    posting.announce()
    if gone == "deleted":
        posting.stub.memory.messages.clear()
    posting.store(SECOND)
    posting.announce(after=timedelta(hours=2, minutes=1) if gone == "old" else MINUTE)
    first = [] if gone == "deleted" else ["SUPPLY R1 · Allies complete 8:00 / 12:00"]
    assert posting.titles() == [*first, "SUPPLY complete · Team A wins"]
    assert posting.announce() == []


# -- what was posted is kept right -----------------------------------------------------------------------------------


def test_awards_that_come_later_are_added(posting: Posting) -> None:
    posting.store(FIRST)
    posting.announce()
    assert posting.posts()[0]["components"][0]["components"][2]["disabled"] is True
    [stored] = posting.store(ENDSTATS)
    assert stored.posting
    assert fates(posting.announce()) == ["edited"]
    (post,) = posting.posts()
    assert post["embeds"][0]["fields"][-1] == {
        "name": "Awards",
        "value": "**AAAA0002** · Most damage given: 1100\n**BBBB0001** · Most revives: 4",
        "inline": False,
    }
    assert "disabled" not in post["components"][0]["components"][2]


def test_awards_that_came_earlier_are_there_at_once(posting: Posting) -> None:
    posting.store(ENDSTATS, FIRST)
    assert fates(posting.announce()) == ["posted"]
    assert posting.posts()[0]["embeds"][0]["fields"][-1]["name"] == "Awards"


def test_a_voided_round_and_its_return_change_the_posts_that_tell_of_it(posting: Posting) -> None:
    posting.store(*ALL)
    posting.announce()
    done = correct.make(posting.db, VoidRound(server="eu1", file=FIRST[0]), by="lead", reason="lag", now=NOW)
    posting.announce()
    supply, adler = [post["embeds"][0]["description"] for post in posting.posts()]
    assert "2 : 0" in adler
    assert "Not counted: voided: lag" in supply or "R2" in posting.titles()[0]
    correct.withdraw(posting.db, done.correction_id, by="lead", now=NOW)
    posting.announce()
    assert posting.titles()[0] == "SUPPLY complete · Team A wins"
    assert "4 : 0" in posting.posts()[1]["embeds"][0]["description"]


def test_named_teams_are_named_in_what_was_posted(posting: Posting) -> None:
    posting.store(*ALL)
    posting.announce()
    named = NameTeams(server="eu1", file=FIRST[0], attackers="Blues", defenders="Reds")
    correct.make(posting.db, named, by="lead", reason="match", now=NOW)
    posting.announce()
    assert posting.titles() == ["SUPPLY complete · Blues wins", "ADLER complete · Blues wins"]


def test_a_map_begun_anew_takes_the_first_beginning_back(posting: Posting) -> None:
    posting.store(FIRST)
    posting.announce()
    posting.store(*a_match(minute=12))
    posting.announce()
    assert posting.titles() == ["SUPPLY R1 · Allies complete 8:00 / 12:00", "SUPPLY complete · Team A wins"]
    assert posting.posts()[0]["embeds"][0]["description"] == "Not counted: the map was started anew"


def test_an_earlier_map_that_comes_late_corrects_the_later_scores(posting: Posting) -> None:
    posting.store(THIRD, FOURTH)
    posting.announce()
    assert "2 : 0" in posting.posts()[0]["embeds"][0]["description"]
    posting.store(FIRST, SECOND)
    posting.announce()
    assert "4 : 0" in posting.posts()[0]["embeds"][0]["description"]


def test_a_newer_version_of_a_file_changes_its_post(posting: Posting) -> None:
    name, content = FIRST
    posting.store(FIRST)
    posting.announce()
    posting.store((name, content.replace(b"\t1100\t", b"\t9900\t")))
    posting.announce()
    assert "9.9k" in posting.posts()[0]["embeds"][0]["fields"][0]["value"] + str(posting.posts()[0]["embeds"][0])
    assert len(posting.posts()) == 1


def test_what_did_not_change_is_not_sent_again(posting: Posting) -> None:
    posting.store(*ALL)
    posting.announce()
    posting.channel = _Counting(posting.channel)
    posting.db.run("select look_again(array(select session_id from session), now())")
    assert posting.announce() == []


def test_a_post_that_was_deleted_is_neither_edited_nor_posted_again(posting: Posting) -> None:
    posting.store(FIRST)
    posting.announce()
    posting.stub.memory.messages.clear()
    posting.store(ENDSTATS)
    assert fates(posting.announce()) == ["edited"]
    posting.store((ENDSTATS[0], ENDSTATS[1].replace(b"1100", b"1101")))
    assert (posting.announce(), posting.posts()) == ([], [])


class _Storing:
    """While a message is edited, another file comes."""

    def __init__(self, posting: Posting, url: str, *files: tuple[str, bytes]) -> None:
        self._posting, self._url, self._files = posting, url, list(files)
        self._channel = posting.channel

    def __getattr__(self, name: str) -> Any:
        if name in ("edit_message", "create_message") and self._files:
            db = open_database(self._url)
            Posting(db=db, stub=self._posting.stub, now=self._posting.now).store(self._files.pop(0))
            db.close()
        return getattr(self._channel, name)


def test_what_comes_while_a_post_is_under_way_is_not_missed(posting: Posting, database_url: str) -> None:
    posting.store(FIRST)
    posting.channel = _Storing(posting, database_url, ENDSTATS, (ENDSTATS[0], ENDSTATS[1].replace(b"1100", b"1101")))
    posting.announce()
    assert "Most damage given: 1101" in str(posting.posts()[0]["embeds"])


class _Withdrawing:
    """While a message is edited, what it is edited for is taken back."""

    def __init__(self, posting: Posting, url: str, correction_id: int) -> None:
        self._url, self._numbers = url, [correction_id]
        self._channel = posting.channel

    def __getattr__(self, name: str) -> Any:
        if name == "edit_message" and self._numbers:
            db = open_database(self._url)
            correct.withdraw(db, self._numbers.pop(), by="lead", now=NOW)
            db.close()
        return getattr(self._channel, name)


def test_what_is_taken_back_while_its_edit_is_under_way_is_edited_back(posting: Posting, database_url: str) -> None:
    """By then everything is as the message was last marked to show it, and yet it is about to show something else."""
    posting.store(FIRST)
    posting.announce()
    done = correct.make(posting.db, VoidRound(server="eu1", file=FIRST[0]), by="lead", reason="lag", now=NOW)
    before = posting.posts()[0]["embeds"]
    posting.channel = _Withdrawing(posting, database_url, done.correction_id)
    posting.announce()
    posting.announce()
    assert posting.posts()[0]["embeds"] == before


# -- trouble ---------------------------------------------------------------------------------------------------------


def test_what_is_not_due_yet_waits(posting: Posting) -> None:
    posting.store(*ALL)
    posting.db.run("update outbox set due_at = :later", later=NOW + MINUTE)
    assert posting.announce(after=timedelta(seconds=59)) == []
    assert len(posting.announce(after=timedelta(seconds=1))) == 4


def test_discord_away_keeps_the_posts_and_asks_later_each_time(posting: Posting) -> None:
    posting.store(*ALL)
    posting.stub.faults.add(Trouble(kind=Kind.SERVER_ERROR, call=Call.POST, times=2))
    assert fates(posting.announce()) == ["put off"]
    assert posting.announce(after=timedelta(seconds=9)) == []
    assert fates(posting.announce(after=timedelta(seconds=1))) == ["put off"]
    assert posting.announce(after=timedelta(seconds=19)) == []
    assert len(posting.announce(after=timedelta(seconds=1))) == 4
    assert len(posting.titles()) == 2


def test_the_wait_ends_at_a_quarter_of_an_hour(posting: Posting) -> None:
    posting.store(FIRST)
    posting.stub.faults.add(Trouble(kind=Kind.BAD_GATEWAY, call=Call.POST))
    posting.db.run("insert into post_channel (channel_id, faults) values (:channel, 50)", channel=ROUND_CHANNEL_ID)
    posting.announce()
    assert posting.db.values("select wait_until from post_channel") == [NOW + timedelta(minutes=15)]


def test_a_channel_waits_as_long_as_discord_asks_it_to_and_others_go_on(posting: Posting) -> None:
    _two_guilds(posting)
    posting.store(FIRST)
    posting.stub.faults.add(Trouble(kind=Kind.RATE_LIMIT, call=Call.POST, retry_after_s=120))
    assert sorted(fates(posting.announce())) == ["posted", "put off"]
    assert posting.announce(after=timedelta(seconds=119)) == []
    assert fates(posting.announce(after=timedelta(seconds=1))) == ["posted"]


def test_everything_waits_when_discord_asks_for_it(posting: Posting) -> None:
    _two_guilds(posting)
    posting.store(FIRST)
    posting.stub.faults.add(Trouble(kind=Kind.RATE_LIMIT, call=Call.POST, retry_after_s=120, everywhere=True))
    assert fates(posting.announce()) == ["put off"]
    assert posting.announce(after=timedelta(seconds=119)) == []
    assert fates(posting.announce(after=timedelta(seconds=1))) == ["posted", "posted"]


@pytest.mark.parametrize("minutes", [1, 60])
def test_an_answer_that_was_lost_doubles_nothing_however_long_after(posting: Posting, minutes: int) -> None:
    posting.store(FIRST)
    posting.stub.faults.add(Trouble(kind=Kind.LOST_ANSWER, call=Call.POST))
    assert fates(posting.announce()) == ["put off"]
    posting.store(SECOND)
    posting.announce(after=minutes * MINUTE)
    assert posting.titles() == ["SUPPLY complete · Team A wins"]


def test_a_wrong_bot_token_is_mended_without_losing_posts(posting: Posting) -> None:
    posting.store(*ALL)
    right, posting.channel = posting.channel, posting.discord(token="")
    (put_off,) = posting.announce()
    assert (put_off.fate.value, "401" in put_off.reason) == ("put off", True)
    posting.channel = right
    assert len(posting.announce(after=MINUTE)) == 4


def test_what_discord_will_never_take_is_told_in_the_receipt_and_stops_nobody(posting: Posting) -> None:
    posting.store(FIRST, THIRD)
    posting.channel = _Refusing(posting.channel)
    assert fates(posting.announce()) == ["refused", "posted"]
    assert posting.db.values("select note from stats_file where note is not null") == [
        "not posted: Discord refused (HTTP 400): Invalid Form Body"
    ]
    assert set(posting.db.values("select state from stats_file")) == {"published"}


def test_a_round_that_is_not_there_any_more_is_not_posted(posting: Posting) -> None:
    posting.store(FIRST, THIRD)
    posting.db.run("update outbox set subject_id = 1 where happened_at = (select max(happened_at) from outbox)")
    assert fates(posting.announce()) == ["posted", "refused"]


# -- a channel that is gone or closed --------------------------------------------------------------------------------


def _break(posting: Posting, how: str, channel_id: str) -> None:
    {"gone": posting.stub.memory.gone, "closed": posting.stub.memory.closed}[how].add(channel_id)


def _mend(posting: Posting) -> None:
    posting.stub.memory.gone.clear()
    posting.stub.memory.closed.clear()


def _notes(posting: Posting) -> list[str]:
    """What the owner was told."""
    return [post["content"] for post in posting.posts(posting.stub.memory.direct_channel(USERS[0].id))]


@pytest.mark.parametrize("how", ["gone", "closed"])
def test_a_broken_channel_loses_nothing_tells_its_admin_once_and_goes_on_when_mended(
    posting: Posting, how: str
) -> None:
    posting.set_for(GUILD_ID, round_channel=ROUND_CHANNEL_ID)
    _break(posting, how, ROUND_CHANNEL_ID)
    posting.store(*ALL)
    assert fates(posting.announce()) == ["blocked", "posted"]
    for _ in range(5):
        assert set(fates(posting.announce(after=20 * MINUTE))) == {"blocked"}
    (note,) = _notes(posting)
    assert f"<#{ROUND_CHANNEL_ID}>" in note
    assert "/config" in note
    _mend(posting)
    posting.announce(after=20 * MINUTE)
    assert posting.titles() == ["SUPPLY complete · Team A wins", "ADLER complete · Team A wins"]
    _break(posting, how, ROUND_CHANNEL_ID)
    posting.store(*a_match(minute=50, map="frost"))
    posting.announce()
    assert len(_notes(posting)) == 2


def test_an_admin_who_takes_no_messages_is_told_where_notices_go(posting: Posting) -> None:
    posting.set_for(GUILD_ID, round_channel=ROUND_CHANNEL_ID, admin=USERS[1].id)
    _break(posting, "closed", posting.stub.memory.direct_channel(USERS[1].id))
    _break(posting, "gone", ROUND_CHANNEL_ID)
    posting.store(FIRST)
    assert fates(posting.announce()) == ["blocked", "posted"]
    assert len(posting.posts(CHANNEL_ID)) == 1


def test_what_waits_for_a_broken_channel_goes_to_the_one_set_instead(posting: Posting) -> None:
    posting.set_for(GUILD_ID, round_channel="404")
    posting.store(FIRST)
    posting.announce()
    posting.set_for(GUILD_ID, round_channel=ROUND_CHANNEL_ID)
    posting.announce()
    assert posting.titles() == ["SUPPLY R1 · Allies complete 8:00 / 12:00"]


def test_what_is_switched_off_is_not_posted_and_its_files_are_published(posting: Posting) -> None:
    posting.set_for(GUILD_ID, round_channel="404")
    posting.store(FIRST)
    posting.announce()
    posting.set_for(GUILD_ID, round_cards="false")
    posting.announce()
    posting.store(SECOND)
    assert posting.announce() == []
    assert set(posting.db.values("select state from stats_file")) == {"published"}


# -- several channels ------------------------------------------------------------------------------------------------


def _two_guilds(posting: Posting) -> None:
    posting.set_for(GUILD_ID, round_channel=ROUND_CHANNEL_ID)
    posting.set_for("2", round_channel=CHANNEL_ID, language="de")


def test_every_server_gets_its_post_in_its_language(posting: Posting) -> None:
    _two_guilds(posting)
    posting.store(FIRST, SECOND, channel_id="77")
    posting.announce()
    assert posting.titles() == ["SUPPLY complete · Team A wins"]
    assert posting.titles(CHANNEL_ID) == ["SUPPLY komplett · Team A gewinnt"]


class _Counting:
    """Remembers what Discord was asked for."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self.made: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.made.append(name)
        return getattr(self._channel, name)


class _Refusing(_Counting):
    """The first post is one that Discord does not take."""

    def create_message(self, channel_id: str, message: Any, *, seal: Any, nonce: str) -> Any:
        if not self.made:
            self.made.append("refused")
            return self._channel._call("POST", f"/channels/{channel_id}/messages", {"embeds": 7}, files=(), as_bot=True)
        return self._channel.create_message(channel_id, message, seal=seal, nonce=nonce)


class _Meanwhile(_Counting):
    """While the first post is under way, a second announcer runs."""

    def __init__(self, posting: Posting, url: str) -> None:
        super().__init__(posting.channel)
        self._posting, self._url = posting, url
        self.other: list[Announced] = []

    def create_message(self, channel_id: str, message: Any, *, seal: Any, nonce: str) -> Any:
        if not self.made:
            self.made.append("first")
            db = open_database(self._url)
            self.other = Posting(db=db, stub=self._posting.stub, now=self._posting.now).announce()
            db.close()
        return self._channel.create_message(channel_id, message, seal=seal, nonce=nonce)


def test_two_announcers_at_once_share_the_channels_and_keep_each_ones_order(
    posting: Posting, database_url: str
) -> None:
    _two_guilds(posting)
    posting.store(FIRST, THIRD)
    both = posting.channel = _Meanwhile(posting, database_url)
    mine = posting.announce()
    assert len({one.due.channel_id for one in mine}) == 1
    assert len({one.due.channel_id for one in both.other}) == 1
    for channel in (ROUND_CHANNEL_ID, CHANNEL_ID):
        assert [title.split()[0] for title in posting.titles(channel)] == ["SUPPLY", "ADLER"]


def test_storing_does_not_wait_for_a_post_under_way(posting: Posting, database_url: str) -> None:
    posting.store(FIRST)
    posting.channel = _Storing(posting, database_url, SECOND)  # would run into its statement's time limit
    posting.announce()
    assert posting.titles() == ["SUPPLY complete · Team A wins"]


# -- the function ----------------------------------------------------------------------------------------------------


def test_a_database_that_goes_away_escapes(posting: Posting) -> None:
    def refuse() -> Any:
        raise OSError("connection refused")

    announcer = Announcer(db=Database(refuse), channel=posting.channel, key=lambda: b"", now=lambda: NOW)
    with pytest.raises(DatabaseUnavailable):
        list(announcer.announce(time_is_short=lambda: False))


class _Context(SimpleNamespace):
    """What Lambda tells of its time."""

    def __init__(self, *left_ms: int) -> None:
        self._left_ms = itertools.chain(left_ms, itertools.repeat(left_ms[-1]))

    def get_remaining_time_in_millis(self) -> int:
        return next(self._left_ms)


@pytest.mark.parametrize(("left_ms", "posted"), [((60_000,), 2), ((60_000, 60_000, 5_000), 2)])
def test_the_function_posts_until_its_time_is_short(
    posting: Posting, monkeypatch: pytest.MonkeyPatch, left_ms: tuple[int, ...], posted: int
) -> None:
    monkeypatch.setattr(wiring, "database", lambda *_: posting.db)
    monkeypatch.setattr(wiring, "discord", posting.discord)
    monkeypatch.setattr(wiring, "custom_id_key", lambda: b"key")
    posting.store(FIRST, THIRD, a_match(minute=50, map="frost")[0])
    posting.db.run("update outbox set due_at = now() - interval '1 s'")
    ends = function.handler({}, cast("LambdaContext", _Context(*left_ms)))
    assert ends["posted"] == (3 if len(left_ms) == 1 else posted)
    assert datetime.now(UTC) > NOW
