"""Keys for one question each."""

from __future__ import annotations

from datetime import datetime

from etstats.storage.database import Database


def keep_key(db: Database, public_key: bytes, *, now: datetime, until: datetime) -> None:
    """From now on one question signed with it is let in. Those that have run out go."""
    with db.transaction():
        db.run("delete from canary_key where until < :now", now=now)
        db.run("insert into canary_key (public_key, until) values (:key, :until)", key=public_key, until=until)


def take_key(db: Database, public_key: bytes, *, now: datetime) -> bool:
    """Whether it is one of ours; the next time it is not any more."""
    return db.run("delete from canary_key where public_key = :key and until >= :now", key=public_key, now=now) > 0
