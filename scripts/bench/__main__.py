"""`make bench`: measures what we promise, prints a table, writes build/bench.json.

    make bench                              everything, about five minutes
    make bench ONLY="parsing storing"       some of it

Each figure is the median of *n* runs on this machine, now; what else runs on it shows in them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console

from scripts.bench.answering import answering
from scripts.bench.backlog import backlog
from scripts.bench.commands import asked_over_http
from scripts.bench.demo import demo
from scripts.bench.drawing import drawing
from scripts.bench.figure import Figure, table
from scripts.bench.filming import filming
from scripts.bench.greatshot import greatshot
from scripts.bench.parsing import parsing
from scripts.bench.rebuilding import rebuilding
from scripts.bench.startup import demo_run, startup
from scripts.bench.storing import storing

ROOT = Path(__file__).parent.parent.parent
RESULTS = ROOT / "build" / "bench.json"
_COLUMNS = 112


def main() -> None:
    console = Console()
    console.width = max(console.width, _COLUMNS)  # a pipe has 80, which is too few for the table
    with console.status("") as status:

        def told(step: str) -> None:
            status.update(f"measuring {step} …")

        groups: dict[str, Callable[[], Iterator[Figure]]] = {
            "startup": startup,
            "demo": demo_run,
            "parsing": parsing,
            "demos": demo,
            "storing": storing,
            "backlog": backlog,
            "rebuilding": rebuilding,
            "answering": lambda: answering(told),
            "commands": lambda: asked_over_http(told),
            "drawing": drawing,
            "filming": filming,
            "greatshot": greatshot,
        }
        figures = []
        for name in _wanted(list(groups)):
            told(name)
            figures += list(groups[name]())
    _write(figures)
    console.print(table(figures))
    console.print(f"written to {RESULTS.relative_to(ROOT)}")


def _wanted(groups: list[str]) -> list[str]:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("only", nargs="*", metavar="|".join(groups), help="everything when left out")
    only = parser.parse_args().only
    if unknown := set(only) - set(groups):
        parser.error(f"there is nothing called {', '.join(sorted(unknown))}; there are {', '.join(groups)}")
    return only or groups


def _write(figures: list[Figure]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    written = {
        one.name: {
            "value": round(one.value, 3),
            "unit": one.unit,
            "n": one.n,
            **({} if one.budget is None else {"budget": one.budget, "kept": one.kept}),
        }
        for one in figures
    }
    RESULTS.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
