"""From cold to an answer: taken inside a fresh interpreter, from before the first import of the handler to the moment
named. The start of the interpreter and of Lambda's runtime client are the platform's."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from nacl.signing import SigningKey

from local.postgres import postgres
from scripts.bench.figure import Figure

ROOT = Path(__file__).parent.parent.parent

# What a container does from cold to an answered PING, whose signature is real.
_PING = """
import awslambdaric.bootstrap, json, os, time
event = json.loads(os.environ.pop("PING"))
began = time.perf_counter()
import app
answer = app.handler(event, None)
took = time.perf_counter() - began
assert answer["statusCode"] == 200, answer
print("took", took * 1000)
"""

# From cold to the first row of the database with /leaderboard and its words at hand, on a real connection.
_QUERY = """
import awslambdaric.bootstrap, time
began = time.perf_counter()
import app
from etstats import wiring
wiring.answerer("")
from etstats.commands.finding import find
from etstats.words import words_for
assert words_for("en-GB")(find("leaderboard").described)
db = wiring.database("", statement_timeout_ms=wiring.INTERACTIVE_TIMEOUT_MS)
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


def startup() -> Iterator[Figure]:
    value, n = _median(lambda: _startup_ms(_PING, _signed_ping()), n=15)
    yield Figure(name="interactions.startup_ping_ms", value=value, unit="ms", n=n, budget=40)
    with postgres() as url:
        value, n = _median(lambda: _startup_ms(_QUERY, {"DATABASE_URL": url}), n=15)
    yield Figure(name="interactions.startup_query_ms", value=value, unit="ms", n=n, budget=180)


def demo_run() -> Iterator[Figure]:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "local.demo"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    yield Figure(name="demo_run.total_s", value=time.perf_counter() - began, unit="s", n=1, budget=20)
