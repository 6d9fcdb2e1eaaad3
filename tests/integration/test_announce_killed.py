"""Whenever the platform ends a function, and whatever is then delivered again: one post for each map and each demo, and
nothing lost.

The real handlers, on a real PostgreSQL and against the stub of Discord, are killed before each of their statements and
each of their calls, one after the other; before the next is after the one before.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from hashlib import sha256
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.gateways.discord import Discord
from etstats.storage.database import Database
from functions.greatshot import app as greatshot_function
from functions.ingest import announce as announce_function
from functions.ingest import store as store_function
from local.discord_stub import ROUND_CHANNEL_ID, Running
from tests.announcing import ENDSTATS, FIRST, NOW, SECOND
from tests.conftest import open_database
from tests.demo_builder import TRIPLE
from tests.discord_threaded import discord_stub
from tests.fakes import FakeBucket

FILES = dict([FIRST, SECOND, ENDSTATS])
DEMO_KEY = f"demos/7/{sha256(TRIPLE).hexdigest()}.tv_84"
MOST_TRIES = 12


class Killed(BaseException):
    """The platform ended the function: nothing of ours runs any more."""


class Steps:
    """Counts statements and calls, and kills before number *kill_at*, from 0."""

    def __init__(self) -> None:
        self.done, self.kill_at = 0, -1
        self.calls: list[int] = []

    def call(self) -> None:
        self.calls.append(self.done)
        self.take()

    def take(self) -> None:
        at, self.done = self.done, self.done + 1
        if at == self.kill_at:
            raise Killed


class Lines(Database):
    """A connection that breaks with its function."""

    def __init__(self, url: str, steps: Steps) -> None:
        super().__init__(lambda: open_database(url)._opened())
        self._steps = steps

    def _execute(self, sql: str, parameters: dict[str, object]) -> tuple[list[list[Any]], list[str]]:
        try:
            self._steps.take()
        except Killed:
            self.close()
            raise
        return super()._execute(sql, parameters)


class World:
    """*clock* is everybody's: ours, the functions' and Discord's."""

    def __init__(self, url: str, stub: Running) -> None:
        self.steps, self.clock, self.stub, self.server = Steps(), NOW, stub, ""
        self.numbers = itertools.count()
        self.db = Lines(url, self.steps)
        self.look = open_database(url)
        stub.memory.clock = self._time

    def _time(self) -> float:
        return self.clock.timestamp()

    def begin(self, kill_at: int) -> None:
        """The same evening on another game server: that is quicker than to empty the database."""
        self.server = f"eu{next(self.numbers)}"
        self.look.run("delete from outbox")
        self.look.run("delete from post_channel")
        self.stub.memory.messages.clear()
        self.stub.memory.nonces.clear()
        self.clock, self.steps.done, self.steps.kill_at = NOW, 0, kill_at

    def play(self, *, again_after: timedelta) -> None:
        """The files land one after the other; what was not finished is done again, as queues and the clock do it."""
        for name in FILES:
            self._until_done(partial(self._land, name), again_after)
            self._until_done(self._tick, again_after)
        self._post_all(again_after)

    def play_demo(self, *, again_after: timedelta) -> None:
        """A demo lands. Its queue shows it again only when whoever was at it is given up."""
        self.look.run("delete from demo")
        self._until_done(self._land_demo, LATE)
        self._until_done(self._tick, again_after)
        self._post_all(again_after)

    def _post_all(self, again_after: timedelta) -> None:
        for _ in range(MOST_TRIES):
            if not self.look.values("select 1 from outbox where posted_at is null"):
                return
            self.clock += timedelta(minutes=2)
            self._until_done(self._tick, again_after)

    def _until_done(self, work: Callable[[], None], again_after: timedelta) -> None:
        for _ in range(MOST_TRIES):
            try:
                return work()
            except Killed:
                self.clock += again_after
        raise AssertionError("it never ends")

    def _land(self, name: str) -> None:
        told = {
            "Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": {"key": f"stats/{self.server}/{name}"}}}]
        }
        record = {"messageId": "m", "eventSource": "aws:sqs", "body": json.dumps(told)}
        answer = store_function.handler({"Records": [record]}, cast("LambdaContext", SimpleNamespace()))
        assert answer == {"batchItemFailures": []}

    def _land_demo(self) -> None:
        told = {"Records": [{"eventName": "ObjectCreated:Copy", "s3": {"object": {"key": DEMO_KEY}}}]}
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: 300_000)
        greatshot_function.handler({"Records": [{"body": json.dumps(told)}]}, cast("LambdaContext", context))

    def _tick(self) -> None:
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
        announce_function.handler({"Records": []}, cast("LambdaContext", context))


