"""The whole line with the real template: a session goes from game server to Discord, once however often it comes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from rich.console import Console

from etstats.config import database_from_url
from etstats.storage.archive import receipts_document, sessions_document
from etstats.storage.database import Database, connect
from local import demo
from local.discord_stub import ROUND_CHANNEL_ID
from local.simulator import SimulatedSession, simulate_session
from local.stack import Stack

ROOT = Path(__file__).resolve().parents[2]
QUIET = Console(quiet=True)


@asynccontextmanager
async def open_database(stack: Stack) -> AsyncIterator[Database]:
    db = Database(lambda: connect(database_from_url(stack.database_url), statement_timeout_ms=20_000))
    try:
        yield db
    finally:
        db.close()


def put(stack: Stack, session: SimulatedSession, *, mtime: float) -> list[str]:
    for file in session.files:
        stack.game_server.put(file.name, file.content, mtime=mtime)
    return [file.name for file in session.files]


async def pass_through(stack: Stack, db: Database, names: list[str]) -> None:
    await stack.guard(demo.follow(stack, db, names, QUIET, time.monotonic()))


def content(db: Database) -> tuple[Any, Any]:
    """What the database holds, times of our own clock apart."""
    receipts = [{key: one.get(key) for key in ("file", "state", "reason")} for one in receipts_document(db)]
    return sessions_document(db), receipts


async def refused(stack: Stack) -> int:
    """A PING whose signature was made by somebody else."""
    headers = {"X-Signature-Ed25519": "00" * 64, "X-Signature-Timestamp": str(int(time.time()))}
    async with (
        aiohttp.ClientSession() as http,
        http.post(stack.interactions_url, data='{"type":1}', headers=headers) as a,
    ):
        return a.status


async def change_the_map(stack: Stack) -> None:
    """From Discord, while people play: shown, confirmed twice, done and seen."""
    shown = await stack.discord.ask({"path": ["server", "status"]})
    assert "supply" in json.dumps(shown["message"])
    asked = await stack.discord.ask({"path": ["server", "map"], "options": {"map": "radar"}})
    message_id = asked["message"]["id"]
    for label, then in (("Do it", "Do it anyway"), ("Do it anyway", "Done")):
        assert stack.game_server.game.map == "supply"
        row = stack.discord.memory.messages[message_id]["components"][0]["components"]
        custom_id = next(one["custom_id"] for one in row if one["label"] == label)
        await stack.discord.ask({"kind": "component", "message_id": message_id, "custom_id": custom_id})
        await eventually(partial(_shows, stack, message_id, then))
    assert stack.game_server.game.map == "radar"


def _shows(stack: Stack, message_id: str, text: str) -> bool:
    return text in json.dumps(stack.discord.memory.messages[message_id])


async def eventually(condition: Callable[[], bool]) -> None:
    """The late answer takes as long as it takes."""
    gives_up_at = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < gives_up_at
        await asyncio.sleep(0.05)


def test_a_session_goes_from_the_game_server_to_discord_once_however_often_it_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And when a function is broken afterwards, who waits is told which."""
    ends_at = (datetime.now(UTC) - timedelta(minutes=3)).replace(microsecond=0, tzinfo=None)
    session = simulate_session(seed=11, maps=2, players=6, ends_at=ends_at)

    async def main() -> None:
        async with Stack(retry_after_s=1) as stack, open_database(stack) as db:
            names = put(stack, session, mtime=time.time() - 200)
            stack.start_schedules(every_s=0.3)
            await pass_through(stack, db, names)
            before = content(db)
            assert {one["file"]: one["state"] for one in before[1]} == dict.fromkeys(names, "published")

            posts = stack.discord.memory.in_channel(ROUND_CHANNEL_ID)
            assert len(posts) == len(session.truth.maps)  # the second round completes its first's

            answered = await stack.discord.ask({"path": ["last"]})
            assert (answered["status"], answered["error"]) == (200, "")
            for played in session.truth.maps:
                assert played.map_name in json.dumps(answered["message"])
            assert await refused(stack) == 401
            assert await bad_lights(stack) == []
            await change_the_map(stack)

            # touched on the server, so every file is fetched and told again
            put(stack, session, mtime=time.time() - 100)
            await pass_through(stack, db, names)
            assert content(db) == before
            assert len(stack.discord.memory.in_channel(ROUND_CHANNEL_ID)) == len(posts)
            assert [one.error for one in stack.pump.watched.failures()] == []
            await nothing_moves_any_more(stack, db, monkeypatch)

    asyncio.run(main())


