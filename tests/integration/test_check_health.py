"""Problems told once and once more when they are over; the canary; and what is told when nothing answers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from nacl.signing import SigningKey

from etstats import wiring
from etstats.commands.health import health
from etstats.commands.question import Question
from etstats.domain.health import Light, Observed
from etstats.errors import BucketUnavailable, DatabaseUnavailable, DiscordUnavailable, Unavailable
from etstats.interactions import canary
from etstats.interactions.reply import Message
from etstats.storage.database import Database
from etstats.storage.health import note_seen
from etstats.usecases.announce import Announcer
from etstats.usecases.ask_canary import ask_canary
from etstats.usecases.check_health import check, look_around, note_back, tell_away
from etstats.words import words_for
from functions.health import check as function
from functions.interactions import app
from tests.builders import PUBLIC_KEY, a_call, an_interaction, asked
from tests.fakes import FakeBucket

CHANNEL = "77"
T0 = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)


class Posts:
    """A channel that keeps what it is told. While *away* nobody is heard."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.away = False

    def create_message(self, channel_id: str, message: Message, **_: object) -> str:
        if self.away:
            raise DiscordUnavailable("away")
        assert channel_id == CHANNEL
        self.told.append(message.content)
        return str(len(self.told))

    def find_message(self, *_: object, **__: object) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"nobody asks for {name} here")


class Watch:
    """A look every five minutes, and the posts that come of it."""

    def __init__(self, db: Database) -> None:
        self.db, self.now, self.posts = db, T0, Posts()

    def look(self, light: Light = Light.GOOD, *, times: int = 1, part: str = "bucket") -> list[str]:
        for _ in range(times):
            observed = [Observed(part=part, light=light, said="no answer")]
            check(self.db, observed, channel_id=CHANNEL, gigabytes=0, now=self.now)
            self.announce()
            self.now += timedelta(minutes=5)
        return self.posts.told

    def announce(self) -> None:
        channel: Any = self.posts
        announcer = Announcer(db=self.db, channel=channel, key=lambda: b"key", now=lambda: self.now)
        list(announcer.announce(time_is_short=lambda: False))


@pytest.fixture
def watch(db: Database) -> Watch:
    return Watch(db)


def test_a_problem_is_told_once_and_once_more_when_it_is_over(watch: Watch) -> None:
    assert watch.look() == []
    first = watch.look(Light.BAD, times=4)
    assert len(first) == 1
    assert "File store" in first[0]
    assert "no answer" in first[0]
    assert len(watch.look(times=1)) == 1  # well again, but not for long
    assert len(watch.look(Light.BAD, times=2)) == 1  # the same problem still
    told = watch.look(times=4)
    assert len(told) == 2
    assert "well again" in told[1]
    assert len(watch.look(Light.BAD)) == 3  # another one


@pytest.mark.parametrize(("heard", "told"), [(False, ["🟢"]), (True, ["🔴", "🟢"])])
def test_what_ends_before_anybody_could_be_told_is_told_in_one(watch: Watch, heard: bool, told: list[str]) -> None:
    """Where Discord may have *heard* of its beginning, that and its end are told."""
    watch.posts.away = True
    for light in (Light.BAD, Light.GOOD, Light.GOOD, Light.GOOD):
        check(watch.db, [Observed(part="bucket", light=light)], channel_id=CHANNEL, gigabytes=0, now=watch.now)
        if heard:
            watch.announce()
        watch.now += timedelta(minutes=5)
    watch.posts.away = False
    watch.now += timedelta(minutes=30)
    watch.announce()
    assert [one[0] for one in watch.posts.told if "File store" in one] == told


def test_what_nobody_looks_at_any_more_is_neither_opened_nor_closed(watch: Watch) -> None:
    watch.look(Light.BAD)
    watch.now += timedelta(hours=1)
    check(watch.db, [], channel_id=CHANNEL, gigabytes=0, now=watch.now)
    check(watch.db, [], channel_id=CHANNEL, gigabytes=0, now=watch.now + timedelta(minutes=30))
    assert watch.db.values("select part from problem where closed_at is null") == ["bucket"]


def test_two_looks_at_once_open_one_problem(watch: Watch, database_url: str) -> None:
    watch.look(Light.BAD)
    check(watch.db, [Observed(part="bucket", light=Light.BAD)], channel_id=CHANNEL, gigabytes=0, now=T0)
    assert watch.db.values("select count(*) from problem") == [1]