@pytest.fixture
def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with discord_stub() as stub:
        made = World(database_url, stub)
        clock = SimpleNamespace(now=lambda zone: made.clock)
        monkeypatch.setattr(store_function, "datetime", clock)
        monkeypatch.setattr(announce_function, "datetime", clock)
        monkeypatch.setattr(greatshot_function, "datetime", clock)
        monkeypatch.setattr(wiring, "database", lambda *_: made.db)
        monkeypatch.setattr(wiring, "bucket", _bucket)
        monkeypatch.setattr(wiring, "announce_hand_over", lambda: SimpleNamespace(send=lambda body: made.steps.take()))
        monkeypatch.setattr(wiring, "custom_id_key", lambda: b"key")
        monkeypatch.setattr(
            wiring, "settings", lambda *need: SimpleNamespace(round_channel_id=ROUND_CHANNEL_ID, game_servers=())
        )
        monkeypatch.setattr(wiring, "discord", lambda: _Discord(stub, made.steps))
        yield made
        made.db.close()
        made.look.close()


class _Files(FakeBucket):
    def get(self, key: str) -> bytes:
        """Of whatever server."""
        return super().get(key.rpartition("/")[2])


def _bucket() -> _Files:
    made = _Files()
    made.objects = FILES | {DEMO_KEY.rpartition("/")[2]: TRIPLE}
    return made


class _Discord:
    """The real gateway, each call of which is a step."""

    def __init__(self, stub: Running, steps: Steps) -> None:
        self._real, self._steps = Discord(url=stub.api_url, bot_token=lambda: "t", sleep=lambda _: None), steps

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            self._steps.call()
            return getattr(self._real, name)(*arguments, **named)

        return call


def _outcome(world: World) -> tuple[list[str], list[object], list[str]]:
    """Posts with what they tell; the outbox; the files' states."""
    posts = [
        f"{post['embeds'][0]['title']} / {post['embeds'][0]['fields'][-1]['name']}"
        for post in world.stub.memory.in_channel(ROUND_CHANNEL_ID)
    ]
    rows = world.look.values("select array[edit, posted_at is null, failure is not null] from outbox order by 1")
    return posts, rows, world.look.values("select state from stats_file where server = :one", one=world.server)


RIGHT = (["SUPPLY complete · Team A wins / Awards"], [[False, False, False]] * 2, ["published"] * 3)


SOON, LATE = timedelta(seconds=90), timedelta(minutes=10)


def test_killed_at_any_step_a_map_is_told_once_and_nothing_is_lost(world: World) -> None:
    """Soon after Discord knows our post by its nonce; later, after a call, we have to find it ourselves."""
    world.begin(-1)
    world.play(again_after=SOON)
    assert _outcome(world) == RIGHT
    calls = tuple(world.steps.calls)
    kills = [(at, SOON) for at in range(world.steps.done)] + [(at + 1, LATE) for at in calls]
    assert (len(calls), len(kills) > 60) == (3, True)
    wrong = {}
    for kill_at, again_after in kills:
        world.begin(kill_at)
        world.play(again_after=again_after)
        if (outcome := _outcome(world)) != RIGHT:
            wrong[kill_at, again_after] = outcome
    assert wrong == {}


def _demo_outcome(world: World) -> tuple[list[str], list[object], list[str]]:
    posts = [post["embeds"][0]["title"] for post in world.stub.memory.in_channel(ROUND_CHANNEL_ID)]
    rows = world.look.values("select array[edit, posted_at is null, failure is not null] from outbox")
    return posts, rows, world.look.values("select state from demo")


def test_killed_at_any_step_a_demo_is_told_once_and_nothing_is_lost(world: World) -> None:
    right = (["🎬 New demo · adlernest"], [[False, False, False]], ["ready"])
    world.begin(-1)
    world.play_demo(again_after=SOON)
    assert _demo_outcome(world) == right
    calls = tuple(world.steps.calls)
    kills = [(at, SOON) for at in range(world.steps.done)] + [(at + 1, LATE) for at in calls]
    assert (len(calls), len(kills) > 20) == (1, True)
    wrong = {}
    for kill_at, again_after in kills:
        world.begin(kill_at)
        world.play_demo(again_after=again_after)
        if (outcome := _demo_outcome(world)) != right:
            wrong[kill_at, again_after] = outcome
    assert wrong == {}
