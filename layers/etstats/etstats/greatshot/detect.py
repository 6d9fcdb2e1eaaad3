"""All detectors over one battle; what several of them find in the same moment is one highlight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from etstats.domain.highlight import Highlight, Kind, Part
from etstats.greatshot import (
    carry,
    denial,
    explosive,
    first_blood,
    headshots,
    last_seconds,
    last_stand,
    long_shot,
    multi_kill,
    revives,
    spree,
)
from etstats.greatshot.battle import Battle

_DETECTORS = (
    *(multi_kill, spree, headshots, first_blood, last_stand, revives),
    *(carry, denial, long_shot, explosive, last_seconds),
)
# A spree or a carry lasts as long as a life: what happens in it is a moment of its own.
_APART = frozenset({Kind.SPREE, Kind.CARRY, Kind.LAST_SECONDS})


def detect(battle: Battle) -> list[Highlight]:
    """Every highlight, the best first."""
    found = [highlight for detector in _DETECTORS for highlight in detector.find(battle)]
    return sorted(_merged(found), key=lambda one: (-one.score, one.first_ms, one.client, one.kind.value))


def _merged(found: Sequence[Highlight]) -> list[Highlight]:
    """One player's highlights that overlap become one, named by the best of them."""
    made = [one for one in found if one.kind in _APART]
    together: list[Highlight] = []
    for one in sorted((one for one in found if one.kind not in _APART), key=lambda one: (one.client, one.first_ms)):
        last = together[-1] if together else None
        if last is not None and last.client == one.client and one.first_ms <= last.last_ms:
            together[-1] = _union(last, one)
        else:
            together.append(one)
    return made + together


def _union(one: Highlight, other: Highlight) -> Highlight:
    """The better one, with the other as a bonus of half its score: what both hold is not paid for twice."""
    best, lesser = (one, other) if one.score >= other.score else (other, one)
    moments = tuple(sorted({*one.moments, *other.moments}))
    bonus = Part(name=f"also_{lesser.kind.value}", count=len(lesser.moments), points=lesser.score // 2)
    return replace(
        best,
        moments=moments,
        weapons=tuple(dict.fromkeys((*best.weapons, *lesser.weapons))),
        parts=(*best.parts, bonus),
        also=tuple(dict.fromkeys((*best.also, lesser.kind, *lesser.also))),
        against=best.against if best.against is not None else lesser.against,
        units=best.units if best.units is not None else lesser.units,
    )
