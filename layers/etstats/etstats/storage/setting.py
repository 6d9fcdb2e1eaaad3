"""What people and admins have chosen. Reading it is storage/caller.py's, with everything else about who asks."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from etstats.domain.privacy import Farewell, Held, Notify
from etstats.storage.database import Database


def set_language(db: Database, user_id: str, language: str) -> None:
    """'': as Discord shows itself to him."""
    _set(db, user_id, "language", language or None)


def set_zone(db: Database, user_id: str, zone: str) -> None:
    """Where his clock is, as IANA names it."""
    _set(db, user_id, "zone", zone)


def find_zone(db: Database, user_id: str) -> str:
    """'': he has not told."""
    return next(iter(db.values("select zone from user_setting where user_id = :user_id", user_id=user_id)), "")


def set_notify(db: Database, user_id: str, notify: Notify) -> None:
    _set(db, user_id, "notify", notify.value)


def set_hidden(db: Database, user_id: str, hidden: bool) -> None:
    """Whether his names and figures are for himself alone."""
    _set(db, user_id, "hidden", hidden)


def _set(db: Database, user_id: str, column: str, value: object) -> None:
    db.run(
        f"""
        insert into user_setting (user_id, {column}) values (:user_id, :value)
        on conflict (user_id) do update set {column} = excluded.{column}, changed_at = now()""",  # noqa: S608  # ours
        user_id=user_id,
        value=value,
    )


def set_guild(db: Database, guild_id: str, name: str, value: object, *, by: str, now: datetime) -> None:
    """A setting of a Discord server's, from the next command on. *name*: a field of `GuildSettings`."""
    db.run(
        """
        insert into guild_setting (guild_id, name, value, set_by, set_at)
        values (:guild_id, :name, cast(:value as jsonb), :by, :now)
        on conflict (guild_id, name) do update
        set value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at""",
        guild_id=guild_id,
        name=name,
        value=json.dumps(value),
        by=by,
        now=now,
    )


def find_held(db: Database, user_id: str, guid: str | None) -> Held:
    """What is kept about the account *user_id* and the person *guid* behind it."""
    (held,) = db.all(
        Held,
        """
        select (select language from user_setting where user_id = :user_id) as language,
               coalesce((select notify from user_setting where user_id = :user_id), 'never') as notify,
               coalesce((select hidden from user_setting where user_id = :user_id), false) as hidden,
               (select due_at from farewell where user_id = :user_id) as farewell_at,
               (select count(*) from alias where guid = :guid) as names,
               coalesce((select rounds from player where guid = :guid), 0) as rounds,
               coalesce((select sessions from player where guid = :guid), 0) as sessions""",
        user_id=user_id,
        guid=guid,
    )
    return held


def ask_farewell(db: Database, user_id: str, *, now: datetime, after: timedelta) -> datetime:
    """When he is going to be forgotten. Asking again does not put it off."""
    db.run(
        "insert into farewell (user_id, asked_at, due_at) values (:user_id, :now, :due_at) on conflict do nothing",
        user_id=user_id,
        now=now,
        due_at=now + after,
    )
    (due_at,) = db.values("select due_at from farewell where user_id = :user_id", user_id=user_id)
    assert isinstance(due_at, datetime)
    return due_at


def withdraw_farewell(db: Database, user_id: str) -> bool:
    """Whether there was one to take back."""
    return db.run("delete from farewell where user_id = :user_id", user_id=user_id) > 0


def due_farewells(db: Database, *, now: datetime) -> list[Farewell]:
    """Who is to be forgotten now, with every guid that is his."""
    return db.all(
        Farewell,
        """
        select user_id, person_link.guid from farewell left join person_link using (user_id)
        where due_at <= :now order by due_at, user_id for update of farewell""",
        now=now,
    )


def forget_account(db: Database, user_id: str) -> None:
    """Every row about the account goes: link, claims, vouches, settings, uploads, what he said and voted, the request
    itself. Demos stay, and nobody brought them, nor asked for anything about them."""
    for table, column in (
        ("link_vouch", "voucher_id"), ("link_claim", "user_id"), ("person_link", "user_id"),
        ("user_setting", "user_id"), ("cooldown", "user_id"), ("farewell", "user_id"), ("player_ping", "user_id"),
        ("upload", "user_id"),
        ("availability", "user_id"), ("poll_vote", "user_id"), ("poll", "asked_by"), ("reminder", "user_id"),
        ("roster", "user_id"), ("mvp_vote", "user_id"),
    ):  # fmt: skip
        db.run(f"delete from {table} where {column} = :user_id", user_id=user_id)  # noqa: S608  # our own names
    for table, column in (("demo", "uploaded_by"), ("demo_match", "made_by"), ("render", "asked_by")):
        db.run(f"update {table} set {column} = '' where {column} = :user_id", user_id=user_id)  # noqa: S608  # our own names
