"""Discord's way in: every kind of interaction, and every way to be refused."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from etstats import wiring
from etstats.errors import Unavailable
from etstats.storage.database import Database
from etstats.usecases.store_round import store
from etstats.words import words_for
from functions.interactions import app
from local.discord_limits import check_answer
from local.simulator import simulate_session
from tests.builders import PUBLIC_KEY, SNOWFLAKE, a_call, an_interaction, signed

ROOT = Path(__file__).parents[2]
AWAY, NO_SUCH_COMMAND = words_for("en")("refusal.away"), words_for("en")("refusal.no_such_command")
CLOSED = "postgresql://x:y@127.0.0.1:9/x?sslmode=disable"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A deployed function's variables; the database is away unless a test brings one."""
    _forget()
    monkeypatch.setenv("DISCORD_PUBLIC_KEY", PUBLIC_KEY.hex())
    monkeypatch.setenv("DATABASE_URL", CLOSED)
    monkeypatch.setattr(wiring, "_bot_token", lambda: "a bot's token")
    yield
    _forget()


def _forget() -> None:
    for built in (wiring.settings, wiring.discord_public_key, wiring.database, wiring.custom_id_key):
        built.cache_clear()


@pytest.fixture
def played(db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database with one simulated session, which the function reads."""
    now = datetime(2026, 3, 14, 23, 0, tzinfo=UTC)
    for file in simulate_session(seed=7, maps=3, players=12, ends_at=datetime(2026, 3, 14, 22, 0)).files:
        store(db, server="main", name=file.name, content=file.content, channel_id="", now=now)
    monkeypatch.setenv("DATABASE_URL", database_url)
    _forget()
    yield db
    wiring._quick_database("").close()


def _said(event: dict[str, Any]) -> tuple[int, Any]:
    answer = app.handler(event, None)
    said = json.loads(str(answer["body"]))
    if answer["statusCode"] == 200:
        assert check_answer(said) == []
    return int(str(answer["statusCode"])), said


def _event(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8"))
    return told


def _content(said: Any) -> str:
    """A refusal: for the caller alone."""
    assert said["data"]["flags"] == 64
    return str(said["data"]["content"])


def test_a_captured_ping_is_answered() -> None:
    assert _said(signed(_event("http-ping"))) == (200, {"type": 1})


def test_header_names_may_come_in_any_case_and_bodies_in_base64() -> None:
    event = a_call({"type": 1})
    event["headers"] = {name.upper(): value for name, value in event["headers"].items()}
    event |= {"body": base64.b64encode(event["body"].encode()).decode(), "isBase64Encoded": True}
    assert _said(event) == (200, {"type": 1})


@pytest.mark.parametrize(
    "event",
    [
        _event("http-ping"),  # as captured: neither the key nor the hour is ours
        a_call({"type": 1}, key=SigningKey(bytes(32))),
        a_call({"type": 1}, at=time.time() - 4000),
        a_call({"type": 1}, at=time.time() + 4000),
        a_call({"type": 1}) | {"body": '{"type": 1 }'},
        a_call({"type": 1}) | {"headers": {}},
        a_call({"type": 1}) | {"headers": {"x-signature-timestamp": "x", "x-signature-ed25519": "zz"}},
        a_call({"type": 1}) | {"body": None},
    ],
)  # fmt: skip
def test_what_discord_did_not_sign_just_now_is_refused(event: dict[str, Any]) -> None:
    assert _said(event) == (401, {"error": "The request is not signed by Discord."})


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"type": 77}', b'{"type": 2}', b"[" * 50_000])
def test_a_signed_body_that_is_no_interaction_gets_a_sentence(body: bytes) -> None:
    status, said = _said(a_call(body))
    assert status == 400
    assert said["error"].startswith("This is no interaction we understand")


def test_base64_that_is_none_gets_a_sentence() -> None:
    status, said = _said(a_call({"type": 1}) | {"body": "***", "isBase64Encoded": True})
    assert (status, said) == (400, {"error": "This is no HTTP request we understand."})


def test_an_unknown_command_is_answered_politely() -> None:
    status, said = _said(a_call(an_interaction("frobnicate")))
    assert (status, _content(said)) == (200, NO_SUCH_COMMAND)


def test_help_lists_the_commands_and_needs_no_database() -> None:
    _, said = _said(a_call(an_interaction("help")))
    assert "`/stats` " in json.dumps(said["data"]["embeds"][0]["fields"])
    assert said["data"]["flags"] == 64


def test_a_dead_database_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    status, said = _said(signed(_event("http-command-last")))
    assert (status, _content(said)) == (200, AWAY)
    assert time.monotonic() - began < 3
    line = json.loads(capsys.readouterr().out)
    assert (line["command"], line["outcome"].split(":")[0]) == ("last", "away")


def test_with_a_dead_database_there_is_nothing_to_suggest() -> None:
    assert _said(signed(_event("http-autocomplete"))) == (200, {"type": 8, "data": {"choices": []}})


def test_no_token_and_nothing_typed_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    _said(a_call(an_interaction("stats", {"player": "secret name"})))
    told = capsys.readouterr().out
    assert "aW50ZXJhY3Rpb24" not in told
    assert "secret name" not in told


def test_the_last_session_is_shown(played: Database) -> None:
    _, said = _said(signed(_event("http-command-last")))
    (embed,) = said["data"]["embeds"]
    assert embed["title"] == "Session · Sat 14 Mar 2026"
    names = set(played.values("select name from player_session"))
    shown = "".join(field["value"] for field in embed["fields"])
    assert sum(name[:13] in shown for name in names) == len(names)


@pytest.fixture
def empty(db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A migrated database with nothing in it, which the function reads."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    _forget()
    yield db
    wiring._quick_database("").close()


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("command", ["last", "leaderboard", "stats"])
def test_nothing_stored_yet_is_a_sentence(command: str) -> None:
    _, said = _said(a_call(an_interaction(command, {"player": "mittens"} if command == "stats" else {})))
    assert _content(said).count(".") >= 1


def test_a_suggested_player_can_be_asked_for(played: Database) -> None:
    name = played.values("select name from player where length(search_name) > 4 order by rounds desc, guid")[0]
    option = {"type": 3, "name": "player", "value": name[:5], "focused": True}
    _, said = _said(a_call(an_interaction(type=4, data={"name": "stats", "options": [option]})))
    chosen = next(choice for choice in said["data"]["choices"] if choice["name"].startswith(name))
    _, said = _said(a_call(an_interaction("stats", {"player": chosen["value"]})))
    assert chosen["value"][1:] in said["data"]["embeds"][0]["footer"]["text"]


def _turn(played: Database, *, user: str, now: int = SNOWFLAKE, forge: bool = False) -> Any:
    """Presses ▶ on a leaderboard shown to user 42."""
    _, said = _said(a_call(an_interaction("leaderboard", {"stat": "games"})))
    custom_id = said["data"]["components"][0]["components"][1]["custom_id"]
    if forge:
        custom_id = custom_id.replace("G=2", "G=3")
    pressing = an_interaction(type=3, id=str(now), data={"component_type": 2, "custom_id": custom_id})
    pressing["member"]["user"]["id"] = user
    return _said(a_call(pressing))[1]


def test_a_button_turns_the_page_of_ones_own_card(played: Database) -> None:
    said = _turn(played, user="42")
    assert (said["type"], "page 2 of 2" in said["data"]["embeds"][0]["footer"]["text"]) == (7, True)


def test_a_button_on_anothers_card_gives_a_copy_for_oneself(played: Database) -> None:
    said = _turn(played, user="43")
    assert (said["type"], said["data"]["flags"]) == (4, 64)
    assert "page 2 of 2" in said["data"]["embeds"][0]["footer"]["text"]


def test_forged_and_old_buttons_are_refused_politely(played: Database) -> None:
    week_and_a_bit_ms = int(timedelta(days=8).total_seconds() * 1000)
    assert "not one of ours" in _content(_turn(played, user="42", forge=True))
    assert "older than a week" in _content(_turn(played, user="42", now=SNOWFLAKE + (week_and_a_bit_ms << 22)))
    assert "not one of ours" in _content(_said(signed(_event("http-button")))[1])


class _Queue:
    def __init__(self, fault: Exception | None = None) -> None:
        self.sent: list[dict[str, object]] = []
        self.fault = fault

    def send(self, body: dict[str, object]) -> None:
        if self.fault is not None:
            raise self.fault
        self.sent.append(body)


@pytest.mark.usefixtures("empty")
def test_a_slow_command_is_handed_over_before_it_is_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = _Queue()
    monkeypatch.setattr(wiring, "followup_hand_over", lambda: queue)
    asking = an_interaction("export")
    assert _said(a_call(asking)) == (200, {"type": 5, "data": {"flags": 64}})  # what is exported is the caller's alone
    assert queue.sent == [asking]


@pytest.mark.usefixtures("empty")
def test_nothing_is_promised_when_the_hand_over_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "followup_hand_over", lambda: _Queue(Unavailable("the queue is away")))
    _, said = _said(a_call(an_interaction("export")))
    assert (said["type"], _content(said)) == (4, words_for("en")("refusal.part_away"))


def test_a_ping_and_a_refusal_import_nothing_heavy() -> None:
    program = """
import json, sys
import app
for event in json.loads(sys.stdin.read()):
    app.handler(event, None)
heavy = {"pg8000", "boto3", "botocore", "aws_lambda_powertools", "http.client", "ssl", "asyncio", "etstats.commands",
    "etstats.config", "dataclasses", "inspect"}
sys.exit(", ".join(sorted(heavy & set(sys.modules))) or None)
"""
    events = [a_call({"type": 1}), a_call({"type": 1}) | {"headers": {}}]
    path = os.pathsep.join(str(ROOT / part) for part in ("functions/interactions", "layers/etstats"))
    ran = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(events),
        env={"PYTHONPATH": path, "DISCORD_PUBLIC_KEY": PUBLIC_KEY.hex()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count("\n") == len(events)
