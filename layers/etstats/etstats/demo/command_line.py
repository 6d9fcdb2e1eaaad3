"""`… demo info|events FILE`: what a demo is about and what happens in it."""

from __future__ import annotations

import argparse
import json
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
        print(json.dumps(document, ensure_ascii=False))
        return
    players = document.pop("players")
    for name, value in document.items():
        print(f"{name.replace('_', ' ')}: {'unknown' if value is None else value}")
    for player in players:
        print(f"player {player['client']}: {player['name']} ({player['team']})")


def _events(chosen: argparse.Namespace) -> None:
    with _opened(chosen.file) as demo:
        for event in demo.events():
            document = event_document(event)
            print(json.dumps(document, ensure_ascii=False) if chosen.json else _line(document))


def _line(document: dict[str, Any]) -> str:
    at_ms, kind = document.pop("at_ms"), document.pop("kind")
    return f"{at_ms} {kind} " + " ".join(f"{name}={value}" for name, value in document.items() if value is not None)


@contextmanager
def _opened(path: Path) -> Iterator[Demo]:
    """The demo; when it is done, a word on stderr if it was damaged."""
    try:
        with path.open("rb") as file:
            demo = Demo(file)
            yield demo
    except OSError as fault:
        raise BadDemo("unreadable", f"{path} cannot be read: {fault.strerror}") from None
    if demo.reader.fault is not None:
        print(f"{path}: read up to the damage {demo.reader.fault}", file=sys.stderr)
