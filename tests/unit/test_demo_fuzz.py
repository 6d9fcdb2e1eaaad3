"""Demos that nobody recorded: a few each time, and whatever the fuzzer ever found."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from scripts.fuzz_demo import mutated, seeds, within_bounds, wrapped

_FOUND = sorted((Path(__file__).parents[1] / "golden" / "fuzz_demo").glob("*"))


@pytest.mark.parametrize("path", _FOUND, ids=lambda path: path.name)
def test_what_was_found_once(path: Path) -> None:
    within_bounds(path.read_bytes())
    within_bounds(wrapped(path.read_bytes()))


@pytest.mark.parametrize("seed", range(20))
def test_changed_demos_are_read_cut_and_seen_through_or_refused(seed: int) -> None:
    dice = Random(seed)
    within_bounds(mutated(dice, seeds(real=False)))
    within_bounds(wrapped(bytes([1 + seed % 3]) + dice.randbytes(300)))
