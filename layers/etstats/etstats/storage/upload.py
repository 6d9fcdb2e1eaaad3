"""Uploads through the page, until a demo or a package of maps has come of them."""

from __future__ import annotations

from datetime import datetime

from etstats.domain.upload import File, Ticket, Upload
from etstats.storage.database import Database


def find_upload(db: Database, key: str) -> Upload | None:
    return db.find(
        Upload,
        """
        select key, upload.size, mark, multipart, finished, refused, demo.state, demo.percent, demo.reason, demo.map,
               (select cast(count(*) as integer) from highlight where highlight.demo_id = demo.demo_id) as highlights
        from upload left join demo using (demo_id) where key = :key""",
        key=key,
    )


def find_package(db: Database, key: str, *, job: str) -> Upload | None:
    """An upload of a package of maps. *job*: the interaction that its link was given for."""
    return db.find(
        Upload,
        """
        select key, size, mark, multipart, finished, refused, cast(null as text) as map,
               cast(null as integer) as highlights, audit.percent, audit.result as reason,
               case audit.state when 'asked' then null when 'doing' then 'analysing' when 'done' then 'ready'
                                else 'failed' end as state
        from upload left join audit on interaction_id = :job where key = :key""",
        key=key, job=job,
    )  # fmt: skip


def begun_since(db: Database, user_id: str, since: datetime) -> int:
    """How many uploads a person has begun."""
    (number,) = db.values(
        "select count(*) from upload where user_id = :user_id and began_at > :since", user_id=user_id, since=since
    )
    return int(number)


def begin(db: Database, ticket: Ticket, file: File, multipart: str, *, instead_of: str, now: datetime) -> None:
    """Notes it, in place of the one S3 calls *instead_of*. Of two who begin the same at once, the first is kept."""
    db.run(
        """
        insert into upload (key, user_id, size, mark, multipart, began_at)
        values (:key, :user_id, :size, :mark, :multipart, :now)
        on conflict (key) do update set size = excluded.size, mark = excluded.mark, multipart = excluded.multipart,
            began_at = excluded.began_at, finished = false, refused = null, demo_id = null
            where upload.multipart = :instead_of""",
        key=ticket.key(file.name), user_id=ticket.user_id, size=file.size, mark=file.mark, multipart=multipart,
        instead_of=instead_of, now=now,
    )  # fmt: skip


def finish(db: Database, key: str) -> None:
    """All its bytes are in the bucket."""
    db.run("update upload set finished = true where key = :key", key=key)


def arrived(db: Database, key: str, demo_id: int) -> None:
    """A demo has come of it."""
    db.run("update upload set finished = true, demo_id = :demo_id where key = :key", demo_id=demo_id, key=key)


def refuse(db: Database, key: str, reason: str) -> None:
    """No demo comes of it."""
    db.run("update upload set finished = true, refused = :reason where key = :key", reason=reason, key=key)


def forget(db: Database, user_id: str, *, before: datetime) -> None:
    """What a person uploaded before then: it is in the demos, or nowhere."""
    db.run("delete from upload where user_id = :user_id and began_at <= :before", user_id=user_id, before=before)
