"""Any bytes under any name become values or are refused with our own error, in bounded time."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from etstats.domain.identity import file_id
from etstats.domain.session import StoredFile, sessions
from etstats.domain.stats_file import StatsFile
from tests.fuzzed import Fuzzed, fuzzed, hard_cases, read
from tests.game_files import a_name

GOLDEN = sorted((Path(__file__).parent.parent / "golden" / "fuzz").iterdir())
MOST_S = 0.05


def took_s(name: str, content: bytes) -> float:
    """At best: the machine may be busy with something else."""
    times = []
    for _ in range(4):
        begun = time.process_time()
        read(name, content)
        times.append(time.process_time() - begun)
    return min(times)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_what_once_hurt_does_not_any_more(path: Path) -> None:
    assert took_s(a_name(), path.read_bytes()) < MOST_S


@pytest.mark.parametrize("one", list(hard_cases()), ids=lambda one: one.how)
def test_what_was_made_to_hurt_does_not(one: Fuzzed) -> None:
    assert took_s(one.name, one.content) < MOST_S


def test_mutated_files_are_read_or_refused_alone_and_as_evenings() -> None:
    evening: dict[str, StatsFile] = {}
    for number in range(400):
        one = fuzzed(Random(number))
        value = read(one.name, one.content)
        if isinstance(value, StatsFile):
            evening[one.name] = value
    files = [StoredFile(file_id=file_id("eu1", name), file=file, server="eu1") for name, file in evening.items()]
    assert sum(len(session.rounds) for session in sessions(files)) == len(files)


def test_mutations_are_the_same_every_time_and_not_all_harmless() -> None:
    assert fuzzed(Random(7)) == fuzzed(Random(7))
    ends = {type(read(one.name, one.content)).__name__ for one in map(fuzzed, map(Random, range(200)))}
    assert {"StatsFile", "NoneType"} <= ends
