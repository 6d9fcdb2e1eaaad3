"""Simulated ET:Legacy stopwatch sessions: the stats files a game server would have written, and what really happened.

    from local.simulator import simulate_session

    session = simulate_session(seed=7)
    session.files        # names and bytes, in time order
    session.truth        # winners, scores, every player's figures per round

Events are simulated, not numbers: people spawn in waves, meet, shoot, fall, are revived and plant dynamite, and the
counters follow. What must add up therefore adds up.
"""

from __future__ import annotations

from local.simulator.film import Scene, best_client, film
from local.simulator.plan import USUAL_FEATURES, Feature
from local.simulator.planted import Planted
from local.simulator.roster import Person, PlayerName, make_people
from local.simulator.session import (
    Recording,
    SimulatedFile,
    SimulatedSession,
    simulate_evenings,
    simulate_session,
    write_demos,
)
from local.simulator.truth import MapTruth, Outcome, PlayerRound, Role, RoundTruth, SessionTruth, WeaponCount

__all__ = [
    "USUAL_FEATURES", "Feature", "MapTruth", "Outcome", "Person", "Planted", "PlayerName", "PlayerRound", "Recording",
    "Role", "RoundTruth", "Scene", "SessionTruth", "SimulatedFile", "SimulatedSession", "WeaponCount", "best_client",
    "film", "make_people", "simulate_evenings", "simulate_session", "write_demos",
]  # fmt: skip
