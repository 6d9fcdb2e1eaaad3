"""A short match's demos, from the game server's folder to a post, a clip and a film: what `make demo` shows of them."""

from __future__ import annotations

import asyncio
import io
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etstats.demo.demo import Demo
from etstats.demo.events import Kill
from etstats.storage.database import Database
from local.simulator import Recording, write_demos
from local.stack import Stack

LOOK_S = 0.1
Highlights = set[tuple[str, int, tuple[int, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A demo as the database has it."""

    demo_id: int
    name: str
    state: str
    reason: str | None
    posted: bool

    @property
    def ended(self) -> bool:
        return self.posted or self.state == "failed"


def film(recording: Recording, folder: Path, *, ended_at: float) -> list[str]:
    """A TV's demo of it and a player's, as a game server leaves them at the end of the match; their names."""
    written = write_demos(recording, folder)
    for path in written:
        os.utime(path, (ended_at, ended_at))
    return [path.name for path in written]


async def arrive(db: Database, names: Sequence[str], *, within_s: float) -> list[Arrived]:
    """What became of the demos: waits until each is posted or has failed, or the time is over."""
    gives_up_at = time.monotonic() + within_s
    while True:
        found = await asyncio.to_thread(_arrived, db, names)
        if (len(found) == len(names) and all(one.ended for one in found)) or time.monotonic() > gives_up_at:
            return found
        await asyncio.sleep(LOOK_S)


def _arrived(db: Database, names: Sequence[str]) -> list[Arrived]:
    return db.all(
        Arrived,
        """
        select demo_id, name, state, reason, exists (
            select from outbox where kind = 'demo' and subject_id = demo_id and posted_at is not null) as posted
        from demo where name = any (:names) order by name desc""",
        names=list(names),
    )


def highlights(db: Database, demo_id: int) -> Highlights:
    """As `Recording.highlights` tells them."""
    rows = db.values(
        """
        select json_build_array(kind, client, (
            select json_agg(moment -> 'at_ms') from jsonb_array_elements(moments) moment))
        from highlight where demo_id = :id""",
        id=demo_id,
    )
    return {(kind, client, tuple(at_ms)) for kind, client, at_ms in rows}


def shortest_highlight(db: Database, demo_id: int) -> dict[str, str | int]:
    """As the options of a command."""
    in_order = "select position from highlight where demo_id = :id order by to_ms - from_ms, position"
    return {"demo": f"#{demo_id}", "highlight": int(db.values(in_order, id=demo_id)[0])}


def is_film(message: Mapping[str, Any]) -> bool:
    """Not just how far it is."""
    return any(one["filename"].endswith((".mp4", ".webp")) for one in message["attachments"])


def attached(stack: Stack, message: Mapping[str, Any]) -> bytes:
    """The first file of a message in Discord."""
    return bytes(stack.discord.memory.uploads[message["attachments"][0]["id"]].content)


def kills_in(clip: bytes) -> int:
    """How many kills a demo tells, read again from its bytes."""
    demo = Demo(io.BytesIO(clip))
    return sum(isinstance(event, Kill) for event in demo.events())
