"""`… demo info|events FILE`: what a demo is about and what happens in it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from etstats.demo.demo import Demo
from etstats.demo.document import about_document, event_document
from etstats.errors import BadDemo


def add_to(commands: Any) -> None:
    """Adds `demo` to *commands*, which `ArgumentParser.add_subparsers` made. What was chosen runs as `chosen.run`."""
    demo = commands.add_parser("demo", help="read demos, .dm_84 and .tv_84")
    actions = demo.add_subparsers(required=True, metavar="ACTION")
    for name, run, says in (
        ("info", _info, "what the demo is about"),
        ("events", _events, "what happens in it, an event a line"),
    ):
        action = actions.add_parser(name, help=says)
        action.add_argument("file", type=Path, metavar="FILE")
        action.add_argument("--json", action="store_true", help="as JSON")
        action.set_defaults(run=run)


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
        try:
            for event in demo.events():
                document = event_document(event)
                print(json.dumps(document) if chosen.json else _line(document))
            sys.stdout.flush()
        except BrokenPipeError:  # who reads it has seen enough; what is still buffered goes nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _line(document: dict[str, Any]) -> str:
    at_ms, kind = document.pop("at_ms"), document.pop("kind")
    said = " ".join(f"{name}={value}" for name, value in document.items() if value is not None)
    return _plain(f"{at_ms} {kind} {said}")


def _plain(text: str) -> str:
    """A terminal obeys control characters, and anybody may put them into his name."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


@contextmanager
def _opened(path: Path) -> Iterator[Demo]:
    """The demo; when it is done, a word on stderr if it was damaged."""
    try:
        file = path.open("rb")
    except OSError as fault:
        raise BadDemo("unreadable", f"{path} cannot be read: {fault.strerror}") from None
    with file:
        demo = Demo(file)
        yield demo
    if demo.reader.fault is not None:
        print(f"{path}: read up to the damage {demo.reader.fault}", file=sys.stderr)
