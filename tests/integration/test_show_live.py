"""Cards that follow what is played, and those who wait for players: written to only when there is something to say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from etstats.gateways.discord import Discord
from etstats.gateways.rcon import GamePort
from etstats.storage.database import Database
from etstats.storage.server import ask_ping, drop_live_card, set_live_card
from etstats.usecases.amend import Amender
from etstats.usecases.control_server import Controller
from etstats.usecases.show_live import Live, Shown
from local.desk.people import CHANNEL_ID, GUILD_ID, USERS
from local.discord_faults import Kind, Trouble
from local.discord_stub import Running
from local.game_udp import Client, Game
from tests.discord_threaded import discord_stub
from tests.game_port import a_server, game_port
from tests.walking import no_packages

NOW = datetime(2026, 3, 6, 21, tzinfo=UTC)
TWO = (Client(slot=0, name="Mittens", team=1), Client(slot=1, name="Widow", team=2))


@dataclass(slots=True, kw_only=True)
class World:
    db: Database
    stub: Running
    game: Game
    port: int

    def show(self) -> Shown:
        self.db.run("delete from server_seen")  # three seconds are over
        server = a_server(self.port, guilds=(GUILD_ID,))
        looking = Controller(
            db=self.db, known=(server,), now=lambda: NOW, wait=lambda _: None, start=lambda _: None,
            port=lambda one: GamePort(server=one, password=str), amending=lambda: Amender(db=self.db, now=lambda: NOW),
            packages=no_packages,
        )  # fmt: skip
        channel = Discord(url=self.stub.api_url, bot_token=lambda: "local", sleep=lambda _: None)
        return Live(db=self.db, looking=looking, channel=channel, key=lambda: b"key", now=lambda: NOW).show()

    def messages(self) -> list[dict[str, Any]]:
        return list(self.stub.memory.messages.values())


@pytest.fixture
def world(db: Database) -> Iterator[World]:
    game = Game()
    with discord_stub() as stub, game_port(game) as port:
        yield World(db=db, stub=stub, game=game, port=port)


def _card(world: World, channel: str = CHANNEL_ID, guild: str = GUILD_ID) -> None:
    set_live_card(world.db, guild, channel, "alpha", by="1", nonce="11", now=NOW)


def test_without_a_card_or_anybody_waiting_nobody_is_asked(world: World) -> None:
    assert world.show() == Shown()
    assert world.game.heard == []


def test_a_card_is_posted_once_and_edited_only_when_it_shows_something_else(world: World) -> None:
    _card(world)
    assert world.show() == Shown(posted=1)
    world.game.map = "radar"
    assert world.show() == Shown(), "nobody plays"
    world.game.clients = TWO
    assert world.show() == Shown(edited=1)
    assert world.show() == Shown()
    world.game.clients = TWO[:1]
    assert world.show() == Shown(edited=1)
    (message,) = world.messages()
    assert "1 of 18 play" in message["embeds"][0]["description"]


def test_a_card_that_was_deleted_or_switched_off_is_left_alone(world: World) -> None:
    _card(world)
    world.show()
    world.stub.memory.messages.clear()
    world.game.clients = TWO
    assert world.show() == Shown()
    heard = len(world.game.heard)
    assert world.show() == Shown()
    assert len(world.game.heard) == heard
    assert drop_live_card(world.db, CHANNEL_ID, "alpha")


def test_a_card_of_a_discord_server_that_does_not_own_the_game_server_shows_nothing(world: World) -> None:
    _card(world, guild="5")
    assert world.show() == Shown()
    assert world.game.heard == []


def test_who_waits_is_told_once_when_enough_play(world: World) -> None:
    ask_ping(world.db, "alpha", USERS[1].id, GUILD_ID, 2, now=NOW)
    ask_ping(world.db, "alpha", USERS[2].id, GUILD_ID, 3, now=NOW)
    assert world.show() == Shown()
    world.game.clients = TWO
    assert world.show() == Shown(told=1)
    assert world.show() == Shown()
    (message,) = world.messages()
    assert message["content"].startswith("🎮 2 play on **supply** now.")


def test_who_could_not_be_told_waits_on(world: World) -> None:
    ask_ping(world.db, "alpha", USERS[1].id, GUILD_ID, 2, now=NOW)
    world.game.clients = TWO
    world.stub.faults.add(Trouble(kind=Kind.SERVER_ERROR, times=99))
    assert world.show() == Shown()
    world.stub.faults.clear()
    assert world.show() == Shown(told=1)
