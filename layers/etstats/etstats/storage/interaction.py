"""Which late answers have been given."""

from __future__ import annotations

from datetime import datetime

from etstats.storage.database import Database


def claim_interaction(db: Database, interaction_id: str, *, now: datetime) -> bool:
    """True when nobody has answered it; to be called inside the transaction that answers.

    Waits while another is at it: when that one fails its claim is gone, and the work is ours.
    """
    claimed = db.values(
        """
        insert into interaction (interaction_id, claimed_at, answered_at) values (:id, :now, :now)
        on conflict do nothing returning interaction_id""",
        id=interaction_id,
        now=now,
    )
    return bool(claimed)
