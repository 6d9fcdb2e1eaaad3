"""What a correction would change: gaming sessions and players' sums as they are, and as they would be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSum:
    session_id: int
    server: str
    first_at: datetime
    score_a: int
    score_b: int
    maps: int
    counted_rounds: int
    team_a: str | None
    team_b: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerSum:
    guid: str
    name: str
    rounds: int
    kills: int
    deaths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair(Generic[T]):
    """None: it is not there before, or after."""

    before: T | None
    after: T | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """All that a rehearsal compares."""

    sessions: Mapping[int, SessionSum]
    players: Mapping[str, PlayerSum]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    sessions: tuple[Pair[SessionSum], ...]
    players: tuple[Pair[PlayerSum], ...]

    @property
    def nothing(self) -> bool:
        return not self.sessions and not self.players


def difference(before: Sums, after: Sums) -> Rehearsal:
    """Sessions by their time, players by how many rounds change."""
    sessions = _pairs(before.sessions, after.sessions)
    players = _pairs(before.players, after.players)
    return Rehearsal(
        sessions=tuple(sessions[key] for key in sorted(sessions)), players=tuple(sorted(players.values(), key=_moved))
    )


def _pairs(before: Mapping[K, T], after: Mapping[K, T]) -> dict[K, Pair[T]]:
    """Where they differ."""
    keys = dict.fromkeys((*before, *after))
    both = {key: Pair(before=before.get(key), after=after.get(key)) for key in keys}
    return {key: one for key, one in both.items() if one.before != one.after}


def _moved(one: Pair[PlayerSum]) -> int:
    """Those first who gain or lose most rounds."""
    return -abs((one.after.rounds if one.after else 0) - (one.before.rounds if one.before else 0))
