"""Who may do what on a Discord server, beside what Discord itself allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class Tier(IntEnum):
    """Each may do what those before it may. Root is whoever runs the installation; the others are granted."""

    MEMBER = 0
    MODERATOR = 1
    ADMIN = 2
    ROOT = 3

    @property
    def key(self) -> str:
        """Its words'."""
        return f"tier.{self.name.lower()}"


class Holder(StrEnum):
    USER = "user"
    ROLE = "role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A tier given to a user, or to everybody with a role."""

    holder: str
    holder_id: str
    tier: int
    granted_by: str
    granted_at: datetime


def tier_of(user_id: str, granted: int, roots: tuple[str, ...]) -> Tier:
    """*granted*: the highest tier that stands for him or one of his roles."""
    return Tier.ROOT if user_id in roots else Tier(max(Tier.MEMBER, min(granted, Tier.ADMIN)))