async def bad_lights(stack: Stack) -> list[str]:
    """As anybody may ask; our own question has been answered by then."""
    async with aiohttp.ClientSession() as http, http.get(f"{stack.api.url}/health") as told:
        document = await told.json()
    assert {"answers", "backup", "ssh"} <= {one["part"] for one in document["parts"]}
    return [one["part"] for one in document["parts"] if one["light"] == "bad"]


def run_demo(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local.demo", *arguments],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip


def test_a_folder_of_all_sorts_is_brought_to_an_end_and_every_file_has_a_receipt(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    session = simulate_session(seed=3, maps=1, players=6, ends_at=datetime(2025, 3, 1, 22, 0))
    files: dict[bytes, bytes] = {file.name.encode(): file.content for file in session.files}
    files |= {
        b"2025-03-02-200000-supply-round-1.txt": b"",
        b"2025-03-02-210000-radar-round-1.txt": b"not a header\n",
        b"2025-03-01-215900-supply-round-1-endstats.txt": b"Most damage given\tsomebody\t3214\n",
        b"2025-03-01-215900-supply-round-2-endstats.txt": b"x\t1\n",
        b"2025-03-02-220000-caf\xe9-round-1.txt": b"a name that is not UTF-8\n",
        b"README.md": b"# not stats\n",
    }
    for name, bytes_ in files.items():
        path = folder / os.fsdecode(name)
        path.write_bytes(bytes_)
        os.utime(path, (1_740_000_000, 1_740_000_000))
    done = run_demo("--files", str(folder), "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr

    entries = json.loads((out / "receipts.json").read_text(encoding="utf-8"))
    assert len(entries) == len(files)
    states = {one["file"].encode(): one["state"] for one in entries}
    assert states[b"2025-03-02-220000-caf\\xe9-round-1.txt"] == "rejected"
    assert {name: states[name] for name in files if name in {file.name.encode() for file in session.files}} == {
        file.name.encode(): "published" for file in session.files
    }
    assert states[b"2025-03-02-200000-supply-round-1.txt"] == "rejected"
    assert states[b"2025-03-02-210000-radar-round-1.txt"] == "rejected"
    assert states[b"2025-03-01-215900-supply-round-1-endstats.txt"] == "published"
    assert states[b"2025-03-01-215900-supply-round-2-endstats.txt"] == "rejected"
    assert states[b"README.md"] == "ignored"
    stored = json.loads((out / "sessions.json").read_text(encoding="utf-8"))["sessions"]
    assert [file.name for file in session.files] in [one["files"] for one in stored]


def test_an_empty_folder_gets_a_sentence_and_empty_documents(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    done = run_demo("--files", str(tmp_path / "in"), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "holds no files" in done.stdout
    assert json.loads((tmp_path / "out" / "receipts.json").read_text(encoding="utf-8")) == []
    assert json.loads((tmp_path / "out" / "sessions.json").read_text(encoding="utf-8"))["sessions"] == []


def test_a_folder_that_does_not_exist_gets_a_sentence(tmp_path: Path) -> None:
    done = run_demo("--files", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "is not a folder" in done.stderr


def test_a_cloud_that_is_away_gets_a_sentence_and_no_stack_trace() -> None:
    done = run_demo(AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def _hurrying(stack: Stack) -> Callable[[], float]:
    """A clock that runs ahead by more than the demonstration waits, at each look after something failed."""
    ahead = 0.0

    def now() -> float:
        nonlocal ahead
        ahead += 2 * demo.STALLED_AFTER_S if stack.pump.watched.failures() else 0
        return time.monotonic() + ahead

    return now


async def nothing_moves_any_more(stack: Stack, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration fails, with the log of what failed."""
    store = stack.function("StoreFunction")
    store.deployment = replace(store.deployment, handler="store.no_such_handler")
    store._warm.clear()
    session = simulate_session(seed=3, maps=1, players=6, ends_at=datetime(2025, 3, 1, 22, 0))
    names = put(stack, session, mtime=time.time() - 100)
    monkeypatch.setattr(demo, "time", SimpleNamespace(monotonic=_hurrying(stack), time=time.time))
    with pytest.raises(demo.DemoFailed, match=r"StoreFunction failed: .*no_such_handler"):
        await pass_through(stack, db, names)
