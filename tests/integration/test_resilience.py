"""Each thing we need goes away in turn: everybody is answered in time, /health shows it, one alarm tells it, and all
recovers by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from etstats import wiring
from etstats.commands import catalogue  # noqa: F401  # declares the commands
from etstats.commands.follow_up import follow_up
from etstats.commands.question import Tools
from etstats.commands.registry import Command, commands
from etstats.config import GameServer
from etstats.domain.health import Light, Observed, signs
from etstats.errors import BucketUnavailable, DatabaseUnavailable, DiscordUnavailable, GameServerUnavailable
from etstats.interactions import request
from etstats.interactions.reply import Message
from etstats.storage import database as connections
from etstats.storage.database import Database
from etstats.storage.health import read_facts
from etstats.usecases.announce import Announcer
from etstats.usecases.check_health import check
from etstats.usecases.store_round import store
from etstats.words import words_for
from functions.ingest import fetch
from functions.interactions import app
from local.discord_limits import check_answer
from tests.builders import PUBLIC_KEY, a_call, an_interaction
from tests.fakes import FakeBucket
from tests.game_files import EVENING, a_match

AWAY = words_for("en")("refusal.away")
ALARMS, ROUNDS = "77", "78"
START = EVENING.replace(tzinfo=UTC) + timedelta(minutes=40)
# these say what they can without the database
ANSWER_ANYWAY = {"health", "help"}


# -- the database ----------------------------------------------------------------------------------------------------


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A deployed front function whose database lets nobody in; each try to reach it. One takes a second at most."""
    made: list[str] = []

    def refuse(*_: object, **limits: Any) -> None:
        assert limits["connect_timeout_s"] + limits["statement_timeout_ms"] / 1000 <= 2.5
        made.append("try")
        raise OSError("no route")

    monkeypatch.setattr(connections, "connect", refuse)
    monkeypatch.setenv("DISCORD_PUBLIC_KEY", PUBLIC_KEY.hex())
    monkeypatch.setenv("DATABASE_URL", "postgresql://x:y@127.0.0.1:9/x?sslmode=disable")
    monkeypatch.setattr(wiring, "_bot_token", lambda: "a bot's token")
    for built in (wiring.settings, wiring.discord_public_key, wiring.database, wiring.custom_id_key):
        built.cache_clear()
    yield made
    for built in (wiring.settings, wiring.discord_public_key, wiring.database, wiring.custom_id_key):
        built.cache_clear()


def _asking(one: Command) -> dict[str, Any]:
    """As somebody who may do everything."""
    if one.on_user:
        data: dict[str, Any] = {"id": "9", "type": 2, "name": one.name, "target_id": "43"}
    else:
        first, *rest = one.name.split()
        inside: list[dict[str, Any]] = []
        for name in reversed(rest):
            inside = [{"type": 1, "name": name, "options": inside}]
        data = {"id": "9", "type": 1, "name": first, "options": inside}
    member = {"nick": None, "permissions": str((1 << 53) - 1), "user": {"id": "42", "username": "mittens"}}
    return an_interaction() | {"data": data, "member": member}


def test_without_the_database_every_command_is_answered_after_one_try(tries: list[str]) -> None:
    for one in commands():
        tries.clear()
        answer = app.handler(a_call(_asking(one)), None)
        said = json.loads(str(answer["body"]))
        assert (answer["statusCode"], check_answer(said)) == (200, []), one.name
        assert len(tries) <= 1, one.name
        if one.name not in ANSWER_ANYWAY:
            assert said["data"]["content"] == AWAY, one.name
            assert said["data"]["flags"] == 64, one.name
    assert len(commands()) > 40


# -- the game server -------------------------------------------------------------------------------------------------


