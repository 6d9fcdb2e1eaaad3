"""Rounds as they are listed: how each ended, how far it can be relied on and why, and what became of its files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from etstats.domain.evening import PlayedRound
from etstats.domain.receipt import MISSED_AFTER, Absent, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRound:
    """*endstats_expected*: the game server was sending such files by then. *replaced*: the map was started anew.
    *demo_whole*: whether the demo that its figures are held against shows all of it; None: there is none. *doubts*:
    codes of what stands against the best grade, worst first."""

    played: PlayedRound
    stats: Receipt | None
    endstats: Receipt | None
    gametime: Receipt | None
    endstats_expected: bool
    replaced: bool
    demo_whole: bool | None
    doubts: tuple[str, ...]

    def absent(self, now: datetime) -> tuple[Absent, ...]:
        """What should have come by *now* and has not; a second round is given the time it may take at most."""
        role, stored_at = self.played.role, self.stats.stored_at if self.stats else None
        if stored_at is None or now < stored_at + MISSED_AFTER:
            return ()
        found = []
        if role == "r2_without_r1":
            found.append(Absent.FIRST_ROUND)
        longest = timedelta(seconds=self.played.time_s or self.played.limit_s or 0)
        if role == "r1_without_r2" and not self.replaced and now >= stored_at + MISSED_AFTER + longest:
            found.append(Absent.SECOND_ROUND)
        if self.endstats_expected and self.endstats is None and role in _WITH_ENDSTATS:
            found.append(Absent.ENDSTATS)
        return tuple(found)


_WITH_ENDSTATS = ("r1", "r2", "r1_without_r2", "r2_without_r1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of rounds. *loose*: files of that time that belong to no round."""

    rounds: tuple[ListedRound, ...]
    page: int
    more: bool
    loose: tuple[Receipt, ...] = ()

    def with_loose(self, files: Iterable[Receipt]) -> Listing:
        return replace(self, loose=tuple(files))
