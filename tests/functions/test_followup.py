"""Answers that were put off: given once, tried again when something is away, given up when the token is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from etstats import wiring
from etstats.commands.answering import Finished
from etstats.commands.question import Tools
from etstats.commands.task import Place
from etstats.gateways.discord import Discord
from etstats.interactions.reply import Embed, Message
from etstats.storage.database import Database
from etstats.usecases.store_round import store
from etstats.words import words_for
from functions.interactions import followup
from local.discord_faults import Call, Kind, Trouble
from local.discord_stub import Running
from local.simulator import simulate_session
from tests.builders import an_interaction
from tests.discord_threaded import discord_stub, original, put_off

TOKEN = "aW50ZXJhY3Rpb24"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def stub(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """Discord, waiting for the answer to one deferral; and a database with one map in it."""
    for file in simulate_session(seed=5, maps=1, players=6, ends_at=datetime(2026, 3, 14, 22, 0), features=()).files:
        store(db, server="main", name=file.name, content=file.content, channel_id="", now=datetime.now(UTC))
    with discord_stub() as running:
        put_off(running, TOKEN)
        discord = Discord(url=running.api_url, bot_token=lambda: "token", sleep=lambda _: None)
        monkeypatch.setattr(wiring, "database", lambda *_: db)
        monkeypatch.setattr(wiring, "discord", lambda: discord)
        monkeypatch.setattr(wiring, "custom_id_key", lambda: b"key")
        yield running


def _deliver(*bodies: str) -> list[str]:
    """The ids of the messages that stay in the queue."""
    event = json.loads((ROOT / "events" / "sqs-followup.json").read_text(encoding="utf-8"))
    record = event["Records"][0]
    event["Records"] = [record | {"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
    said: Any = followup.handler(event, SimpleNamespace())  # type: ignore[arg-type]
    return [one["itemIdentifier"] for one in said["batchItemFailures"]]


def _export() -> str:
    return json.dumps(an_interaction("export"))


def _no_colour() -> Message:
    return Message(embeds=(Embed(title="x", colour=0x1FFFFFF),))


def _original(stub: Running) -> Any:
    return original(stub, TOKEN)


def test_the_answer_arrives_with_its_files(stub: Running) -> None:
    assert _deliver(_export()) == []
    names = [file["filename"].split("-")[-1] for file in _original(stub)["attachments"]]
    assert names == ["maps.csv", "rounds.csv", "players.csv", "lines.csv"]


def test_a_command_put_off_can_have_its_picture_drawn(stub: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[bytes] = []

    def finish(*_: object, tools: Tools, **__: object) -> Finished:
        drawn.append(tools.render('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'))
        return Finished(message=Message(content="see above"), place=Place.NEW, aside=False)

    monkeypatch.setattr("etstats.commands.follow_up.finish", finish)
    assert _deliver(_export()) == []
    assert drawn[0].startswith(b"\x89PNG")


def test_a_second_delivery_answers_nothing_more(stub: Running, db: Database) -> None:
    _deliver(_export())
    stub.faults.add(Trouble(kind=Kind.SERVER_ERROR, call=Call.ORIGINAL))
    assert _deliver(_export()) == []
    assert len(stub.faults.listed) == 1  # Discord was not even called
    assert db.values("select count(*) from interaction") == [1]


def test_discord_away_leaves_no_claim_and_the_next_delivery_answers(stub: Running, db: Database) -> None:
    stub.faults.add(Trouble(kind=Kind.BAD_GATEWAY, call=Call.ORIGINAL))
    assert _deliver(_export()) == ["0"]
    assert db.values("select count(*) from interaction") == [0]
    assert _deliver(_export()) == []
    assert _original(stub)["attachments"]


def test_a_token_that_is_gone_is_not_tried_again(stub: Running, db: Database) -> None:
    assert _deliver(json.dumps(an_interaction("export", token="long-gone"))) == []
    assert db.values("select count(*) from interaction") == [1]


def test_a_dead_database_is_told_and_tried_again(stub: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Any:
        raise OSError("connection refused")

    monkeypatch.setattr(wiring, "database", lambda *_: Database(refuse))
    assert _deliver(_export()) == ["0"]
    assert _original(stub)["content"] == words_for("en")("refusal.trying")


def test_a_message_that_is_no_interaction_does_not_hold_up_the_others(stub: Running) -> None:
    assert _deliver("{", _export()) == []
    assert _original(stub)["attachments"]


def test_an_answer_discord_rejects_is_said_so(stub: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "etstats.commands.follow_up.finish",
        lambda *_, **__: Finished(message=_no_colour(), place=Place.NEW, aside=False),
    )
    assert _deliver(_export()) == []
    assert "Discord does not take it" in _original(stub)["content"]
