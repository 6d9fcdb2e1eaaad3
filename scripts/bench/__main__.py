"""`make bench`: measures what we promise, prints a table, writes build/bench.json.

Each figure is the median of *n* runs on this machine, now. A start-up figure is taken inside a fresh interpreter, from
before the first import of the handler to the moment named; the interpreter's own start is the platform's.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nacl.signing import SigningKey
from rich.console import Console
from rich.table import Table

from local.postgres import postgres

ROOT = Path(__file__).parent.parent.parent
RESULTS = ROOT / "build" / "bench.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """*budget*: what DESIGN or the README promises, in the same unit; None where nothing is promised."""

    name: str
    value: float
    unit: str
    n: int
    budget: float | None = None


# What a container does from cold to an answered PING, whose signature is real.
_PING = """
import json, os, time
event = json.loads(os.environ.pop("PING"))
began = time.perf_counter()
import app
answer = app.handler(event, None)
took = time.perf_counter() - began
assert answer["statusCode"] == 200, answer
print("took", took * 1000)
"""

# From cold to the first row of the database: what /leaderboard needs, on a real connection.
_QUERY = """
import time
began = time.perf_counter()
import app
from etstats import wiring
wiring.answerer()
db = wiring.database(statement_timeout_ms=wiring.INTERACTIVE_TIMEOUT_MS)
rows = db.values("select 1")
took = time.perf_counter() - began
assert rows == [1]
print("took", took * 1000)
"""


def _startup_ms(program: str, environ: dict[str, str]) -> float:
    """One cold start of the interactions function, as it is laid out on Lambda."""
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT / "functions" / "interactions",
        env={
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": "." + os.pathsep + str(ROOT / "layers" / "etstats"),
            **environ,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return float(ran.stdout.split()[-1])


def _signed_ping() -> dict[str, str]:
    """The function's environment, and a PING signed now with a key of the moment."""
    key = SigningKey.generate()
    stamp, body = str(int(time.time())), '{"type": 1, "id": "1", "application_id": "1"}'
    signature = key.sign((stamp + body).encode()).signature.hex()
    event = {"body": body, "headers": {"x-signature-timestamp": stamp, "x-signature-ed25519": signature}}
    return {"DISCORD_PUBLIC_KEY": bytes(key.verify_key).hex(), "PING": json.dumps(event)}


def _median(measure: Callable[[], float], *, n: int) -> tuple[float, int]:
    measure()  # writes .pyc files and warms the page cache, as a built layer is
    return statistics.median(measure() for _ in range(n)), n


def _startup() -> Iterator[Figure]:
    value, n = _median(lambda: _startup_ms(_PING, _signed_ping()), n=15)
    yield Figure(name="interactions.startup_ping_ms", value=value, unit="ms", n=n, budget=40)
    with postgres() as url:
        value, n = _median(lambda: _startup_ms(_QUERY, {"DATABASE_URL": url}), n=15)
    yield Figure(name="interactions.startup_query_ms", value=value, unit="ms", n=n, budget=180)


def _demo_run() -> Iterator[Figure]:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "local.demo"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    yield Figure(name="demo_run.total_s", value=time.perf_counter() - began, unit="s", n=1, budget=20)


def main() -> None:
    console = Console()
    figures: list[Figure] = []
    for group in (_startup, _demo_run):
        with console.status(f"measuring {group.__name__.strip('_').replace('_', ' ')} …"):
            figures.extend(group())
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps({f.name: {"value": round(f.value, 3), "unit": f.unit, "n": f.n} for f in figures}, indent=2) + "\n"
    )
    console.print(_table(figures))
    console.print(f"written to {RESULTS.relative_to(ROOT)}")


def _table(figures: list[Figure]) -> Table:
    table = Table("figure", "n", "unit", "budget", "of the budget")
    table.add_column("value", justify="right")
    for figure in figures:
        share = "" if figure.budget is None else f"{figure.value / figure.budget:.0%}"
        budget = "" if figure.budget is None else f"{figure.budget:g}"
        table.add_row(figure.name, str(figure.n), figure.unit, budget, share, f"{figure.value:.1f}")
    return table


if __name__ == "__main__":
    main()
