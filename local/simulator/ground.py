"""The lie of the land, made up from a map's name: two spawns, an objective on the defenders' side, hills between."""

from __future__ import annotations

from math import cos, sin
from random import Random

from local.simulator.maps import AXIS, GameMap

Spot = tuple[float, float]

_HALF = 2500.0
"""Units from the middle to a spawn."""


class Ground:
    """Spots are x and y in the map's units; the Axis spawn in the west, the Allies in the east."""

    def __init__(self, game_map: GameMap) -> None:
        dice = Random(f"ground {game_map.name}")
        self._bend, self._shift = dice.uniform(0, 6), dice.uniform(0, 6)
        towards_defenders = -1 if game_map.defender == AXIS else 1
        self.objective: Spot = towards_defenders * dice.uniform(1200, 1700), dice.uniform(-500, 500)
        self.lanes = [dice.uniform(-1100, -700), dice.uniform(-200, 200), dice.uniform(700, 1100)]

    def where(self) -> Spot:
        """The objective is."""
        return self.objective

    def spawn(self, side: int, dice: Random) -> Spot:
        x = -_HALF if side == AXIS else _HALF
        return x + dice.uniform(-120, 120), dice.uniform(-220, 220)

    def entry(self, side: int, lane: int) -> Spot:
        """Where a way from the spawn comes out at the front."""
        return (-900.0 if side == AXIS else 900.0), self.lanes[lane]

    def post(self, side: int, progress: float, dice: Random) -> Spot:
        """Somewhere on *side*'s half of the front, which moves towards the objective with the round's *progress*."""
        front_x, front_y = self.objective[0] * progress * 0.8, self.objective[1] * progress
        own = -1 if side == AXIS else 1
        return front_x + own * dice.uniform(80, 700), front_y + dice.uniform(-700, 700)

    def height(self, spot: Spot) -> float:
        x, y = spot
        return 200 + 70 * sin(x / 650 + self._bend) + 50 * cos(y / 480 + self._shift)
