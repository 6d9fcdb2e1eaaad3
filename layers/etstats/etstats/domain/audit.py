"""The audit log: everything privileged, written down before it is done and ended afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CONFIRM_WITHIN = timedelta(seconds=30)
DONE_WITHIN = timedelta(minutes=2)  # longer than the functions run that do it
LEFT_ALONE, TOO_LATE, BROKE_OFF = "left alone", "too late", "broke off"  # results that nobody was told


class State(StrEnum):
    """asked: waits for a yes. doing: confirmed; its end is not known. The others are over."""

    ASKED = "asked"
    DOING = "doing"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A job; *audit_id* is its number. *arguments* hold no secret. *good_till*: of what is asked, until when it may be
    begun; of what is being done, by when it is over or broke off. *result*: what the actor was told."""

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
    channel_id: str = ""
    percent: int | None = None
    good_till: datetime | None = None

    @property
    def good_until(self) -> datetime:
        return self.good_till or (self.warned_at or self.asked_at) + CONFIRM_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Where a job's answer is: Discord takes edits of it for a quarter of an hour."""

    audit_id: int
    application_id: str
    token: str
    locale: str
