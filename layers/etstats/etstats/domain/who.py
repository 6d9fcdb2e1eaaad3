"""Who is meant: somebody who goes by a name, and those whose names are like it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

_ALIKE = 0.55
# the shorter of two names that are alike, as a share of the longer: what is in both counts twice in their likeness
SHORTEST_ALIKE = _ALIKE / (2 - _ALIKE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody who goes, or went, by *matched*; *name* is the latest. *search_name* is the key of *matched*."""

    guid: str
    name: str
    matched: str
    search_name: str
    rounds: int
    last_at: datetime


def player_mark(guid: str) -> str:
    """The value of a `player` option that means this person: for suggestions, buttons and menus."""
    return f"#{guid}"


def nearest(search: str, people: Iterable[Named], *, limit: int = 3) -> list[Named]:
    """Whose names look most like *search* (a search key), best first, each person once; nobody unlike it."""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(search)
    rated: dict[str, tuple[float, Named]] = {}
    for person in people:
        likeness = _likeness(matcher, person.search_name)
        if likeness > max(_ALIKE, rated[person.guid][0] if person.guid in rated else 0.0):
            rated[person.guid] = (likeness, person)
    best = sorted(rated.values(), key=lambda pair: (-pair[0], -pair[1].rounds, pair[1].guid))
    return [person for _, person in best[:limit]]


def _likeness(matcher: SequenceMatcher[str], name: str) -> float:
    matcher.set_seq1(name)
    # each bound is cheaper than the next; most names fall at the first
    for bound in (matcher.real_quick_ratio, matcher.quick_ratio):
        if bound() <= _ALIKE:
            return 0.0
    return matcher.ratio()
