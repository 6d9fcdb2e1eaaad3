"""Reads hundreds of thousands of files that no game server would write, and stores some of them.

    .venv/bin/python -m scripts.fuzz --n 500000 --seed 1 --store 2000
    .venv/bin/python -m scripts.fuzz --only 1000042             # one of them, with what it was made of

Ends with 1 when any ended in something else than values or our own errors, or took too long.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from etstats.domain.identity import file_id
from etstats.domain.session import StoredFile, sessions
from etstats.domain.stats_file import StatsFile
from etstats.errors import BadInput
from etstats.storage.database import Database
from etstats.storage.migrate import migrate
from etstats.storage.rebuild import DERIVED
from etstats.usecases.store_round import store
from local.postgres import postgres
from tests.conftest import open_database
from tests.fuzzed import Fuzzed, fuzzed, hard_cases, read, sound_files

MOST_S = 0.05
_SEEDS_APART = 10_000_000
_CHUNK = 500
_EVENING = 6
_PER_DATABASE = 100
_SHOWN = 20

Told = tuple[Counter[str], list[str]]


def main() -> int:
    asked = _arguments()
    logging.disable(logging.CRITICAL)
    if asked.only is not None:
        return _show(asked.only)
    begun = time.monotonic()
    ends, faults = _read_all(asked.n, asked.seed, asked.processes)
    print(f"{asked.n} files read in {time.monotonic() - begun:.0f} s", flush=True)
    if asked.store:
        begun = time.monotonic()
        stored, more = _store_all(asked.store, asked.seed)
        ends, faults = ends + stored, faults + more
        print(f"{asked.store} files and the hard cases stored in {time.monotonic() - begun:.0f} s")
    for end, count in ends.most_common():
        print(f"{count:9} {end}")
    print("\n".join(faults[:_SHOWN]))
    print(f"{len(faults)} faults")
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--n", type=int, default=500_000, help="how many files to read")
    parser.add_argument("--store", type=int, default=0, help="how many to store, besides the hard cases")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="only this one")
    return parser.parse_args()


def _show(number: int) -> int:
    one = fuzzed(Random(number))
    print(f"{one.name}: {one.how}\n{one.content[:2000]!r}")
    print(read(one.name, one.content))
    return 0


def _read_all(count: int, seed: int, processes: int) -> Told:
    first = seed * _SEEDS_APART
    chunks = [range(first + at, first + min(at + _CHUNK, count)) for at in range(0, count, _CHUNK)]
    ends: Counter[str] = Counter()
    faults: list[str] = []
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for done, (some, more) in enumerate(pool.imap_unordered(_read_some, chunks), start=1):
            ends += some
            faults += more
            if done % 100 == 0:
                print(f"{done * _CHUNK} of {count} files, {len(faults)} faults", flush=True)
    return ends, faults


def _read_some(numbers: range) -> Told:
    """Each alone, and then an evening of every few among sound ones."""
    ends: Counter[str] = Counter()
    faults: list[str] = []
    evening: dict[str, StatsFile] = {}
    for number in numbers:
        one = fuzzed(Random(number))
        end, value = _timed(one)
        ends[end] += 1
        if end.startswith("FAULT"):
            faults.append(f"{number} ({one.how}, {len(one.content)} bytes): {end}")
        if isinstance(value, StatsFile):
            evening[one.name] = value
        if len(evening) >= _EVENING:
            faults += _computed(number, evening)
            evening.clear()
    return ends, faults


def _timed(one: Fuzzed) -> tuple[str, object]:
    """What became of it. One that seems slow is read again: the machine may have been busy."""
    try:
        for _ in range(4):
            begun = time.process_time()
            value = read(one.name, one.content)
            took_s = time.process_time() - begun
            if took_s <= MOST_S:
                return ("refused" if value is None else type(value).__name__), value
    except Exception as fault:
        return _fault(fault), None
    return f"FAULT: {took_s:.3f} s", None


def _computed(number: int, evening: dict[str, StatsFile]) -> list[str]:
    name, content = sound_files()[number % len(sound_files())]
    value = read(name, content)
    among = evening | ({name: value} if isinstance(value, StatsFile) else {})
    try:
        sessions(
            StoredFile(file_id=file_id("eu1", name), file=file, server="eu1") for name, file in sorted(among.items())
        )
    except Exception as fault:
        return [f"the evening up to {number}: {_fault(fault)}"]
    return []


def _fault(fault: Exception) -> str:
    where = traceback.extract_tb(fault.__traceback__)[-1]
    said = fault.args[0] if fault.args else ""
    words = said.get("M") if isinstance(said, dict) else said
    return f"FAULT {type(fault).__name__} in {where.name}: {str(words)[:200]}"


def _store_all(count: int, seed: int) -> Told:
    ends: Counter[str] = Counter()
    faults: list[str] = []
    with postgres() as url:
        db = open_database(url)
        migrate(db)
        for number, one in enumerate(_to_store(count, seed)):
            if number % _PER_DATABASE == 0:
                db.run(f"truncate stats_file, {', '.join(DERIVED)} cascade")
            end = _stored(db, one)
            ends[end] += 1
            if end.startswith("FAULT"):
                faults.append(f"stored {number} ({one.how}): {end}")
        db.close()
    return ends, faults


def _to_store(count: int, seed: int) -> Iterator[Fuzzed]:
    yield from hard_cases()
    for number in range(count):
        yield fuzzed(Random((seed + 1) * _SEEDS_APART - 1 - number))


def _stored(db: Database, one: Fuzzed) -> str:
    now = datetime(2026, 3, 6, 22, tzinfo=UTC)
    try:
        stored = store(db, server="eu1", name=one.name, content=one.content, channel_id="77", now=now)
    except BadInput as fault:
        return f"BadInput: {fault}"
    except Exception as fault:
        return _fault(fault)
    return stored.fate.value


if __name__ == "__main__":
    sys.exit(main())
