"""Who may do what on a Discord server, beside what Discord itself allows."""

from __future__ import annotations

from enum import IntEnum


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


def tier_of(user_id: str, granted: int, roots: tuple[str, ...]) -> Tier:
    """*granted*: the highest tier that stands for him or one of his roles."""
    return Tier.ROOT if user_id in roots else Tier(max(Tier.MEMBER, min(granted, Tier.ADMIN)))
