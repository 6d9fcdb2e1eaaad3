"""Who asked to be forgotten a week ago is. Safe to repeat."""

from __future__ import annotations

from datetime import datetime

from etstats.domain.correction import ForgetPerson
from etstats.storage import setting as book
from etstats.storage.database import Database
from etstats.usecases.correct import make_within

_BY, _REASON = "himself", "asked to be forgotten"  # which account that was is forgotten, too


def say_farewell(db: Database, *, now: datetime) -> int:
    """Everything the account told us is deleted, nobody finds its player any more, and his names go: how many that
    were. Raises DatabaseUnavailable, with nothing changed."""
    with db.transaction():
        leaving = book.due_farewells(db, now=now)
        for one in leaving:
            if one.guid is not None:
                make_within(db, ForgetPerson(guid=one.guid), by=_BY, reason=_REASON, now=now)
            book.forget_account(db, one.user_id)
    return len(leaving)