def test_one_that_hangs_keeps_nobody_waiting() -> None:
    let_go = threading.Event()

    def hanging() -> list[Observed]:
        let_go.wait(30)
        return []

    def failing() -> list[Observed]:
        raise BucketUnavailable("not today")

    def seeing() -> list[Observed]:
        return [Observed(part="alarm/FetchAlarm", light=Light.GOOD)]

    began = time.monotonic()
    try:
        found = look_around(
            {"queue": hanging, "bucket": failing, "alarm": seeing},
            within_s=0.2,
        )
    finally:
        let_go.set()
    assert time.monotonic() - began < 10
    assert [(one.part, one.light) for one in found] == [
        ("queue", Light.BAD), ("bucket", Light.BAD), ("alarm", Light.GOOD), ("alarm/FetchAlarm", Light.GOOD),
    ]  # fmt: skip


# -- the database away -----------------------------------------------------------------------------------------------


def test_without_the_database_the_channel_is_told_once_and_again_when_it_is_back(watch: Watch) -> None:
    bucket, posts = FakeBucket(), watch.posts
    ways: Any = posts
    told = [
        tell_away(bucket, ways, channel_id=CHANNEL, reason="refused", now=T0 + timedelta(minutes=5 * n))
        for n in range(3)
    ]
    assert told == [True, False, False]
    assert len(posts.told) == 1
    assert "Database" in posts.told[0]
    back = T0 + timedelta(minutes=20)
    assert note_back(watch.db, bucket, channel_id=CHANNEL, now=back)
    assert not note_back(watch.db, bucket, channel_id=CHANNEL, now=back)
    watch.now = back
    watch.announce()
    assert len(posts.told) == 2
    assert "20 min" in posts.told[1]


def test_who_could_not_be_told_is_told_at_the_next_look(watch: Watch) -> None:
    bucket, ways = FakeBucket(), watch.posts
    ways.away = True
    anyway: Any = ways
    with pytest.raises(DiscordUnavailable):
        tell_away(bucket, anyway, channel_id=CHANNEL, reason="refused", now=T0)
    ways.away = False
    assert tell_away(bucket, anyway, channel_id=CHANNEL, reason="refused", now=T0)


def test_the_function_tells_of_the_database_and_fails_for_the_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Any:
        raise DatabaseUnavailable("refused")

    bucket, posts = FakeBucket(), Posts()
    known = SimpleNamespace(alarm_channel_id=CHANNEL, database_gigabytes=0, game_servers=())
    for name, value in (
        ("settings", lambda *need: known), ("looks", dict), ("database", lambda *_: Database(away)),
        ("bucket", lambda: bucket), ("discord", lambda: posts),
    ):  # fmt: skip
        monkeypatch.setattr(wiring, name, value)
    context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable):
            function.handler({}, context)
    assert len(posts.told) == 1


# -- the canary and the document -------------------------------------------------------------------------------------


class OwnDoor:
    """The real front function behind no network. *spoil* changes what is sent."""

    def __init__(self) -> None:
        self.said: list[tuple[int, Any]] = []

    def ask(self, body: bytes, headers: Any) -> tuple[int, bytes]:
        event = {"version": "2.0", "headers": dict(headers), "body": body.decode(), "isBase64Encoded": False}
        answer = app.handler(event, None)
        self.said.append((int(str(answer["statusCode"])), json.loads(str(answer["body"]))))
        return self.said[-1][0], str(answer["body"]).encode()


@pytest.fixture
def front(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnDoor]:
    monkeypatch.setenv("DISCORD_PUBLIC_KEY", PUBLIC_KEY.hex())
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(wiring, "_bot_token", lambda: "a bot's token")
    for built in (wiring.settings, wiring.discord_public_key, wiring.database, wiring.custom_id_key, wiring.canary_key):
        built.cache_clear()
    yield OwnDoor()
    wiring._quick_database("").close()
    for built in (wiring.settings, wiring.discord_public_key, wiring.database, wiring.custom_id_key, wiring.canary_key):
        built.cache_clear()


def now() -> datetime:
    return datetime.now(UTC)


def test_our_own_question_is_answered_and_written_down(db: Database, front: OwnDoor) -> None:
    found = ask_canary(db, front, wiring.canary_key(), now=now, clock_s=time.perf_counter)
    assert found.light is not Light.BAD
    [(status, said)] = front.said
    assert (status, said["type"], said["data"]["flags"]) == (200, 4, 64)
    assert db.values("select part from health") == ["answers"]


KEY = canary.key_from("a bot's token")


def _asking(front: OwnDoor, body: bytes, key: SigningKey = KEY) -> int:
    return front.ask(body, canary.signed(body, key, now_s=int(now().timestamp())))[0]


