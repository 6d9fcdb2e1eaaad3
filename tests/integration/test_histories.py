"""Whatever way the files came, the rows are the same: a short form of `scripts/histories.py`."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from etstats.storage.database import Database
from tests.histories import FAULTS, Stage, make_history, make_scenario, noticed, shrink, trial

SCENARIOS = range(4)
PER_SCENARIO = 6
# the others take more histories, or luck; `scripts/histories.py --planted` has them all
SOON_NOTICED = (
    "a version may be stored twice",
    "a late file does not see what came after it",
    "sums are added to, though a round left them",
    "records are kept, though a round left them",
)


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    logging.disable(logging.CRITICAL)  # thousands of lines of which nobody wants to read one
    stage = Stage(database_url)
    yield stage
    stage.close()
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_any_history_leaves_the_rows_of_a_clean_run(stage: Stage, scenario: int) -> None:
    files = make_scenario(scenario)
    for seed in range(PER_SCENARIO):
        difference = trial(stage, make_history(files, seed))
        if difference is not None:
            pytest.fail("\n".join(shrink(stage, difference).lines()))


@pytest.mark.parametrize("fault", SOON_NOTICED)
def test_a_planted_fault_is_noticed(stage: Stage, db: Database, fault: str) -> None:
    with FAULTS[fault](db):
        assert noticed(stage, SCENARIOS)
