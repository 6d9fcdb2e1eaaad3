"""The schedule's tick as the platform sees it: what is logged, counted and raised."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncssh
import pytest

from etstats import config, wiring
from etstats.errors import BadSettings, GameServerUnavailable, HostKeyMismatch
from etstats.gateways.game_server import GameServerConnection, read_private_key
from etstats.storage.database import Database
from functions.ingest import fetch
from tests.fakes import FakeBucket
from tests.ssh_server import SshServer, ssh_server

EVENT = json.loads((Path(__file__).parents[2] / "events" / "schedule-fetch.json").read_text())
NAME = "2025-10-02-211808-etl_adlernest-round-1.txt"
LONG_AGO = 1_759_440_000
CONTEXT = SimpleNamespace(
    get_remaining_time_in_millis=lambda: 50_000,
    function_name="fetch",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-central-1:111111111111:function:fetch",
    aws_request_id="11111111-1111-4111-8111-111111111111",
)


@pytest.fixture
def world(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    with ssh_server(tmp_path) as server:
        key = read_private_key(server.private_key)
        bucket = FakeBucket()
        found = SimpleNamespace(server=server, bucket=bucket, db=db, servers=[server.setting()])
        monkeypatch.setattr(wiring, "settings", lambda *need: SimpleNamespace(game_servers=tuple(found.servers)))
        monkeypatch.setattr(wiring, "ssh_key", lambda: key)
        monkeypatch.setattr(wiring, "database", lambda *_: db)
        monkeypatch.setattr(wiring, "bucket", lambda: bucket)
        monkeypatch.setattr(
            wiring, "game_server", lambda one, *, deadline_s: GameServerConnection(one, key, deadline_s=deadline_s)
        )
        yield found


def invoke() -> dict[str, int]:
    return fetch.handler(EVENT, CONTEXT)  # type: ignore[arg-type]


class Told:
    """What went to the log, and the metrics printed beside it."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.log = io.StringIO()
        self._capsys = capsys

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.getvalue().splitlines()]

    def metrics(self) -> dict[str, Any]:
        (line,) = self._capsys.readouterr().out.splitlines()
        return dict(json.loads(line))


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Told:
    found = Told(capsys)
    monkeypatch.setattr(fetch.logger.registered_handler, "stream", found.log)
    return found


def test_a_tick_fetches_and_says_so_in_one_line_per_outcome(world: SimpleNamespace, told: Told) -> None:
    world.server.put(NAME, b"content", mtime=LONG_AGO)
    assert invoke() == {"fetched": 1, "waiting": 0, "refused": 0, "failed": 0, "left": 0}
    assert world.bucket.objects == {f"stats/alpha/{NAME}": b"content"}
    fetched, visited = told.lines()
    metrics = told.metrics()
    assert (fetched["message"], fetched["file"], fetched["bytes"]) == ("file fetched", NAME, 7)
    assert (visited["message"], visited["server"], visited["fetched"]) == ("server visited", "alpha", 1)
    assert (metrics["FilesFetched"], metrics["ServersAway"]) == ([1.0], [0.0])


def test_a_tick_without_news_is_one_line_and_no_error(world: SimpleNamespace, told: Told) -> None:
    assert invoke()["fetched"] == 0
    assert [line["message"] for line in told.lines()] == ["server visited"]


def test_a_wrong_host_key_fails_the_tick_with_a_line_that_says_what_to_do(world: SimpleNamespace, told: Told) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key("openssh").decode()
    world.servers = [world.server.setting(host_key=other), world.server.setting("beta")]
    world.server.put(NAME, b"content", mtime=LONG_AGO)
    with pytest.raises(HostKeyMismatch, match="GAME_SERVERS"):
        invoke()
    assert list(world.bucket.objects) == [f"stats/beta/{NAME}"]
    assert (told.lines()[0]["level"], told.lines()[0]["fault"]) == ("ERROR", "HostKeyMismatch")


def test_one_server_away_is_logged_and_counted_and_no_failure(world: SimpleNamespace, told: Told) -> None:
    world.servers = [world.server.setting("gone", host="nowhere.invalid"), world.server.setting()]
    invoke()
    assert [line["level"] for line in told.lines()] == ["ERROR", "INFO"]
    assert told.metrics()["ServersAway"] == [1.0]


def test_all_servers_away_is_a_failure(world: SimpleNamespace, told: Told) -> None:
    world.servers = [world.server.setting("gone", host="nowhere.invalid")]
    with pytest.raises(GameServerUnavailable, match="does not resolve"):
        invoke()


def test_no_log_line_carries_the_private_key(world: SimpleNamespace, told: Told) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519")
    server: SshServer = world.server
    secret = server.private_key.splitlines()[2]
    server.client_key = stranger  # what was authorised is so no more
    with pytest.raises(GameServerUnavailable, match="authorized_keys"):
        invoke()
    assert told.lines()[0]["level"] == "ERROR"
    assert secret not in told.log.getvalue()


def test_without_settings_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "settings", lambda *need: config.read({}, need=need))
    with pytest.raises(BadSettings, match=r"(?s)BUCKET.*GAME_SERVERS.*SSH_KEY_SECRET"):
        invoke()