def test_our_key_opens_nothing_but_health(front: OwnDoor) -> None:
    assert _asking(front, canary.question(now_ms=int(now().timestamp() * 1000))) == 200
    for other in (
        an_interaction("last"),
        an_interaction("config show"),
        {"type": 1},
        an_interaction("health", {"a": 1}),
    ):
        assert _asking(front, json.dumps(other).encode()) == 401


def test_who_has_not_signed_causes_no_look_up(front: OwnDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    def reached(*_: object, **__: object) -> Database:
        raise AssertionError("the database was asked")

    question = canary.question(now_ms=int(now().timestamp() * 1000))
    strangers = [SigningKey.generate(), canary.key_from("another bot's token")]
    old = canary.signed(question, KEY, now_s=int(now().timestamp()) - 301)
    with monkeypatch.context() as patched:
        patched.setattr(wiring, "database", reached)
        assert [_asking(front, question, key) for key in strangers] == [401, 401]
        unsigned = (old, {canary.HEADER: "1"}, {canary.HEADER: "not a key"})
        assert [front.ask(question, headers)[0] for headers in unsigned] == [401, 401, 401]
        with pytest.raises(AssertionError, match="the database was asked"):
            _asking(front, question)


def test_whatever_it_says_of_itself_it_is_a_stranger(db: Database, front: OwnDoor) -> None:
    note_seen(db, [Observed(part="bucket", light=Light.BAD, said="the reason")], now=now())
    boss = an_interaction("health") | {"member": {"permissions": str(1 << 5), "user": {"id": "42", "username": "x"}}}
    assert _asking(front, json.dumps(boss).encode()) == 200
    assert "the reason" not in json.dumps(front.said[-1][1])
    status, _ = front.ask(b"", {})
    assert status == 401


def test_a_slow_or_wrong_answer_is_seen(db: Database) -> None:
    class Closed:
        def ask(self, body: bytes, headers: object) -> tuple[int, bytes]:
            raise Unavailable("no answer")

    class Wrong:
        def ask(self, body: bytes, headers: object) -> tuple[int, bytes]:
            return 200, b'{"type": 5}'

    clock = iter([0.0, 0.1, 0.0, 0.1])
    doors: list[Any] = [Closed(), Wrong()]
    found = [ask_canary(db, door, KEY, now=now, clock_s=lambda: next(clock)) for door in doors]
    assert [one.light for one in found] == [Light.BAD, Light.BAD]


def test_machines_get_the_lights_and_nothing_else(
    db: Database, front: OwnDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_health_told", {})
    note_seen(db, [Observed(part="ssh/secret-name", light=Light.BAD, said="10.0.0.1 said no")], now=now())
    answer = app.handler({"routeKey": "GET /health"}, None)
    assert answer["statusCode"] == 200
    assert answer["headers"] == {"content-type": "application/json", "cache-control": "public, max-age=15"}
    told = str(answer["body"])
    assert {one["part"] for one in json.loads(told)["parts"]} >= {"ssh", "database", "rounds", "discord"}
    assert "secret-name" not in told
    assert "10.0.0.1" not in told


def test_machines_are_told_when_the_database_is_away(front: OwnDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_health_told", {})
    monkeypatch.setenv("DATABASE_URL", "postgresql://x:y@127.0.0.1:9/x?sslmode=disable")
    for built in (wiring.settings, wiring.database):
        built.cache_clear()
    answer = app.handler({"routeKey": "GET /health"}, None)
    assert answer["statusCode"] == 503
    assert [(one["part"], one["light"]) for one in json.loads(str(answer["body"]))["parts"]] == [("database", "bad")]


# -- the command -----------------------------------------------------------------------------------------------------


def _health(db: Database, permissions: int) -> str:
    told = asked("health")
    told = replace(told, caller=replace(told.caller, permissions=permissions))
    shown = health(Question(asked=told, db=db, words=words_for("en")))
    assert shown.private
    return shown.embeds[0].description


def test_admins_see_what_is_behind_the_lights(db: Database) -> None:
    note_seen(db, [Observed(part="bucket", light=Light.BAD, said="the reason")], now=asked_at())
    assert "the reason" in _health(db, 1 << 5)
    assert "the reason" not in _health(db, 0)


def asked_at() -> datetime:
    return datetime.fromtimestamp(asked("health").at_ms / 1000, UTC)


def test_without_the_database_it_says_so(front: OwnDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://x:y@127.0.0.1:9/x?sslmode=disable")
    for built in (wiring.settings, wiring.database):
        built.cache_clear()
    answer = app.handler(a_call(an_interaction("health")), None)
    said = json.loads(str(answer["body"]))
    assert "🔴 **Database**" in said["data"]["embeds"][0]["description"]
