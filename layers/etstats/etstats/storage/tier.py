"""Who has which tier on a Discord server."""

from __future__ import annotations

from datetime import datetime

from etstats.domain.grant import Grant, Holder
from etstats.domain.permission import Tier
from etstats.storage.database import Database


def grants(db: Database, guild_id: str) -> list[Grant]:
    """The highest first."""
    return db.all(
        Grant,
        """select holder, holder_id, tier, granted_at from tier_grant where guild_id = :guild
           order by tier desc, holder, holder_id""",
        guild=guild_id,
    )


def set_tier(
    db: Database, guild_id: str, holder: Holder, holder_id: str, tier: Tier, *, by: str, now: datetime
) -> bool:
    """Whether that changed anything. Tier.MEMBER takes it back."""
    if tier is Tier.MEMBER:
        return (
            db.run(
                "delete from tier_grant where guild_id = :guild and holder = :holder and holder_id = :id",
                guild=guild_id,
                holder=holder.value,
                id=holder_id,
            )
            > 0
        )
    return (
        db.run(
            """
            insert into tier_grant as had (guild_id, holder, holder_id, tier, granted_by, granted_at)
            values (:guild, :holder, :id, :tier, :by, :now)
            on conflict (guild_id, holder, holder_id) do update
            set tier = excluded.tier, granted_by = excluded.granted_by, granted_at = excluded.granted_at
            where had.tier <> excluded.tier""",
            guild=guild_id,
            holder=holder.value,
            id=holder_id,
            tier=int(tier),
            by=by,
            now=now,
        )
        > 0
    )
