"""A round as it is announced, and the row that says it is to be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

_NONCE_DIGITS = 24  # Discord takes 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to be posted."""

    kind: str
    subject_id: int
    channel_id: str
    attempts: int

    @property
    def nonce(self) -> str:
        """The same for every try of the same post, so that a try whose answer was lost is not posted again."""
        key = f"{self.kind}/{self.subject_id}/{self.channel_id}"
        return hashlib.sha256(key.encode()).hexdigest()[:_NONCE_DIGITS]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedRound:
    """A round, and with its second round what became of the map. *score_a*, *score_b*: so far, this map included."""

    round_id: int
    map: str
    role: str
    number: int
    written_at: datetime
    counted: bool
    uncounted_reason: str | None
    outcome: str | None
    defender_team: int | None
    winner_team: int | None
    limit_s: int | None
    duration_s: int | None
    gave_up: bool
    map_winner: str | None
    map_winner_team: str | None
    r1_attackers_team: str | None
    r1_time_s: int | None
    r2_time_s: int | None
    score_a: int | None
    score_b: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedLine:
    """A player in that round. None: not known."""

    name: str
    team: int
    is_bot: bool
    kills: int | None
    deaths: int | None
    damage_given: int | None
    gun_hits: int | None
    gun_headshot_hits: int | None
    revives_given: int | None