def test_without_ssh_files_wait_and_one_alarm_tells(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    server = GameServer(name="main", host="h", port=22, user="u", host_key="k", folder="f")
    fault: list[GameServerUnavailable] = [GameServerUnavailable("the server main does not answer")]

    class Server:
        def __enter__(self) -> Any:
            if fault:
                raise fault[0]
            return SimpleNamespace(listing=lambda: SimpleNamespace(files=(), oddities=()))

        def __exit__(self, *_: object) -> None:
            return None

    for name, value in (
        ("settings", lambda *need: SimpleNamespace(game_servers=(server,))), ("ssh_key", lambda: None),
        ("database", lambda *_: db), ("bucket", FakeBucket), ("game_server", lambda one, *, deadline_s: Server()),
    ):  # fmt: skip
        monkeypatch.setattr(wiring, name, value)
    context: Any = SimpleNamespace(
        get_remaining_time_in_millis=lambda: 50_000, function_name="fetch", memory_limit_in_mb=512,
        invoked_function_arn="arn:aws:lambda:eu-central-1:111111111111:function:fetch", aws_request_id="1",
    )  # fmt: skip
    with pytest.raises(GameServerUnavailable):
        fetch.handler({}, context)
    now = datetime.now(UTC)
    assert _light(db, "ssh/main", now) is Light.WARN
    assert _light(db, "ssh/main", now + timedelta(minutes=11)) is Light.BAD
    for minutes in (11, 15):
        check(db, [], channel_id=ALARMS, gigabytes=0, now=now + timedelta(minutes=minutes))
    assert db.values("select part || ' ' || said from problem") == ["ssh/main the server main does not answer"]
    assert db.values("select kind from outbox") == ["problem"]


def _light(db: Database, part: str, now: datetime) -> Light:
    return next(one.light for one in signs(read_facts(db, now=now), now=now) if one.part == part)


# -- Discord ---------------------------------------------------------------------------------------------------------


class Discord:
    """Posts into channels; while *away* it takes nothing."""

    def __init__(self) -> None:
        self.away = True
        self.told: list[tuple[str, str]] = []

    def create_message(self, channel_id: str, message: Message, **_: object) -> str:
        if self.away:
            raise DiscordUnavailable("Discord is in trouble (HTTP 503).", was_taken=False)
        self.told.append((channel_id, message.content or message.embeds[0].title))
        return str(len(self.told))

    def find_message(self, *_: object, **__: object) -> None:
        return None

    def edit_message(self, *_: object, **__: object) -> None:
        return None


def test_without_discord_posts_wait_and_nothing_comes_twice(db: Database) -> None:
    for name, content in a_match():
        store(db, server="eu1", name=name, content=content, channel_id=ROUNDS, now=START)
    discord = Discord()
    for minutes in range(0, 40, 5):
        _announce(db, discord, START + timedelta(minutes=minutes))
        check(db, [], channel_id=ALARMS, gigabytes=0, now=START + timedelta(minutes=minutes))
    assert _light(db, "discord", START + timedelta(minutes=40)) is Light.BAD
    assert db.values("select part from problem") == ["discord"]
    discord.away = False
    for minutes in range(60, 120, 5):
        _announce(db, discord, START + timedelta(minutes=minutes))
        check(db, [], channel_id=ALARMS, gigabytes=0, now=START + timedelta(minutes=minutes))
    alarms = [text for channel, text in discord.told if channel == ALARMS]
    assert len([text for text in alarms if "🔴" in text]) == 1
    assert len([text for text in alarms if "🟢" in text]) == 1
    assert len([channel for channel, _ in discord.told if channel == ROUNDS]) == 1
    assert _light(db, "discord", START + timedelta(minutes=120)) is Light.GOOD


def _announce(db: Database, discord: Discord, now: datetime) -> None:
    channel: Any = discord
    list(Announcer(db=db, channel=channel, key=lambda: b"key", now=lambda: now).announce(time_is_short=lambda: False))


# -- the bucket ------------------------------------------------------------------------------------------------------


def test_without_the_bucket_who_wants_a_clip_is_told_so_and_it_is_tried_again(db: Database) -> None:
    db.run("insert into demo (guild_id, sha256, kind, name, size, received_at, state, begin_ms, end_ms)"
           " values ('7', 'aa', 'tv_84', 'evening', 5, now(), 'ready', 0, 60000)")  # fmt: skip
    told: list[str] = []

    class Webhook:
        def edit_original(self, application_id: str, token: str, message: Message, **_: object) -> None:
            told.append(message.content)

        def say_aside(self, application_id: str, token: str, message: Message, **_: object) -> None:
            told.append(message.content)

    def away(_: object) -> Any:
        raise BucketUnavailable("The bucket does not answer")

    asked = request.read(json.dumps(an_interaction("clip")).encode())
    webhook: Any = Webhook()
    with pytest.raises(BucketUnavailable):
        follow_up(asked, db=db, webhook=webhook, key=lambda: b"k" * 32, now=START, tools=Tools(cut=away))
    assert told == [words_for("en")("refusal.trying")]


@pytest.mark.parametrize("part", ["bucket", "queue", "ssh/main", "game/main", "answers"])
def test_whatever_goes_away_is_told_once_and_once_when_it_is_back(db: Database, part: str) -> None:
    discord = Discord()
    discord.away = False
    for minutes in range(0, 90, 5):
        now = START + timedelta(minutes=minutes)
        light = Light.BAD if 10 <= minutes < 60 else Light.GOOD
        seen = Observed(part="dead_letters/store" if part == "queue" else part, light=light, said="no answer",
                        figure=float(light is Light.BAD))  # fmt: skip
        check(db, [seen], channel_id=ALARMS, gigabytes=0, now=now)
        _announce(db, discord, now)
    assert [text[0] for _, text in discord.told] == ["🔴", "🟢"]


def test_a_database_that_is_away_fails_as_a_whole_so_that_work_is_repeated() -> None:
    def refuse() -> Any:
        raise OSError("no route")

    with pytest.raises(DatabaseUnavailable):
        check(Database(refuse), [], channel_id=ALARMS, gigabytes=0, now=START)
