"""Teams that were made of players, and which of them were played."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from etstats.domain.balance import Candidate, Split
from etstats.domain.closeness import Closeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """*splits*: the closest first. *chosen*: the one that is played, from 1; None: not chosen yet. *close*: what
    chances to win are told from; None: none are told."""

    roster_id: int
    players: tuple[Candidate, ...]
    splits: tuple[Split, ...]
    chosen: int | None
    chosen_at: datetime | None
    close: Closeness | None = None
