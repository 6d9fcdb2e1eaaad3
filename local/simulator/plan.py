"""What an evening is to contain, decided before anybody plays: maps, wanted outcomes, and special things."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random

from local.simulator.maps import MAPS, GameMap
from local.simulator.truth import Outcome


class Feature(Enum):
    """Something special that happens once in a session."""

    DRAW = "draw"
    """Both attacks of a map are held."""
    FULL_HOLD = "full-hold"
    """The first attack is held, the second one makes it."""
    GIVEN_UP = "given-up"
    """The second attackers stop before their time is over."""
    LATE_JOINER = "late-joiner"
    """A team starts one short and is complete in the second round."""
    LEAVER = "leaver"
    """Somebody plays the first round only; the second file carries him along as a spectator."""
    NAME_CHANGE = "name-change"
    """Somebody is called something else from a second round on."""
    SUBSTITUTION = "substitution"
    """From some map on, somebody else plays in a team."""
    SAME_MAP_TWICE = "same-map-twice"
    RECONNECT = "reconnect"
    """Somebody's counters restart in the middle of a round; the file's sums no longer agree, as in reality."""
    MIDNIGHT = "midnight"
    """Midnight falls between the two rounds of a map."""
    ABORTED_ROUND = "aborted-round"
    """A first round is broken off and named `round-2`; then the map starts again."""
    REPLACED_ROUND = "replaced-round"
    """A first round is played to its end with fewer people, then again with all."""
    MISSING_ROUND_2 = "missing-round-2"
    """The map is changed after the first round."""
    MISSING_ROUND_1 = "missing-round-1"
    """The first round's file gets lost."""


USUAL_FEATURES = frozenset({
    Feature.DRAW, Feature.FULL_HOLD, Feature.GIVEN_UP, Feature.LATE_JOINER, Feature.LEAVER, Feature.NAME_CHANGE,
    Feature.SUBSTITUTION, Feature.SAME_MAP_TWICE,
})  # fmt: skip

_OUTCOMES = {
    Feature.DRAW: (Outcome.HELD, Outcome.HELD),
    Feature.FULL_HOLD: (Outcome.HELD, Outcome.COMPLETED),
    Feature.GIVEN_UP: (Outcome.COMPLETED, Outcome.GIVEN_UP),
}
_WITHOUT_SECOND_ROUND = {Feature.MISSING_ROUND_1, Feature.MISSING_ROUND_2}
_PLAYED_BEFORE = {Feature.ABORTED_ROUND, Feature.REPLACED_ROUND}
_PERSONAL = {Feature.LATE_JOINER, Feature.LEAVER, Feature.NAME_CHANGE, Feature.SUBSTITUTION, Feature.RECONNECT}
_NOT_ON_THE_FIRST = {Feature.SUBSTITUTION, Feature.SAME_MAP_TWICE} | _WITHOUT_SECOND_ROUND


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPlan:
    """One map to be played; an outcome of None is left to the players."""

    game_map: GameMap
    features: frozenset[Feature]

    @property
    def outcomes(self) -> tuple[Outcome | None, Outcome | None]:
        """What is wanted of the first and of the second round."""
        return next((wanted for feature, wanted in _OUTCOMES.items() if feature in self.features), (None, None))


@dataclass(slots=True)
class _Places:
    """Which features each map has so far."""

    taken: list[set[Feature]] = field(default_factory=list)

    def admits(self, index: int, feature: Feature) -> bool:
        here = self.taken[index]
        if index == 0 and feature in _NOT_ON_THE_FIRST:
            return False
        if here & _WITHOUT_SECOND_ROUND or (feature in _WITHOUT_SECOND_ROUND and here):
            return False
        if feature in _OUTCOMES and here & _OUTCOMES.keys():
            return False
        if feature in _PERSONAL and here & _PERSONAL:
            return False
        # whether a round was played before shows only where the counters of the players start at zero
        return not (
            (feature in _PLAYED_BEFORE and here & (_PLAYED_BEFORE | {Feature.SAME_MAP_TWICE}))
            or (feature is Feature.SAME_MAP_TWICE and here & _PLAYED_BEFORE)
            or (feature is Feature.SAME_MAP_TWICE and self.taken[index - 1] & _WITHOUT_SECOND_ROUND)
            or (feature in _WITHOUT_SECOND_ROUND and self._is_repeated(index))
        )

    def _is_repeated(self, index: int) -> bool:
        return index + 1 < len(self.taken) and Feature.SAME_MAP_TWICE in self.taken[index + 1]


def plan_session(rng: Random, *, maps: int, features: Collection[Feature] | None) -> tuple[MapPlan, ...]:
    """One plan for each map. Asked for by name, every feature has to fit (ValueError); of the usual ones (None)
    a short session has what fits, and at most every second map gets a wanted outcome."""
    places = _Places([set() for _ in range(maps)])
    asked = USUAL_FEATURES if features is None else features
    wanted = [feature for feature in Feature if feature in asked and feature is not Feature.MIDNIGHT]
    # those with the fewest places come first
    wanted.sort(key=lambda feature: feature not in _WITHOUT_SECOND_ROUND)
    shuffled = list(range(maps))
    for feature in wanted:
        rng.shuffle(shuffled)
        index = next((index for index in shuffled if places.admits(index, feature)), None)
        if features is None and feature in _OUTCOMES and _outcomes(places) >= max(1, maps // 2):
            continue
        if index is not None:
            places.taken[index].add(feature)
        elif features is not None:
            raise ValueError(f"{maps} maps are too few for the feature {feature.value!r} beside the others.")
    return _with_maps(rng, places.taken)


def _outcomes(places: _Places) -> int:
    return sum(bool(here & _OUTCOMES.keys()) for here in places.taken)


def _with_maps(rng: Random, taken: Sequence[set[Feature]]) -> tuple[MapPlan, ...]:
    plans: list[MapPlan] = []
    pool: list[GameMap] = []
    for here in taken:
        before = plans[-1].game_map if plans else None
        if Feature.SAME_MAP_TWICE in here and before is not None:
            plans.append(MapPlan(game_map=before, features=frozenset(here)))
            continue
        if not pool:
            pool = list(MAPS)
            rng.shuffle(pool)
            if pool[-1] is before:
                pool.reverse()
        plans.append(MapPlan(game_map=pool.pop(), features=frozenset(here)))
    return tuple(plans)
