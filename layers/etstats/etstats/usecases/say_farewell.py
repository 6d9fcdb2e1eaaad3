"""Who asked to be forgotten a week ago is. Safe to repeat."""

from __future__ import annotations

from datetime import datetime

from etstats.storage import setting as book
from etstats.storage.database import Database


def say_farewell(db: Database, *, now: datetime) -> int:
    """Everything the account told us is deleted, and nobody finds its player any more. How many that were.
    Raises DatabaseUnavailable, with nothing changed."""
    with db.transaction():
        leaving = book.due_farewells(db, now=now)
        for one in leaving:
            if one.guid is not None:
                book.forget_player(db, one.guid, now=now)
            book.forget_account(db, one.user_id)
    return len(leaving)
