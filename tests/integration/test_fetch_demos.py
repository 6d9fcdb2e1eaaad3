"""Demos out of a game server's folder: a real SSH server, a real database, and a bucket that is a dict."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.errors import BucketUnavailable, GameServerUnavailable
from etstats.gateways.game_server import GameServerConnection, read_private_key
from etstats.storage.database import Database
from etstats.usecases import fetch_demos as use_case
from etstats.usecases.analyse_demo import analyse_demo, receive
from etstats.usecases.fetch_demos import QUIET_S, RESERVE_S, Tick, fetch_demos
from etstats.usecases.visit import Outcome, ServerReport
from functions.ingest import fetch_demos as function
from tests.demo_builder import TRIPLE
from tests.fakes import FakeBucket
from tests.ssh_server import SshServer, ssh_server

NOW = datetime(2025, 10, 2, 21, 20, tzinfo=UTC)
LONG_AGO = 1_759_440_000
NAME = "2025-10-02-2118-supply.tv_84"
GUILD = "7"


def key_of(content: bytes, kind: str = "tv_84") -> str:
    return f"demos/{GUILD}/{sha256(content).hexdigest()}.{kind}"


class Ticking:
    """Ticks two minutes apart by our clock."""

    def __init__(self, db: Database, server: SshServer) -> None:
        self.db = db
        self.server = server
        self.bucket = FakeBucket()
        self.folder = server.root / "demos"
        self.folder.mkdir()
        self.servers = [server.setting(demo_folder=str(self.folder), guilds=(GUILD,))]
        self.remaining_ms: Callable[[], int] = lambda: 170_000
        self.now = NOW
        self.key = read_private_key(server.private_key)

    def put(self, content: bytes, name: str = NAME, *, mtime: int = LONG_AGO) -> None:
        self.server.put(f"../demos/{name}", content, mtime=mtime)

    def __call__(self) -> ServerReport:
        (report,) = self.reports()
        return report

    def reports(self) -> list[ServerReport]:
        self.now += timedelta(minutes=2)
        tick = Tick(
            db=self.db,
            bucket=self.bucket,
            open_server=lambda server, *, deadline_s: GameServerConnection(server, self.key, deadline_s=deadline_s),
            remaining_ms=self.remaining_ms,
            clock=lambda: self.now,
        )
        return list(fetch_demos(self.servers, tick))


@pytest.fixture
def tick(db: Database, tmp_path: Path) -> Iterator[Ticking]:
    with ssh_server(tmp_path) as server:
        yield Ticking(db, server)


def outcomes(report: ServerReport) -> dict[str, Outcome]:
    return {file.name: file.outcome for file in report.files}


def test_a_finished_demo_comes_into_the_bucket_once_and_is_its_servers(tick: Ticking) -> None:
    tick.put(TRIPLE)
    assert outcomes(tick()) == {NAME: Outcome.FETCHED}
    assert tick.bucket.objects == {key_of(TRIPLE): TRIPLE}
    (row,) = tick.db.values("select array[guild_id, name, state, uploaded_by] from demo")
    assert row == [GUILD, NAME, "received", None]
    assert tick.db.values("select recorded_at from demo") == [datetime.fromtimestamp(LONG_AGO, UTC)]
    assert tick().files == ()
    assert len(tick.bucket.puts) == 1


def test_a_demo_that_may_still_be_written_waits(tick: Ticking) -> None:
    """A match's pause is shorter than a minute of silence."""
    tick.put(TRIPLE, mtime=int(time.time()) - QUIET_S + 20)
    assert outcomes(tick()) == {NAME: Outcome.WAITING}
    tick.put(TRIPLE + b"more", mtime=int(time.time()) - QUIET_S + 20)
    assert outcomes(tick()) == {NAME: Outcome.WAITING}
    assert outcomes(tick()) == {NAME: Outcome.FETCHED}
    assert list(tick.bucket.objects) == [key_of(TRIPLE + b"more")]


def test_the_same_bytes_under_another_name_or_uploaded_before_are_one_demo(tick: Ticking) -> None:
    upload = f"uploads/{GUILD}/42/ticket/evening.tv_84"
    tick.bucket.objects[upload] = TRIPLE
    receive(tick.db, tick.bucket, upload, now=NOW)
    analyse_demo(tick.db, tick.bucket, key_of(TRIPLE), now=lambda: NOW, time_is_short=lambda: False)
    puts = len(tick.bucket.puts)
    tick.put(TRIPLE)
    tick.put(TRIPLE, "copy.tv_84")
    assert set(outcomes(tick()).values()) == {Outcome.FETCHED}
    assert tick.db.values("select array[uploaded_by, state] from demo") == [["42", "ready"]]
    assert len(tick.bucket.puts) == puts


