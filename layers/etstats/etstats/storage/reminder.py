"""Reminders; when they are due the outbox says them, once."""

from __future__ import annotations

from datetime import datetime

from etstats.domain.reminder import Reminder
from etstats.storage.database import Database

_COLUMNS = "reminder_id, user_id, channel_id, said, due_at"


def remind(
    db: Database, *, user_id: str, guild_id: str, channel_id: str, said: str, due_at: datetime, now: datetime,
    interaction_id: str,
) -> Reminder:  # fmt: skip
    """The reminder and its post, in one transaction. Asked again: the same one."""
    with db.transaction():
        (made,) = db.all(
            Reminder,
            f"""
            insert into reminder (user_id, guild_id, channel_id, said, due_at, made_at, interaction_id)
            values (:user_id, :guild_id, :channel_id, :said, :due_at, :now, :interaction_id)
            on conflict (interaction_id) do update set said = excluded.said returning {_COLUMNS}""",  # noqa: S608  # ours
            user_id=user_id,
            guild_id=guild_id,
            channel_id=channel_id,
            said=said,
            due_at=due_at,
            now=now,
            interaction_id=interaction_id,
        )
        db.run(
            """insert into outbox (kind, subject_id, channel_id, created_at, due_at)
               values ('reminder', :number, :channel_id, :now, :due_at) on conflict do nothing""",
            number=made.reminder_id,
            channel_id=made.channel_id,
            now=now,
            due_at=made.due_at,
        )
    return made


def find_reminder(db: Database, reminder_id: int) -> Reminder | None:
    return db.find(
        Reminder,
        f"select {_COLUMNS} from reminder where reminder_id = :id",  # noqa: S608  # our own columns
        id=reminder_id,
    )


def open_reminders(db: Database, user_id: str, *, now: datetime) -> list[Reminder]:
    """Those that are still to come, the next first."""
    return db.all(
        Reminder,
        f"select {_COLUMNS} from reminder where user_id = :user_id and due_at > :now order by due_at",  # noqa: S608
        user_id=user_id,
        now=now,
    )


def cancel(db: Database, reminder_id: int, user_id: str) -> None:
    """Only his own. What is just being sent finds nothing to tell of."""
    with db.transaction():
        gone = db.values(
            "delete from reminder where reminder_id = :id and user_id = :user_id returning reminder_id",
            id=reminder_id,
            user_id=user_id,
        )
        db.run(
            """delete from outbox where kind = 'reminder' and subject_id = any (cast(:gone as bigint[]))
                   and posted_at is null and tried_at is null""",
            gone=gone,
        )
