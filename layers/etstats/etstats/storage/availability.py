"""Who said to be in on which evening of a Discord server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from etstats.domain.availability import Available, Status
from etstats.storage.database import Database


def say(db: Database, guild_id: str, one: Available, *, now: datetime) -> None:
    """The latest word counts; a button pressed after it was typed keeps from when on."""
    db.run(
        """
        insert into availability as had (guild_id, day, user_id, name, status, begins, said_at)
        values (:guild_id, :day, :user_id, :name, :status, :begins, :now)
        on conflict (guild_id, day, user_id) do update set
            name = excluded.name, status = excluded.status, said_at = excluded.said_at,
            begins = case when excluded.begins <> '' or excluded.status not in ('yes', 'late') then excluded.begins
                          else had.begins end""",
        guild_id=guild_id,
        day=one.day,
        user_id=one.user_id,
        name=one.name,
        status=one.status.value,
        begins=one.begins,
        now=now,
    )


def take_back(db: Database, guild_id: str, day: date, user_id: str) -> None:
    db.run(
        "delete from availability where guild_id = :guild_id and day = :day and user_id = :user_id",
        guild_id=guild_id,
        day=day,
        user_id=user_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    day: date
    user_id: str
    name: str
    status: str
    begins: str


def said_between(db: Database, guild_id: str, first: date, last: date) -> list[Available]:
    """Of all days from *first* to *last*, in the order in which it was said."""
    rows = db.all(
        _Row,
        """select day, user_id, name, status, begins from availability
           where guild_id = :guild_id and day between :first and :last order by day, said_at, user_id""",
        guild_id=guild_id,
        first=first,
        last=last,
    )
    return [
        Available(day=row.day, user_id=row.user_id, name=row.name, status=Status(row.status), begins=row.begins)
        for row in rows
    ]
