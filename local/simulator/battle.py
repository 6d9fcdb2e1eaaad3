"""A round as a queue of things that will happen, the clock they move, and the two sides they happen to."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from random import Random
from typing import Any

from local.simulator.chronicle import Moment, What
from local.simulator.fighter import Fighter
from local.simulator.maps import ALLIES, AXIS, GameMap


class Battle:
    """Whatever is booked with `at` happens in the order of its time; at equal times in the order of booking."""

    __slots__ = ("_booked", "_queue", "chronicle", "end_ms", "game_map", "now_ms", "rng", "sides")

    def __init__(self, game_map: GameMap, end_ms: int, rng: Random) -> None:
        self.game_map = game_map
        self.end_ms = end_ms
        self.rng = rng
        self.now_ms = 0
        self.sides: dict[int, list[Fighter]] = {AXIS: [], ALLIES: []}
        """Who is in a team now."""
        self.chronicle: list[Moment] = []
        """What has happened, in order."""
        self._queue: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._booked = 0

    def at(self, at_ms: int, act: Callable[..., None], *args: Any) -> None:
        """*act(battle, \\*args)* will happen at *at_ms*, unless the round is over by then."""
        if at_ms < self.end_ms:
            self._booked += 1
            heapq.heappush(self._queue, (at_ms, self._booked, act, args))

    def run(self) -> None:
        """Lets everything happen that is booked, and whatever it leads to."""
        queue = self._queue
        while queue:
            self.now_ms, _, act, args = heapq.heappop(queue)
            act(self, *args)
        self.now_ms = self.end_ms

    def note(self, what: What, who: Fighter, whom: Fighter | None = None, **more: Any) -> None:
        """It happens now. *more*: other fields of the moment."""
        self.chronicle.append(Moment(at_ms=self.now_ms, what=what, who=who, whom=whom, **more))

    def living(self, side: int) -> list[Fighter]:
        """Who of *side* is on his feet."""
        return [fighter for fighter in self.sides[side] if fighter.alive]

    def next_wave_ms(self, side: int) -> int:
        """When *side* respawns next, later than now."""
        interval_ms = self.game_map.interval_ms(side)
        return (self.now_ms // interval_ms + 1) * interval_ms

    def fresh_wave(self, side: int) -> bool:
        """Whether *side*'s last wave is nearer than its next."""
        interval_ms = self.game_map.interval_ms(side)
        return 2 * (self.now_ms % interval_ms) < interval_ms
