"""A hundred files land at once: from the bucket's events through the queue and the function into the database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

from etstats.config import database_from_url
from etstats.storage.database import Database, connect
from local.simulator import SimulatedFile, simulate_evenings
from local.stack import SERVER_NAME, Stack
from scripts.bench.archive import LATEST
from scripts.bench.figure import Figure

_FILES = 100
_GIVEN_UP_AFTER_S = 120
_LOOK_S = 0.05


def backlog() -> Iterator[Figure]:
    evenings = simulate_evenings(seed=3, days=10, maps=6, players=6, last_ends_at=LATEST)
    files = [file for evening in evenings for file in evening.files][:_FILES]
    value = asyncio.run(_through_the_queue(files))
    yield Figure(name="backlog100.s", value=value, unit="s", n=1, budget=60)


async def _through_the_queue(files: list[SimulatedFile]) -> float:
    async with Stack() as stack:
        bucket = stack.cloud.client("s3")
        name = stack.made.attributes["Bucket", "Ref"]
        began = time.perf_counter()
        for file in files:
            await asyncio.to_thread(
                bucket.put_object, Bucket=name, Key=f"stats/{SERVER_NAME}/{file.name}", Body=file.content
            )
        await stack.guard(_parsed(stack, len(files)))
        return time.perf_counter() - began


async def _parsed(stack: Stack, wanted: int) -> None:
    db = Database(lambda: connect(database_from_url(stack.database_url), statement_timeout_ms=10_000))
    until = time.monotonic() + _GIVEN_UP_AFTER_S
    try:
        while time.monotonic() < until:
            (parsed,) = await asyncio.to_thread(
                db.values, "select count(*) from stats_file where parsed_at is not null"
            )  # fmt: skip
            if parsed >= wanted:
                return
            await asyncio.sleep(_LOOK_S)
    finally:
        db.close()
    raise RuntimeError(f"{wanted} files were not stored within {_GIVEN_UP_AFTER_S} s")
