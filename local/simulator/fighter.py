"""One player within one round: alive or not, how healthy, what he carries, and his running series."""

from __future__ import annotations

from random import Random

from local.simulator import weapons
from local.simulator.roster import Person
from local.simulator.tally import Tally
from local.simulator.weapons import Kit

SPREE_FROM = 3
SERIES_GAP_MS = 3000
STORE_EVERY_MS = 5000
"""The stats writer looks at every player this often."""


class Fighter:
    """Bookkeeping only; who shoots whom is decided elsewhere. All `_ms` are times of the round's clock."""

    __slots__ = (
        "alive", "alive_since_ms", "before", "death_streak", "denied_by", "died_ms", "healed_ms", "health",
        "joined_ms", "kill_streak", "kit", "knife_shots_before", "last_kill_ms", "life", "lying", "most_health",
        "person", "pistol", "present", "primary", "series", "side", "tally", "wounds",
    )  # fmt: skip

    def __init__(self, person: Person, side: int, kit: Kit, *, knife_shots_before: int = 0) -> None:
        self.person = person
        self.side = side
        self.kit = kit
        self.knife_shots_before = knife_shots_before
        self.tally = Tally()
        self.before: Tally | None = None
        """What was counted before a reconnect, which the game forgets."""
        self.present = False
        self.alive = False
        self.lying = False
        """Dead, whole, and to be revived."""
        self.life = 0
        self.health = 0.0
        self.most_health = 110.0
        self.healed_ms = self.alive_since_ms = self.joined_ms = 0
        self.died_ms: int | None = None
        """Since when he waits for a medic or a wave; None before his first spawn, and while he lives."""
        self.denied_by: Fighter | None = None
        self.wounds: list[tuple[int, Fighter, int]] = []
        self.kill_streak = self.death_streak = self.series = 0
        self.last_kill_ms = -SERIES_GAP_MS
        self.primary = weapons.SUBMACHINE_GUN[side]
        self.pistol = weapons.PISTOL[side]

    def spawn(self, now_ms: int, rng: Random) -> None:
        """Comes out of the spawn with full health and a gun chosen anew."""
        self._stand_up(now_ms)
        self.most_health = 125.0 if self.kit is Kit.MEDIC else 112.0
        self.health = self.most_health
        self.primary = _primary(self.kit, self.side, rng)

    def revive(self, now_ms: int) -> None:
        """Stands up where he lay, with half his health."""
        self._stand_up(now_ms)
        self.health = self.most_health / 2

    def _stand_up(self, now_ms: int) -> None:
        if self.died_ms is not None:
            self._close_death(now_ms, self.died_ms)
        self.life += 1
        self.alive, self.lying = True, False
        self.alive_since_ms = self.healed_ms = now_ms
        self.wounds.clear()

    def heal(self, now_ms: int) -> None:
        """Medics mend themselves; the others find a health pack now and then."""
        per_ms = 0.006 if self.kit is Kit.MEDIC else 0.0045
        self.health = min(self.most_health, self.health + per_ms * (now_ms - self.healed_ms))
        self.healed_ms = now_ms

    def die(self, now_ms: int, *, lying: bool, denied_by: Fighter | None = None) -> None:
        """Dead until a wave or a medic; *denied_by* is credited with the time he waits."""
        self.tally.alive_ms += now_ms - self.alive_since_ms
        self.alive, self.lying = False, lying
        self.life += 1
        self.died_ms, self.denied_by = now_ms, denied_by
        self.end_kill_streak()

    def _close_death(self, now_ms: int, died_ms: int) -> None:
        dead_ms = now_ms - died_ms
        self.died_ms = None
        if self.denied_by is not None:
            self.denied_by.tally.denied_playtime_ms += dead_ms
            self.denied_by = None
        self.tally.stored_dead_ms += dead_ms
        first_store = -died_ms % STORE_EVERY_MS
        for running_ms in range(first_store, dead_ms, STORE_EVERY_MS):
            self.tally.stored_dead_ms += running_ms

    def count_kill(self, now_ms: int) -> None:
        """One more in the spree and in the series of quick kills."""
        self.tally.kills += 1
        self.kill_streak += 1
        self.end_death_streak()
        if now_ms - self.last_kill_ms >= SERIES_GAP_MS:
            self.end_series()
        self.series += 1
        self.last_kill_ms = now_ms

    def count_death(self) -> None:
        """One more killed by an enemy."""
        self.tally.deaths += 1
        self.death_streak += 1

    def end_kill_streak(self) -> None:
        if self.kill_streak >= SPREE_FROM:
            self.tally.killing_spree = max(self.tally.killing_spree, self.kill_streak)
        self.kill_streak = 0

    def end_death_streak(self) -> None:
        if self.death_streak >= SPREE_FROM:
            self.tally.death_spree = max(self.tally.death_spree, self.death_streak)
        self.death_streak = 0

    def end_series(self) -> None:
        if self.series >= 2:
            name = f"multikill_{min(self.series, 6)}"
            setattr(self.tally, name, getattr(self.tally, name) + 1)
        self.series = 0

    def end_streaks(self) -> None:
        self.end_kill_streak()
        self.end_death_streak()
        self.end_series()

    def leave(self, now_ms: int) -> None:
        """The round, or his part in it, is over: everything still running is closed."""
        if self.alive:
            self.tally.alive_ms += now_ms - self.alive_since_ms
        elif self.died_ms is not None:
            self._close_death(now_ms, self.died_ms)
        self.end_streaks()
        self.tally.played_ms += now_ms - self.joined_ms
        self.alive = self.lying = self.present = False
        self.life += 1


def _primary(kit: Kit, side: int, rng: Random) -> int:
    dice = rng.random()
    if kit is Kit.COVERT:
        return weapons.SCOPED[side] if dice < 0.35 else weapons.FG42 if dice < 0.5 else weapons.SILENCED[side]
    if kit is Kit.SOLDIER and dice < 0.6:
        return weapons.MG42
    if kit is Kit.ENGINEER and dice < 0.12:
        return weapons.RIFLE[side]
    # one in ten took an enemy's gun from the ground
    return weapons.SUBMACHINE_GUN[3 - side if dice > 0.9 else side]
