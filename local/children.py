"""Child processes that never outlive us, and a folder per run that says which processes were ours.

Three nets, one below the other: every child is stopped in order when its owner ends; on Linux the kernel signals it
when its parent dies, whatever killed the parent; and the run's folder lists process ids with their start times, so that
the next run ends what is left. A process is only ended when its id and its start time are the ones written down.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

PREFIX = "etstats-run-"
STOP_PATIENCE_S = 5.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(how: signal.Signals = signal.SIGKILL) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends *how* when the thread that started the child ends. None where it cannot."""
    if _libc is None:
        return None
    parent = os.getpid()
    libc, number = _libc, int(how)

    def before_exec() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it died while we were being made
            os._exit(1)

    return before_exec


def started_at(pid: int) -> str:
    """When *pid* started, in words that no later process with the same id repeats; empty when there is none."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        with suppress(OSError):
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            return "" if fields[0] == "Z" else fields[19]
        return ""
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return " ".join(told.stdout.split())


class RunFolder:
    """One run's folder below the system's temporary one: logs, scratch space, and the list of its processes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls) -> RunFolder:
        path = Path(tempfile.mkdtemp(prefix=PREFIX))
        if os.geteuid() == 0:
            path.chmod(0o711)  # PostgreSQL runs as nobody and has to get through
        folder = cls(path)
        (path / "logs").mkdir()
        folder.note(os.getpid())
        return folder

    def log(self, name: str) -> Path:
        return self.path / "logs" / f"{name}.log"

    def note(self, pid: int) -> None:
        """The first process noted is the run's owner."""
        with (self.path / "processes").open("a", encoding="ascii") as listed:
            listed.write(f"{pid} {started_at(pid)}\n")

    def processes(self) -> list[tuple[int, str]]:
        with suppress(OSError):
            lines = (self.path / "processes").read_text(encoding="ascii").splitlines()
            return [(int(pid), started) for pid, _, started in (line.partition(" ") for line in lines) if started]
        return []

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def clean_up_after_dead_runs() -> list[int]:
    """Ends what runs of ours left behind whose owner is gone, removes their folders; returns the ids it ended."""
    ended = []
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if path.stat().st_uid != os.geteuid():
                continue
            folder = RunFolder(path)
            listed = folder.processes()
            if not listed or _is(*listed[0]):
                continue
            ended += [pid for pid, started in listed[1:] if _end(pid, started)]
            folder.remove()
    return ended


def _is(pid: int, started: str) -> bool:
    return started_at(pid) == started


def _end(pid: int, started: str, how: signal.Signals = signal.SIGKILL) -> bool:
    if not started or not _is(pid, started):
        return False
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, how)
        return True
    return False


class Child:
    """A running process with its log. `ended` completes when it does."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path, stop_signal: signal.Signals) -> None:
        self.name = name
        self.log = log
        self.pid = process.pid
        self._started = started_at(process.pid)
        self._stop_signal = stop_signal
        self.ended: asyncio.Task[int] = asyncio.create_task(process.wait(), name=f"waiting for {name}")

    async def stop(self) -> None:
        """The stop signal, and after STOP_PATIENCE_S the one that cannot be ignored."""
        for how in (self._stop_signal, signal.SIGKILL):
            if self.ended.done():
                return
            self._signal(how)
            await asyncio.wait({self.ended}, timeout=STOP_PATIENCE_S)

    def kill(self) -> None:
        if not self.ended.done():
            self._signal(signal.SIGKILL)

    def _signal(self, how: signal.Signals) -> None:
        """Not through `subprocess`: that would collect the exit code from under asyncio's nose (before Python 3.12)."""
        _end(self.pid, self._started, how)


async def start_child(
    name: str,
    command: Sequence[str],
    *,
    run: RunFolder,
    environment: Mapping[str, str],
    folder: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """Starts *command* with exactly *environment*; what it prints goes to the run's log *name*. Call it from the main
    thread: the kernel ties the child to the thread that made it."""
    log = run.log(name)
    with log.open("ab") as printed:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
            start_new_session=True,  # Ctrl-C in the terminal is for us; we stop the others in order
            preexec_fn=die_with_parent(),
        )
    run.note(process.pid)
    return Child(name, process, log, stop_signal)


def tail(log: Path, lines: int = 20) -> str:
    """The last *lines* of a log; empty when there is none."""
    with suppress(OSError):
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    return ""


@asynccontextmanager
async def in_thread(manager: AbstractContextManager[T]) -> AsyncIterator[T]:
    """A blocking context manager, entered and left in a thread. What was entered is left, also when we are cancelled
    while it is being entered."""
    entering = asyncio.ensure_future(asyncio.to_thread(manager.__enter__))
    try:
        entered = await asyncio.shield(entering)
    except asyncio.CancelledError:
        await asyncio.wait({entering})
        if entering.exception() is None:
            await asyncio.to_thread(manager.__exit__, None, None, None)
        raise
    try:
        yield entered
    finally:
        await asyncio.to_thread(manager.__exit__, None, None, None)
