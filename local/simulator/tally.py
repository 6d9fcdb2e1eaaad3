"""What the game counts for one player in one round, while it is being counted."""

from __future__ import annotations

from dataclasses import dataclass, field

HITS, SHOTS, KILLS, DEATHS, HEADSHOTS = range(5)
"""Places in a weapon's five counters, in the order of a player line."""


@dataclass(slots=True)
class Tally:
    """Counters start at zero; times are milliseconds. Sprees below three are not shown, so none is kept."""

    weapons: dict[int, list[int]] = field(default_factory=dict)
    kills: int = 0
    deaths: int = 0
    damage_given: int = 0
    damage_received: int = 0
    team_damage_given: int = 0
    team_damage_received: int = 0
    gibs: int = 0
    self_kills: int = 0
    team_kills: int = 0
    team_gibs: int = 0
    played_ms: int = 0
    alive_ms: int = 0
    xp: int = 0
    killing_spree: int = 0
    death_spree: int = 0
    kill_assists: int = 0
    kill_steals: int = 0
    headshot_kills: int = 0
    objectives_stolen: int = 0
    objectives_returned: int = 0
    dynamites_planted: int = 0
    dynamites_defused: int = 0
    times_revived: int = 0
    useful_kills: int = 0
    denied_playtime_ms: int = 0
    multikill_2: int = 0
    multikill_3: int = 0
    multikill_4: int = 0
    multikill_5: int = 0
    multikill_6: int = 0
    useless_kills: int = 0
    full_selfkills: int = 0
    repairs_constructions: int = 0
    revives_given: int = 0
    stored_dead_ms: int = 0
    """Dead time as the writers before version 8 add it up: once more at every store."""

    def weapon(self, number: int) -> list[int]:
        """The five counters of weapon *number*."""
        counters = self.weapons.get(number)
        if counters is None:
            counters = self.weapons[number] = [0, 0, 0, 0, 0]
        return counters

    def plus(self, other: Tally) -> Tally:
        """Both together: sums, and the longer spree."""
        total = Tally(weapons={number: list(counters) for number, counters in self.weapons.items()})
        for number, counters in other.weapons.items():
            total.weapons[number] = [a + b for a, b in zip(total.weapon(number), counters, strict=True)]
        for name in _SUMMED:
            setattr(total, name, getattr(self, name) + getattr(other, name))
        total.killing_spree = max(self.killing_spree, other.killing_spree)
        total.death_spree = max(self.death_spree, other.death_spree)
        return total


_SUMMED = tuple(name for name in Tally.__slots__ if name not in {"weapons", "killing_spree", "death_spree"})
