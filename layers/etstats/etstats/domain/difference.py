"""What a rebuild would change: rows that appear, vanish or differ, and who moves on which leaderboard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from etstats.domain.measure import Measure

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row as it is and as it would be. None: not there."""

    before: Row | None
    after: Row | None

    def differing(self) -> dict[str, tuple[Any, Any]]:
        """Column by column what changes, before and after; nothing where the row appears or vanishes."""
        if self.before is None or self.after is None:
            return {}
        before = self.before
        return {name: (before.get(name), now) for name, now in self.after.items() if before.get(name) != now}

    @property
    def row(self) -> Row:
        """The row itself, as it would be where it stays."""
        return self.after or self.before or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A place on a leaderboard of all time. None: not listed."""

    measure: Measure
    guid: str
    name: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """*files*: how many the shadow was made of. *rows*: by table, how many differ; only where some do.
    *formula_before*, *formula_after*: the versions of the definitions the figures were computed with."""

    files: int
    corrections: int
    rows: Mapping[str, int] = field(default_factory=dict)
    rounds: tuple[Change, ...] = ()
    sessions: tuple[Change, ...] = ()
    matches: tuple[Change, ...] = ()
    players: tuple[Change, ...] = ()
    moves: tuple[Move, ...] = ()
    formula_before: tuple[int, ...] = ()
    formula_after: tuple[int, ...] = ()
    lost: tuple[str, ...] = ()  # files on record whose bytes are no longer in the bucket

    @property
    def nothing(self) -> bool:
        return not self.rows and not self.lost


def moves(measure: Measure, before: Mapping[str, tuple[int, str]], after: Mapping[str, tuple[int, str]]) -> list[Move]:
    """From ranks and names by guid: everybody whose rank changes, by rank afterwards."""
    found = [
        Move(
            measure=measure,
            guid=guid,
            name=(after.get(guid) or before[guid])[1],
            before=before[guid][0] if guid in before else None,
            after=after[guid][0] if guid in after else None,
        )
        for guid in before.keys() | after.keys()
    ]
    changed = [move for move in found if move.before != move.after]
    return sorted(changed, key=lambda move: (move.after is None, move.after or move.before, move.guid))
