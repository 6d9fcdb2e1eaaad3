"""Who was given what he may do on a Discord server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Holder(StrEnum):
    USER = "user"
    ROLE = "role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A tier given to a user, or to everybody with a role."""

    holder: str
    holder_id: str
    tier: int
    granted_at: datetime
