"""Renders highlights with the game itself, for whoever has it installed. docs/renders.md says how and what it talks.

    python -m scripts.render_worker --url https://…/render --ticket 1.… -- ./render {clip} {film}

The program behind `--` plays the demo {clip} and writes the film {film}. What it prints is looked at for a percentage;
a status other than 0 is a failure, whose reason is its last line.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPResponse
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, BinaryIO
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from etstats.demo.cut import cut, point_of_view
from etstats.errors import BadDemo

_PATIENCE_S = 30
_IDLE_S = 15.0
_PERCENT = re.compile(r"(\d{1,3})(?:\.\d+)?\s*%")
_MB = 1 << 20


class Refused(Exception):
    """The server says no, and will again."""


class Failed(Exception):
    """This job came to nothing; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    url: str
    ticket: str

    def ask(self, what: str, **told: object) -> dict[str, Any]:
        """Raises Refused, and OSError for what may work later."""
        body = json.dumps({"ticket": self.ticket, "ask": what, **told}).encode()
        try:
            with _call(self.url, body, Content_Type="application/json") as answer:
                return dict(json.loads(answer.read()))
        except HTTPError as fault:
            if fault.code >= 500:
                raise
            raise Refused(fault.read(1_000).decode(errors="replace")) from fault


def _call(
    url: str, body: bytes | BinaryIO | None = None, *, timeout_s: int = _PATIENCE_S, **headers: str
) -> HTTPResponse:
    """POST for JSON, PUT for a file, else GET. Raises OSError, also for what is not in the web."""
    if not url.startswith(("https://", "http://")):
        raise URLError(f"{url} is not in the web")
    method = "GET" if body is None else "POST" if isinstance(body, bytes) else "PUT"
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(url, body, told, method=method)  # noqa: S310  # looked at above
    answer: HTTPResponse = urlopen(request, timeout=timeout_s)  # noqa: S310
    return answer


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="render_worker", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url", required=True, help="where the jobs are")
    parser.add_argument("--ticket", required=True, help="of /demo renderer")
    parser.add_argument("--name", default=platform.node() or "somebody", help="what you are called there")
    parser.add_argument("--ending", default="mp4", choices=("mp4", "webm", "mkv"), help="of the films you write")
    parser.add_argument("--once", action="store_true", help="one job at most")
    parser.add_argument("program", nargs="+", help="what renders, with {clip} and {film} among its arguments")
    given = parser.parse_args(arguments)
    server = Server(url=given.url, ticket=given.ticket)
    if not given.url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        parser.error("--url has to be an https address")
    while True:
        try:
            job = server.ask("job", worker=given.name)["job"]
            if job is not None:
                work(server, job, given.program, given.ending)
        except Refused as fault:
            print(f"The server refuses: {fault}", file=sys.stderr)
            return 1
        except OSError as fault:
            print(f"The server is away: {fault}", file=sys.stderr)
            job = None
        if given.once:
            return 0
        if job is None:
            time.sleep(_IDLE_S)


def work(server: Server, job: dict[str, Any], program: Sequence[str], ending: str) -> None:
    """Renders one job and delivers it, or says why not. Raises Refused and OSError."""
    print(f"job {job['id']}: {job['what']} by {job['name'] or 'a team'} on {job['map']}")
    try:
        with TemporaryDirectory() as folder:
            film = Path(folder) / f"film.{ending}"
            _render(server, job, _clip(job, Path(folder)), film, program)
            _deliver(server, job, film, ending)
    except Failed as fault:
        print(f"job {job['id']}: {fault}", file=sys.stderr)
        server.ask("failed", claim=job["claim"], reason=str(fault))


def _clip(job: dict[str, Any], folder: Path) -> Path:
    """The part of the demo that is wanted, through the eyes of whom it is about where the demo has all of them."""
    whole = folder / "whole"
    with _call(job["demo"]) as answer, whole.open("wb") as kept:
        while piece := answer.read(_MB):
            kept.write(piece)
    if job["kind"] == "tv_84" and job["client"] >= 0:
        with suppress(BadDemo):  # he is not seen all the time
            return _cut(whole, folder / "clip.dm_84", partial(point_of_view, client=job["client"]), job)
    try:
        return _cut(whole, folder / f"clip.{job['kind']}", cut, job)
    except BadDemo as fault:
        raise Failed(f"the clip could not be cut: {fault}") from fault


def _cut(whole: Path, clip: Path, how: Callable[..., object], job: dict[str, Any]) -> Path:
    """Raises BadDemo."""
    with whole.open("rb") as source, clip.open("wb") as out:
        how(source, out, from_ms=job["from_ms"], to_ms=job["to_ms"])
    return clip


def _render(server: Server, job: dict[str, Any], clip: Path, film: Path, program: Sequence[str]) -> None:
    """Runs the program, and says again and again how far it is. Raises Failed."""
    line = [part.replace("{clip}", str(clip)).replace("{film}", str(film)) for part in program]
    deadline, percent, beat_at = time.monotonic() + job["within_s"], 0, 0.0
    with _running(line) as (child, said):
        while (told := said.next(job["beat_s"])) is not None:
            found = _PERCENT.search(told)
            before, percent = percent, max(percent, int(found[1]) if found else 0)
            if percent == before and time.monotonic() < beat_at:
                continue
            beat_at = time.monotonic() + job["beat_s"]
            if beat_at > deadline or not server.ask("beat", claim=job["claim"], percent=percent)["go_on"]:
                raise Failed(f"it was not done within {job['within_s']} seconds")
        if child.wait() != 0:
            raise Failed(said.last[-200:] or f"the program ended with status {child.returncode}")


class _Lines:
    """What a program prints, a line at a time; *last*: the last that was not empty."""

    def __init__(self) -> None:
        self.last = ""
        self._lines: SimpleQueue[str | None] = SimpleQueue()

    def listen(self, child: subprocess.Popen[str]) -> None:
        for told in child.stdout or ():
            self.last = told.strip() or self.last
            self._lines.put(told)
        self._lines.put(None)

    def next(self, seconds: float) -> str | None:
        """'': nothing for so long; None: it is at its end."""
        try:
            return self._lines.get(timeout=seconds)
        except Empty:
            return ""


@contextmanager
def _running(line: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], _Lines]]:
    """The program with what it prints; None ends that. It does not outlive us."""
    said = _Lines()
    try:
        child = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    except OSError as fault:
        raise Failed(f"the program could not be started: {fault}") from fault
    listening = Thread(target=said.listen, args=(child,), daemon=True)
    listening.start()
    try:
        yield child, said
    finally:
        child.kill()
        child.wait()
        listening.join(_PATIENCE_S)


def _deliver(server: Server, job: dict[str, Any], film: Path, ending: str) -> None:
    if not film.exists() or not 0 < film.stat().st_size <= job["most_bytes"]:
        raise Failed(f"the program wrote no film of at most {job['most_bytes'] // _MB} MB")
    told = {"claim": job["claim"], "ending": ending}
    url = server.ask("place", size=film.stat().st_size, **told)["url"]
    with film.open("rb") as content:
        length = str(film.stat().st_size)
        _call(url, content, timeout_s=300, Content_Length=length, Content_Type="").close()
    server.ask("done", **told)
    print(f"job {job['id']}: done")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except URLError as fault:
        sys.exit(f"The server is away: {fault}")
