"""Whatever way the files came, the rows are the same: a short form of `scripts/histories.py`."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.histories import Stage, make_history, make_scenario, shrink, trial

PER_SCENARIO = 6


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    logging.disable(logging.CRITICAL)  # thousands of lines of which nobody wants to read one
    stage = Stage(database_url)
    yield stage
    stage.close()
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("scenario", range(4))
def test_any_history_leaves_the_rows_of_a_clean_run(stage: Stage, scenario: int) -> None:
    files = make_scenario(scenario)
    for seed in range(PER_SCENARIO):
        difference = trial(stage, make_history(files, seed))
        if difference is not None:
            pytest.fail("\n".join(shrink(stage, difference).lines()))