def test_what_is_no_demo_is_left_alone_and_what_is_too_large_is_said_once(
    tick: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use_case, "MAX_BYTES", len(TRIPLE))
    for name, content in (("etconsole.log", b"x"), ("empty.tv_84", b""), ("large.tv_84", TRIPLE + b"x")):
        tick.put(content, name)
    tick.server.put(b"../demos/\xff.tv_84", b"x", mtime=LONG_AGO)
    assert outcomes(tick()) == {"large.tv_84": Outcome.REFUSED, "\\xff.tv_84": Outcome.REFUSED}
    assert tick().files == ()
    assert tick.bucket.objects == {}
    assert tick.db.values('select note from demo_file order by name collate "C" desc')[0].startswith("it has ")


def test_the_latest_comes_first_and_what_there_is_no_time_for_stays(tick: Ticking) -> None:
    for number in range(3):
        tick.put(TRIPLE + bytes([number]), f"{number}.tv_84", mtime=LONG_AGO + number)
    left = iter([170_000, 170_000])
    tick.remaining_ms = lambda: next(left, RESERVE_S * 1000)
    assert outcomes(tick()) == {"2.tv_84": Outcome.FETCHED, "1.tv_84": Outcome.LEFT, "0.tv_84": Outcome.LEFT}
    tick.remaining_ms = lambda: 170_000
    assert [file.name for file in tick().files] == ["1.tv_84", "0.tv_84"]


def test_one_that_cannot_be_read_does_not_stop_the_others_and_comes_when_it_can(tick: Ticking) -> None:
    tick.put(TRIPLE + b"x", "changing.tv_84", mtime=LONG_AGO + 60)
    tick.put(TRIPLE)

    def grow(server: SshServer, name: bytes) -> None:
        if name == b"changing.tv_84":
            tick.put(TRIPLE + b"xy", "changing.tv_84", mtime=LONG_AGO + 60)

    tick.server.before_read = grow
    assert outcomes(tick()) == {"changing.tv_84": Outcome.FAILED, NAME: Outcome.FETCHED}
    assert outcomes(tick()) == {"changing.tv_84": Outcome.FETCHED}


def test_a_bucket_that_is_away_leaves_nothing_half_done(tick: Ticking) -> None:
    tick.put(TRIPLE)
    tick.bucket.away = True
    with pytest.raises(BucketUnavailable):
        tick()
    tick.bucket.away = False
    assert outcomes(tick()) == {NAME: Outcome.FETCHED}
    assert tick.bucket.objects == {key_of(TRIPLE): TRIPLE}
    assert tick.db.values("select count(*) from demo") == [1]


def test_a_server_that_is_away_does_not_stop_the_others(tick: Ticking) -> None:
    folder = {"demo_folder": str(tick.folder), "guilds": (GUILD,)}
    tick.servers = [tick.server.setting("gone", host="nowhere.invalid", **folder), *tick.servers]
    tick.put(TRIPLE)
    away, there = tick.reports()
    assert (isinstance(away.fault, GameServerUnavailable), outcomes(there)) == (True, {NAME: Outcome.FETCHED})


def test_without_a_folder_of_demos_nobody_is_asked(tick: Ticking) -> None:
    tick.servers = [tick.server.setting()]
    assert tick.reports() == []


# -- as the platform calls it ----------------------------------------------------------------------------------------


def _invoke(tick: Ticking, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    event = json.loads((Path(__file__).parents[2] / "events" / "schedule-fetch-demos.json").read_text())
    monkeypatch.setattr(wiring, "settings", lambda *need: SimpleNamespace(game_servers=tuple(tick.servers)))
    monkeypatch.setattr(wiring, "ssh_key", lambda: tick.key)
    monkeypatch.setattr(wiring, "database", lambda *_: tick.db)
    monkeypatch.setattr(wiring, "bucket", lambda: tick.bucket)
    monkeypatch.setattr(
        wiring, "game_server", lambda one, *, deadline_s: GameServerConnection(one, tick.key, deadline_s=deadline_s)
    )
    context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 170_000)
    return function.handler(event, cast("LambdaContext", context))


def test_a_tick_counts_what_became_of_each(tick: Ticking, monkeypatch: pytest.MonkeyPatch) -> None:
    tick.put(TRIPLE)
    assert _invoke(tick, monkeypatch) == {"fetched": 1, "waiting": 0, "refused": 0, "failed": 0, "left": 0}
    tick.servers = [tick.server.setting()]
    assert sum(_invoke(tick, monkeypatch).values()) == 0


def test_when_no_server_can_be_reached_the_tick_has_failed(tick: Ticking, monkeypatch: pytest.MonkeyPatch) -> None:
    tick.servers = [tick.server.setting("gone", host="nowhere.invalid", demo_folder="demos", guilds=(GUILD,))]
    with pytest.raises(GameServerUnavailable, match="does not resolve"):
        _invoke(tick, monkeypatch)
