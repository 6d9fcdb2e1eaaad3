"""Plays thousands of random histories of deliveries, each against the clean run of the same files.

    .venv/bin/python -m scripts.histories --n 2000 --seed 1
    .venv/bin/python -m scripts.histories --only 1000007:3      # the history that a difference named
    .venv/bin/python -m scripts.histories --planted             # would they notice? With one fault after the other

Ends with 1 at the first difference, having shown it as small as it could be made; of planted faults, when one was not
noticed.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from etstats.config import database_from_url
from etstats.storage.database import Database, connect
from etstats.storage.migrate import migrate
from local.postgres import postgres
from tests.histories import FAULTS, Stage, make_history, make_scenario, noticed, shrink, trial

PER_SCENARIO = 5
_SEEDS_APART = 1_000_000
_PROGRESS_S = 10.0

Plan = tuple[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one scenario's histories came to; *difference* tells of the first that did not hold."""

    histories: int
    happened: Counter[str]
    difference: tuple[str, ...] = ()


def main() -> int:
    asked = _arguments()
    if asked.planted:
        return _planted(asked.seed, asked.n)
    plans = [_only(asked.only)] if asked.only else list(_plans(asked.n, asked.seed))
    with postgres() as url:
        urls = _databases(url, asked.processes)
        begun = time.monotonic()
        total = _run(plans, urls, sum(len(seeds) for _, seeds in plans))
        took_s = time.monotonic() - begun
    _tell(total, took_s)
    return 1 if total.difference else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="histories", description=__doc__.partition("\n")[0])
    parser.add_argument("--n", type=int, default=2000, help="how many histories")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--planted", action="store_true", help="faults on purpose, up to n histories for each")
    parser.add_argument("--only", metavar="SCENARIO:HISTORY", help="only this one")
    return parser.parse_args()


def _plans(count: int, seed: int) -> Iterator[Plan]:
    """A scenario's number with the numbers of its histories."""
    for first in range(0, count, PER_SCENARIO):
        yield seed * _SEEDS_APART + first // PER_SCENARIO, tuple(range(min(PER_SCENARIO, count - first)))


def _only(text: str) -> Plan:
    scenario, _, history = text.partition(":")
    return int(scenario), (int(history),)


def _databases(url: str, count: int) -> list[str]:
    """A migrated database for each process."""
    db = Database(partial(connect, database_from_url(url), statement_timeout_ms=60_000))
    migrate(db)
    db.close()
    admin = connect(database_from_url(url.replace("/etstats?", "/postgres?")), statement_timeout_ms=60_000)
    for number in range(count):
        admin.run(f"create database histories_{number} template etstats")
    admin.close()
    return [url.replace("/etstats?", f"/histories_{number}?") for number in range(count)]


def _planted(seed: int, most: int) -> int:
    """Each fault alone, until a history notices it."""
    _quieten()
    first = seed * _SEEDS_APART
    missed = 0
    with postgres() as url:
        [database] = _databases(url, 1)
        db = Database(partial(connect, database_from_url(database), statement_timeout_ms=60_000))
        for name, plant in FAULTS.items():
            stage = Stage(database)
            with plant(db):
                count = noticed(stage, range(first, first + most // PER_SCENARIO))
            stage.close()
            missed += count is None
            told = f"noticed by history {count} of seed {seed}" if count else f"NOT noticed by {most} histories"
            print(f"{name}: {told}", flush=True)
        db.close()
    return 1 if missed else 0


def _run(plans: list[Plan], urls: list[str], count: int) -> Outcome:
    told_at = time.monotonic()
    total = Outcome(histories=0, happened=Counter())
    context = multiprocessing.get_context("spawn")
    numbers = context.SimpleQueue()
    for url in urls:
        numbers.put(url)
    with context.Pool(len(urls), initializer=_prepare, initargs=(numbers,)) as pool:
        for outcome in pool.imap_unordered(_play, plans):
            total = Outcome(
                histories=total.histories + outcome.histories,
                happened=total.happened + outcome.happened,
                difference=outcome.difference,
            )
            if outcome.difference:
                break
            if time.monotonic() - told_at > _PROGRESS_S:
                told_at = time.monotonic()
                print(f"{total.histories} of {count} histories, {total.happened['deliveries']} deliveries", flush=True)
    return total


_stage: list[Stage] = []


def _prepare(urls: multiprocessing.SimpleQueue[str]) -> None:
    _quieten()
    _stage.append(Stage(urls.get()))


def _quieten() -> None:
    logging.disable(logging.CRITICAL)
    os.environ["POWERTOOLS_METRICS_DISABLED"] = "true"


def _play(plan: Plan) -> Outcome:
    [stage] = _stage
    scenario, seeds = plan
    stage.happened.clear()
    for done, seed in enumerate(seeds, start=1):
        difference = trial(stage, make_history(make_scenario(scenario), seed))
        if difference is not None:
            smaller = shrink(stage, difference)
            return Outcome(histories=done, happened=stage.happened.copy(), difference=tuple(smaller.lines()))
    return Outcome(histories=len(seeds), happened=stage.happened.copy())


def _tell(total: Outcome, took_s: float) -> None:
    for line in total.difference:
        print(line)
    for what, count in total.happened.most_common():
        print(f"{count:8} {what}")
    verdict = "a DIFFERENCE in the last one" if total.difference else "no difference"
    print(f"{total.histories} histories in {took_s:.0f} s, {took_s / total.histories * 1000:.0f} ms each: {verdict}")


if __name__ == "__main__":
    sys.exit(main())
