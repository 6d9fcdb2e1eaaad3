"""However the stack ends, no process of it is left: signals, a killed owner, a part that dies."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from etstats.config import database_from_url
from etstats.storage.database import connect
from local.children import RunFolder, clean_up_after_dead_runs, started_at
from local.postgres import postgres
from local.stack import Stack, StackFailed

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends orphans on Linux only")


@contextmanager
def stack_of_its_own() -> Iterator[tuple[subprocess.Popen[str], RunFolder]]:
    """`make up` in a process of its own, once it says that it is up."""
    owner = subprocess.Popen(
        [sys.executable, "-m", "local.up"], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert owner.stdout is not None
        said = ""
        for line in owner.stdout:
            said += line
            if "Ctrl-C stops everything" in line:
                break
        found = re.search(r"logs of the functions\s+(\S+)/logs", said)
        assert found, said
        yield owner, RunFolder(Path(found[1]))
    finally:
        owner.kill()
        owner.wait()
        assert owner.stdout is not None
        owner.stdout.close()


def alive(processes: list[tuple[int, str]]) -> list[int]:
    return [pid for pid, started in processes if started_at(pid) == started]


def soon(holds: Callable[[], bool], within_s: float = 15) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 0)])
def test_a_signal_stops_everything_in_order(how: signal.Signals, code: int) -> None:
    with stack_of_its_own() as (owner, run):
        processes = run.processes()
        assert len(alive(processes)) >= 8  # the owner, PostgreSQL, moto, six functions
        owner.send_signal(how)
        owner.send_signal(how)  # somebody impatient
        assert owner.wait(60) == code
        assert alive(processes) == []
        assert not run.path.exists()


def test_when_the_owner_is_killed_the_kernel_ends_the_rest_and_the_next_run_sweeps_up() -> None:
    with stack_of_its_own() as (owner, run):
        processes = run.processes()
        assert alive(processes)
        owner.kill()
        owner.wait()
        assert soon(lambda: alive(processes) == [])
        clean_up_after_dead_runs()
        assert not run.path.exists()


def test_a_database_alone_whose_owner_is_killed_is_swept_up_when_the_next_one_starts() -> None:
    kept = "from local.postgres import postgres\nwith postgres() as url: print(url, flush=True); input()"
    owner = subprocess.Popen(
        [sys.executable, "-c", kept], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with owner:
        assert owner.stdout is not None
        run = RunFolder(_data_folder(owner.stdout.readline().strip()).parents[1])
        clean_up_after_dead_runs()
        assert (run.path / "processes").exists()
        owner.kill()
    with postgres() as url:
        assert not run.path.exists()
        assert _data_folder(url).exists()


def _data_folder(url: str) -> Path:
    connection = connect(database_from_url(url), statement_timeout_ms=10_000)
    try:
        return Path(connection.run("show data_directory")[0][0])
    finally:
        connection.close()


def test_an_orphan_is_ended_by_the_next_run_and_a_stranger_with_its_number_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(sleeper) as orphan, subprocess.Popen(sleeper) as stranger:
        try:
            run = RunFolder.create()
            lines = [f"{os.getpid()} long ago", f"{orphan.pid} {started_at(orphan.pid)}", f"{stranger.pid} long ago"]
            (run.path / "processes").write_text("\n".join(lines), encoding="ascii")
            assert clean_up_after_dead_runs() == [orphan.pid]
            assert orphan.wait(10) == -signal.SIGKILL
            assert stranger.poll() is None
        finally:
            orphan.kill()
            stranger.kill()


def test_a_run_whose_owner_lives_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run = RunFolder.create()
    assert clean_up_after_dead_runs() == []
    assert run.path.exists()


def test_a_part_that_dies_ends_the_work_with_a_sentence_and_nothing_is_left() -> None:
    async def main() -> list[tuple[int, str]]:
        async with Stack() as stack:
            processes = stack.run.processes()
            assert stack.cloud.child is not None
            stack.cloud.child.kill()
            with pytest.raises(StackFailed, match="moto died"):
                await stack.guard(asyncio.sleep(60))
            return processes[1:]

    assert alive(asyncio.run(main())) == []


def test_a_part_that_does_not_start_stops_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[RunFolder] = []

    async def main() -> None:
        stack = Stack()
        try:
            async with stack:
                raise AssertionError("it cannot have started")
        finally:
            folders.append(stack.run)

    async def broken(self: Stack) -> None:
        await asyncio.sleep(0.2)  # the others are on their way
        raise StackFailed("no Discord today")

    monkeypatch.setattr(Stack, "_start_discord", broken)
    with pytest.raises(StackFailed, match="no Discord today"):
        asyncio.run(main())
    [run] = folders
    assert alive(run.processes()[1:]) == []
