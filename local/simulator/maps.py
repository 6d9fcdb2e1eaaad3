"""The maps that are played, with what a stopwatch round on them needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

AXIS, ALLIES = 1, 2


class Step(Enum):
    """What the attackers have to do next."""

    BUILD = "build"
    DYNAMITE = "dynamite"
    CARRY = "carry"


@dataclass(frozen=True, slots=True, kw_only=True)
class GameMap:
    """*limit_s*: a first round's time limit; the two intervals: seconds between two respawn waves of a side;
    *pace*: how much of the limit a typical attack needs."""

    name: str
    limit_s: int
    axis_interval_s: int
    allies_interval_s: int
    steps: tuple[Step, ...]
    defender: int = AXIS
    pace: float = 0.55

    def interval_ms(self, side: int) -> int:
        """Milliseconds between two respawn waves of *side*."""
        return 1000 * (self.axis_interval_s if side == AXIS else self.allies_interval_s)


_BUILD, _DYNAMITE, _CARRY = Step.BUILD, Step.DYNAMITE, Step.CARRY

MAPS = (
    GameMap(name="supply", limit_s=720, axis_interval_s=30, allies_interval_s=20, pace=0.72,
            steps=(_DYNAMITE, _BUILD, _CARRY, _BUILD, _CARRY)),
    GameMap(name="te_escape2", limit_s=720, axis_interval_s=30, allies_interval_s=20, pace=0.42,
            steps=(_DYNAMITE, _CARRY, _CARRY)),
    GameMap(name="sw_goldrush_te", limit_s=720, axis_interval_s=30, allies_interval_s=20, pace=0.75,
            steps=(_BUILD, _DYNAMITE, _BUILD, _DYNAMITE, _CARRY)),
    GameMap(name="etl_sp_delivery", limit_s=720, axis_interval_s=30, allies_interval_s=20, pace=0.6,
            steps=(_BUILD, _DYNAMITE, _CARRY, _CARRY)),
    GameMap(name="etl_adlernest", limit_s=600, axis_interval_s=30, allies_interval_s=20, pace=0.52,
            steps=(_DYNAMITE, _CARRY, _CARRY)),
    GameMap(name="et_brewdog", limit_s=600, axis_interval_s=25, allies_interval_s=20, pace=0.42,
            steps=(_BUILD, _DYNAMITE, _CARRY)),
    GameMap(name="etl_frostbite", limit_s=600, axis_interval_s=30, allies_interval_s=20, pace=0.45,
            steps=(_DYNAMITE, _BUILD, _CARRY)),
    GameMap(name="erdenberg_t2", limit_s=720, axis_interval_s=30, allies_interval_s=20, pace=0.5,
            steps=(_DYNAMITE, _BUILD, _DYNAMITE)),
    GameMap(name="braundorf_b4", limit_s=600, axis_interval_s=30, allies_interval_s=20, pace=0.6,
            steps=(_DYNAMITE, _BUILD, _DYNAMITE)),
    GameMap(name="bremen_b3", limit_s=720, axis_interval_s=30, allies_interval_s=20, pace=0.55,
            steps=(_BUILD, _CARRY, _DYNAMITE)),
    GameMap(name="etl_ice", limit_s=600, axis_interval_s=20, allies_interval_s=30, pace=0.5, defender=ALLIES,
            steps=(_DYNAMITE, _CARRY, _DYNAMITE)),
    GameMap(name="radar", limit_s=720, axis_interval_s=30, allies_interval_s=20, pace=0.62,
            steps=(_BUILD, _DYNAMITE, _CARRY, _CARRY)),
    GameMap(name="frostbite", limit_s=600, axis_interval_s=30, allies_interval_s=20, pace=0.5,
            steps=(_DYNAMITE, _BUILD, _CARRY)),
    GameMap(name="missile_b3", limit_s=900, axis_interval_s=30, allies_interval_s=20, pace=0.6,
            steps=(_BUILD, _DYNAMITE, _BUILD, _CARRY)),
)  # fmt: skip
