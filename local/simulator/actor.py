"""A player on film: where he is, where he looks, and what a server would say about him."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import atan2, cos, degrees, dist, radians, sin
from random import Random

from etstats.demo.protocol import ENTITY, PERSISTANT, PLAYER, POWERUPS, SMALL_FLOATS, STATS
from local.simulator.fighter import Fighter
from local.simulator.ground import Ground, Spot
from local.simulator.weapons import Kit

RUN_PER_S = 270.0
_APPOINTED_MS = 6000
"""So long before he has to be somewhere he sets out for it."""
_EYES = 60
_DEAD, _TELEPORTED, _FIRING = 0x1, 0x4, 0x80
_NORMAL, _DEAD_TYPE = 0, 3
_RED_FLAG = 5
_WORLD = 1022
_CLASSES = {Kit.SOLDIER: 0, Kit.MEDIC: 1, Kit.ENGINEER: 2, Kit.FIELD_OPS: 3, Kit.COVERT: 4}
_RING = 4

_AT, _PS = ENTITY.at, PLAYER.at


def cell(number: float) -> int:
    """A float's cell, to the next whole number; those a demo sends short."""
    return SMALL_FLOATS[max(-4096, min(4095, round(number))) + 4096]


class Actor:
    """*fights*: when he fights whom, in order; *errands*: when he has to be where, in order."""

    def __init__(self, fighter: Fighter, client: int, ground: Ground, dice: Random) -> None:
        self.fighter, self.client, self.side = fighter, client, fighter.side
        self.kit = fighter.kit
        self.primary = fighter.primary
        self.spot: Spot = (0.0, 0.0)
        self.yaw = 0.0
        self.here = self.alive = self.lying = False
        self.firing_until_ms = self.carries_until_ms = -1
        self.deaths = self.spawns = 0
        self.health = 100
        self.fights: deque[tuple[int, int, Actor | None]] = deque()
        self.errands: deque[tuple[int, Callable[[], Spot]]] = deque()
        self.heard: deque[tuple[int, int]] = deque()
        """Events for his ring: number and parameter."""
        self._ground, self._dice = ground, dice
        self._route: list[Spot] = []
        self._rests_until_ms = 0
        self._speed = 0.0
        self._body, self._view = ENTITY.zero[:], PLAYER.zero[:]
        self._sequence = 0
        self._teleported = 0

    def where(self) -> Spot:
        """He is."""
        return self.spot

    def spawn(self, progress: float) -> None:
        dice = self._dice
        self.spot = self._ground.spawn(self.side, dice)
        post = self._ground.post(self.side, progress, dice)
        self._route = [self._ground.entry(self.side, dice.randrange(3)), post]
        self._stand()
        self.health = 100
        self.spawns += 1

    def revive(self) -> None:
        self._route = []
        self._stand()
        self.health = 50

    def _stand(self) -> None:
        self.here = self.alive = True
        self.lying = False
        self._teleported ^= _TELEPORTED

    def fall(self) -> None:
        self.alive, self.lying = False, True
        self.carries_until_ms = -1
        self.deaths += 1

    def move(self, now_ms: int, step_ms: int, progress: float) -> None:
        """One step on his way, faster only if he would be late; then he looks at whom he fights, or ahead."""
        while self.fights and self.fights[0][1] < now_ms:
            self.fights.popleft()
        while self.errands and self.errands[0][0] < now_ms:
            self.errands.popleft()
        if not self.alive:
            self._speed = 0
            return
        fight = self.fights[0] if self.fights and self.fights[0][0] <= now_ms else None
        errand = self.errands[0] if self.errands and self.errands[0][0] - _APPOINTED_MS <= now_ms else None
        if errand is not None:
            self._approach(errand[1](), step_ms, remaining_ms=errand[0] - now_ms)
        elif fight is not None:
            side_step = sin(now_ms / 300 + self.client)
            self._speed = 0
            self.spot = self.spot[0] + 6 * side_step, self.spot[1] + 6 * cos(now_ms / 410 + self.client)
        else:
            self._wander(now_ms, step_ms, progress)
        if fight is not None and fight[2] is not None:
            self._face(fight[2].spot)

    def _wander(self, now_ms: int, step_ms: int, progress: float) -> None:
        if now_ms < self._rests_until_ms:
            self._speed = 0
            return
        if not self._route:
            self._route = [self._ground.post(self.side, progress, self._dice)]
        self._approach(self._route[0], step_ms)
        if dist(self.spot, self._route[0]) < 1:
            self._route.pop(0)
            if not self._route:
                self._rests_until_ms = now_ms + self._dice.randrange(300, 3000)

    def _approach(self, goal: Spot, step_ms: int, *, remaining_ms: int | None = None) -> None:
        apart = dist(self.spot, goal)
        step = RUN_PER_S * step_ms / 1000
        if remaining_ms is not None:
            step = max(step, apart * step_ms / max(remaining_ms, step_ms))
        part = 1.0 if apart <= step else step / apart
        if apart > 1:
            self._face(goal)
        self._speed = min(apart, step) * 1000 / step_ms
        self.spot = tuple(mine + part * (its - mine) for mine, its in zip(self.spot, goal, strict=True))  # type: ignore[assignment]

    def _face(self, goal: Spot) -> None:
        self.yaw = degrees(atan2(goal[1] - self.spot[1], goal[0] - self.spot[0]))

    def ring(self) -> None:
        """What he hears goes into his ring of four."""
        for _ in range(min(_RING, len(self.heard))):
            event, parameter = self.heard.popleft()
            slot = self._sequence & 3
            self._body[_AT["events[0]"] + slot], self._body[_AT["eventParms[0]"] + slot] = event, parameter
            self._view[_PS["events[0]"] + slot], self._view[_PS["eventParms[0]"] + slot] = event, parameter
            self._sequence = (self._sequence + 1) & 255

    def body(self, now_ms: int, weapon: int) -> list[int]:
        """His entity. The same list every time: whoever writes it copies it."""
        state, (x, y) = self._body, self.spot
        state[_AT["eType"]] = 1
        state[_AT["eFlags"]] = self._flags(now_ms)
        state[_AT["pos.trType"]] = 1
        state[_AT["pos.trTime"]] = now_ms
        at = _AT["pos.trBase[0]"]
        state[at : at + 3] = cell(x), cell(y), cell(self._ground.height(self.spot))
        at = _AT["pos.trDelta[0]"]
        state[at : at + 2] = cell(self._speed * cos(radians(self.yaw))), cell(self._speed * sin(radians(self.yaw)))
        state[_AT["apos.trType"]] = 1
        state[_AT["apos.trBase[1]"]] = cell(self.yaw)
        state[_AT["groundEntityNum"]] = _WORLD
        state[_AT["clientNum"]] = self.client
        state[_AT["weapon"]] = weapon if self.alive else 0
        state[_AT["powerups"]] = (1 << _RED_FLAG) if now_ms <= self.carries_until_ms else 0
        state[_AT["eventSequence"]] = self._sequence
        state[_AT["teamNum"]] = self.side
        return state

    def view(self, now_ms: int, weapon: int) -> list[int]:
        """His player state, likewise."""
        state, (x, y) = self._view, self.spot
        state[_PS["commandTime"]] = now_ms
        state[_PS["pm_type"]] = _NORMAL if self.alive else _DEAD_TYPE
        at = _PS["origin[0]"]
        state[at : at + 3] = cell(x), cell(y), cell(self._ground.height(self.spot))
        at = _PS["velocity[0]"]
        state[at : at + 2] = cell(self._speed * cos(radians(self.yaw))), cell(self._speed * sin(radians(self.yaw)))
        state[_PS["viewangles[1]"]] = cell(self.yaw)
        state[_PS["viewheight"]] = _EYES if self.alive else -16
        state[_PS["eFlags"]] = self._flags(now_ms)
        state[_PS["clientNum"]] = self.client
        state[_PS["weapon"]] = weapon if self.alive else 0
        state[_PS["eventSequence"]] = self._sequence
        state[_PS["teamNum"]] = self.side
        state[STATS], state[STATS + 4] = self.health if self.alive else 0, _CLASSES[self.kit]
        state[PERSISTANT + 3], state[PERSISTANT + 4], state[PERSISTANT + 6] = self.side, self.spawns, self.deaths
        state[POWERUPS + _RED_FLAG] = int(now_ms <= self.carries_until_ms)
        return state

    def _flags(self, now_ms: int) -> int:
        firing = _FIRING if self.alive and now_ms <= self.firing_until_ms else 0
        return self._teleported | firing | (0 if self.alive else _DEAD)

    def described(self, name: str) -> str:
        """His configstring."""
        return f"n\\{name}\\t\\{self.side}\\c\\{_CLASSES[self.kit]}\\r\\0\\w\\3"
