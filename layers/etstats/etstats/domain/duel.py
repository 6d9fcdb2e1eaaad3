"""Whose duels these are: told by the writer, or found out where only one answer is possible.

Older endstats files do not say where one player's block of duels ends and whose it is. But every duel stands there
twice, once from each side: kills by X on Y in X's block are Y's deaths in his. Often only one reading fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from etstats.domain.award import Duel

# A block is sorted by kills, leaves zero rows out and names each opponent once. Hostile files end the search, not us.
_MOST_ROWS = 600
_MOST_STEPS = 20_000
_MOST_READINGS = 16


def owners(duels: Sequence[Duel], teams: Mapping[str, int]) -> tuple[str | None, ...]:
    """The name of each row's owner, None where it is not certain. *teams*: players' sides, as far as known."""
    if any(duel.subject is not None for duel in duels):
        return tuple(duel.subject for duel in duels)
    unknown = (None,) * len(duels)
    if not 0 < len(duels) <= _MOST_ROWS:
        return unknown
    search = _Search(rows=duels, teams=teams, candidates=_candidates(duels))
    search.go_on(0)
    if not search.readings or search.steps > _MOST_STEPS or len(search.readings) >= _MOST_READINGS:
        return unknown
    return tuple(names.pop() if len(names) == 1 else None for names in map(set, zip(*search.readings, strict=True)))


def _candidates(rows: Sequence[Duel]) -> list[list[str]]:
    """Who may own each row: whoever is the opponent in a row that tells the same duel from the other side."""
    mirrored: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        mirrored.setdefault((row.deaths, row.kills), []).append(row.opponent)
    return [
        [name for name in dict.fromkeys(mirrored.get((row.kills, row.deaths), ())) if name != row.opponent]
        for row in rows
    ]


@dataclass(slots=True, kw_only=True)
class _Search:
    """Goes through the rows in order and tries every owner who contradicts nothing said so far."""

    rows: Sequence[Duel]
    teams: Mapping[str, int]
    candidates: Sequence[Sequence[str]]
    readings: list[tuple[str, ...]] = field(default_factory=list)
    steps: int = 0
    _chosen: list[str] = field(default_factory=list)
    _blocks: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)

    def go_on(self, at: int) -> None:
        self.steps += 1
        if self.steps > _MOST_STEPS or len(self.readings) >= _MOST_READINGS:
            return
        if at == len(self.rows):
            if self._mirrored():
                self.readings.append(tuple(self._chosen))
            return
        row = self.rows[at]
        for owner in self.candidates[at]:
            if self._fits(at, owner):
                self._chosen.append(owner)
                self._blocks.setdefault(owner, {})[row.opponent] = (row.kills, row.deaths)
                self.go_on(at + 1)
                del self._blocks[owner][row.opponent]
                if not self._blocks[owner]:
                    del self._blocks[owner]
                self._chosen.pop()

    def _fits(self, at: int, owner: str) -> bool:
        row, before = self.rows[at], self._chosen[-1] if self._chosen else None
        if owner == before and self.rows[at - 1].kills < row.kills:
            return False
        block = self._blocks.get(owner, {})
        if (owner != before and block) or row.opponent in block:
            return False
        if self._same_side(owner, row.opponent, block):
            return False
        theirs = self._blocks.get(row.opponent)
        return theirs is None or theirs.get(owner) == (row.deaths, row.kills)

    def _same_side(self, owner: str, opponent: str, block: Mapping[str, object]) -> bool:
        """Opponents of one player are on one side, so they cannot meet each other."""
        sides = self.teams.get(owner), self.teams.get(opponent)
        if sides[0] is not None and sides[0] == sides[1]:
            return True
        theirs = self._blocks.get(opponent, {})
        return any(other in theirs or opponent in self._blocks.get(other, {}) for other in block)

    def _mirrored(self) -> bool:
        return all(
            self._blocks.get(opponent, {}).get(owner) == (deaths, kills)
            for owner, block in self._blocks.items()
            for opponent, (kills, deaths) in block.items()
        )
