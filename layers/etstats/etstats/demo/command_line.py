"""`… demo info|events|positions|check|cut|pov FILE`: what is in a demo, and parts of it as demos of their own."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, cast

from etstats.demo.cut import EVER_MS, CutDemo, cut, point_of_view
from etstats.demo.demo import Demo
from etstats.demo.document import about_document, event_document, position_document
from etstats.demo.positions import read_positions
from etstats.errors import BadDemo

_LONG_BYTES = 20_000_000


def add_to(commands: Any) -> None:
    """Adds `demo` to *commands*, which `ArgumentParser.add_subparsers` made. What was chosen runs as `chosen.run`."""
    demo = commands.add_parser("demo", help="read demos, .dm_84 and .tv_84")
    actions = demo.add_subparsers(required=True, metavar="ACTION")
    for name, run, says in (
        ("info", _info, "what the demo is about"),
        ("events", _events, "what happens in it, an event a line"),
        ("check", _check, "what is sound and what is torn"),
    ):
        action = _action(actions, name, run, says)
        action.add_argument("--json", action="store_true", help="as JSON")
    sampling = _action(actions, "positions", _positions, "where players are, one a line")
    sampling.add_argument("--json", action="store_true", help="as JSON")
    sampling.add_argument("--every", dest="every_ms", type=int, default=1000, metavar="MS", help="default 1000")
    cutting = _action(actions, "cut", _cut, "a part of it as a demo of its own")
    pov = _action(actions, "pov", _pov, "one player's point of view out of a TV's demo")
    pov.add_argument("--client", type=int, required=True, metavar="N", help="the player's client number")
    for action in (cutting, pov):
        needed = action is cutting
        action.add_argument("--from", dest="from_ms", type=int, required=needed, default=-EVER_MS, metavar="MS")
        action.add_argument("--to", dest="to_ms", type=int, required=needed, default=EVER_MS, metavar="MS")
        action.add_argument("--out", type=Path, required=True, metavar="F", help="the file to write")


def _action(actions: Any, name: str, run: Callable[[argparse.Namespace], None], says: str) -> argparse.ArgumentParser:
    action: argparse.ArgumentParser = actions.add_parser(name, help=says)
    action.add_argument("file", type=Path, metavar="FILE")
    action.set_defaults(run=run)
    return action


def _info(chosen: argparse.Namespace) -> None:
    with _opened(chosen.file) as demo:
        for _ in demo.events():
            pass
        document = about_document(demo.about())
    if chosen.json:
        print(json.dumps(document))
        return
    players = document.pop("players")
    for name, value in document.items():
        print(_plain(f"{name.replace('_', ' ')}: {'unknown' if value is None else value}"))
    for player in players:
        print(_plain(f"player {player['client']}: {player['name']} ({player['team']})"))


def _events(chosen: argparse.Namespace) -> None:
    with _opened(chosen.file) as demo:
        _print_lines((event_document(event) for event in demo.events()), chosen.json)


def _positions(chosen: argparse.Namespace) -> None:
    with _file(chosen.file) as file:
        positions = read_positions(file, every_ms=chosen.every_ms)
        _print_lines((position_document(position) for position in positions), chosen.json)


def _print_lines(documents: Iterator[dict[str, Any]], as_json: bool) -> None:
    try:
        for document in documents:
            print(json.dumps(document) if as_json else _line(document))
        sys.stdout.flush()
    except BrokenPipeError:  # who reads it has seen enough; what is still buffered goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _check(chosen: argparse.Namespace) -> None:
    with _file(chosen.file) as file:
        demo = Demo(file)
        for _ in demo.events():
            pass
    reader, fault = demo.reader, demo.reader.fault
    document = {
        "messages": reader.messages,
        "snapshots": reader.snapshots,
        "invalid_snapshots": reader.invalid_snapshots,
        "gamestates": reader.gamestates,
        "truncated": reader.truncated,
        "fault": None if fault is None else {"code": fault.code, "offset": fault.offset, "message": str(fault)},
        "completeness": demo.completeness(),
    }
    if chosen.json:
        print(json.dumps(document))
        return
    print(f"{reader.messages} messages, {reader.snapshots} snapshots in {reader.gamestates} gamestates are sound")
    if reader.invalid_snapshots:
        print(f"{reader.invalid_snapshots} snapshots build on one that is not in the file")
    if fault is not None:
        print(f"damaged {fault}")
    elif reader.truncated:
        print("torn: its end is missing")
    for how, kinds in groupby(sorted(demo.completeness().items(), key=itemgetter(1)), key=itemgetter(1)):
        print(f"{how}: {', '.join(kind for kind, _ in kinds)}")


def _cut(chosen: argparse.Namespace) -> None:
    with _file(chosen.file) as file, _written(chosen.out) as out:
        done = cut(file, out, from_ms=chosen.from_ms, to_ms=chosen.to_ms)
    _say_written(chosen.out, done)


def _pov(chosen: argparse.Namespace) -> None:
    with _file(chosen.file) as file, _written(chosen.out) as out:
        done = point_of_view(file, out, client=chosen.client, from_ms=chosen.from_ms, to_ms=chosen.to_ms)
    _say_written(chosen.out, done)


def _say_written(path: Path, done: CutDemo) -> None:
    print(f"{path}: {done.snapshots} snapshots, {done.first_server_time_ms} to {done.last_server_time_ms} ms")


def _line(document: dict[str, Any]) -> str:
    at_ms, kind = document.pop("at_ms"), document.pop("kind", "position")
    said = " ".join(f"{name}={value}" for name, value in document.items() if value is not None)
    return _plain(f"{at_ms} {kind} {said}")


def _plain(text: str) -> str:
    """A terminal obeys control characters, and anybody may put them into his name."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _file(path: Path) -> BinaryIO:
    try:
        file = path.open("rb")
        size = path.stat().st_size
    except OSError as fault:
        raise BadDemo("unreadable", f"{path} cannot be read: {fault.strerror}") from None
    if size < _LONG_BYTES or not sys.stderr.isatty():
        return file
    return cast("BinaryIO", _Watched(file, size))


class _Watched:
    """A long file that tells on stderr how much of it was read."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size
        self._told = -1

    def read(self, count: int) -> bytes:
        content = self._file.read(count)
        done = 100 * self._file.tell() // self._size
        if done != self._told:
            print(f"\r{done} %", end="", file=sys.stderr, flush=True)
            self._told = done
        return content

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *_: object) -> None:
        print("\r     \r", end="", file=sys.stderr, flush=True)
        self._file.close()


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """A file beside *path* that takes its name when all went well, so that half a demo is never left."""
    half = path.with_name(path.name + ".part")
    try:
        with half.open("wb") as out:
            yield out
        half.replace(path)
    except OSError as fault:
        raise BadDemo("unwritable", f"{path} cannot be written: {fault.strerror}") from None
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[Demo]:
    """The demo; when it is done, a word on stderr if it was damaged."""
    with _file(path) as file:
        demo = Demo(file)
        yield demo
    if demo.reader.fault is not None:
        print(f"{path}: read up to the damage {demo.reader.fault}", file=sys.stderr)
