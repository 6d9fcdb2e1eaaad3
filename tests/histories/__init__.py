"""Random histories of deliveries, each of which must leave the rows that a clean run in order leaves.

    difference = trial(Stage(database_url), make_history(make_scenario(1), 0))

A scenario is what ends up in the bucket; a history is how it got there and what went wrong on the way: files that came
late, twice or in several versions, workers side by side, lines that dropped at any statement.
"""

from __future__ import annotations

from tests.histories.history import History, make_history
from tests.histories.planted import FAULTS, noticed
from tests.histories.play import Stage
from tests.histories.scenario import Scenario, make_scenario
from tests.histories.trial import Difference, shrink, trial

__all__ = [
    "FAULTS",
    "Difference",
    "History",
    "Scenario",
    "Stage",
    "make_history",
    "make_scenario",
    "noticed",
    "shrink",
    "trial",
]
