"""The audit log: everything privileged, written down before it is done and ended afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CONFIRM_WITHIN = timedelta(seconds=30)


class State(StrEnum):
    """asked: waits for a yes. doing: confirmed; its end is not known. The others are over."""

    ASKED = "asked"
    DOING = "doing"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """*arguments* hold no secret. *result*: what the actor was told."""

    audit_id: int
    interaction_id: str | None
    confirmed_by: str | None
    guild_id: str
    actor_id: str
    actor: str
    tier: int
    command: str
    server: str
    arguments: Mapping[str, object]
    state: str
    asked_at: datetime
    warned_at: datetime | None
    ended_at: datetime | None
    result: str | None

    @property
    def good_until(self) -> datetime:
        return (self.warned_at or self.asked_at) + CONFIRM_WITHIN
