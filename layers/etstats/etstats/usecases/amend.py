"""Corrections as an admin makes them from Discord: tried out first, then made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from etstats.domain.correction import What
from etstats.domain.progress import Told, nobody
from etstats.domain.rehearsal import Rehearsal
from etstats.storage.database import Database
from etstats.usecases import correct


@dataclass(frozen=True, slots=True, kw_only=True)
class Amender:
    """Raises BadCorrection. *db* must not be inside a transaction."""

    db: Database
    now: Callable[[], datetime]

    def rehearse(self, what: What, *, reason: str, told: Told = nobody) -> Rehearsal:
        return correct.rehearse(self.db, what, reason=reason, now=self.now(), told=told)

    def make(self, what: What, *, by: str, reason: str, told: Told = nobody) -> int:
        return correct.make(self.db, what, by=by, reason=reason, now=self.now(), told=told).sessions

    def rehearse_withdrawal(self, correction_id: int, *, told: Told = nobody) -> Rehearsal:
        return correct.rehearse_withdrawal(self.db, correction_id, now=self.now(), told=told)

    def withdraw(self, correction_id: int, *, by: str, told: Told = nobody) -> int:
        return correct.withdraw(self.db, correction_id, by=by, now=self.now(), told=told).sessions

    def rehearse_replay(self, session_id: int, *, told: Told = nobody) -> Rehearsal:
        return correct.rehearse_replay(self.db, session_id, told=told)

    def replay(self, session_id: int, *, told: Told = nobody) -> int:
        return correct.replay(self.db, session_id, now=self.now(), told=told)
