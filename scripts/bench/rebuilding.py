"""Everything again from the bucket, in a shadow beside the live rows, as `etstats rebuild` does it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import UTC

from etstats.storage.migrate import migrate
from etstats.storage.rebuild import shadow_of
from etstats.usecases.rebuild import Rebuild
from local.postgres import postgres
from local.simulator import SimulatedFile, simulate_evenings
from scripts.bench.archive import LATEST, SERVER
from scripts.bench.figure import Figure
from scripts.bench.storing import open_database, store_file

_EVENINGS = 40


class _Kept:
    """A bucket in memory: the network's share is not ours to measure."""

    def __init__(self, files: Iterable[SimulatedFile]) -> None:
        self._files = {f"stats/{SERVER}/{file.name}": file.content for file in files}

    def keys(self, prefix: str) -> Iterator[str]:
        return (key for key in sorted(self._files) if key.startswith(prefix))

    def get(self, key: str) -> bytes:
        return self._files[key]


def rebuilding() -> Iterator[Figure]:
    evenings = simulate_evenings(seed=4, days=_EVENINGS, maps=6, players=6, last_ends_at=LATEST)
    files = [file for evening in evenings for file in evening.files]
    now = LATEST.replace(tzinfo=UTC)
    with postgres() as url:
        live = open_database(url)
        shadow = open_database(url, schema=shadow_of(live))
        migrate(live)
        for file in files:
            store_file(live, file, now=now)
        rebuild = Rebuild(
            live=live, shadow=shadow, bucket=_Kept(files), channel_id="1", now=now, tell=lambda _: None,
            is_ours=lambda _: True,
        )  # fmt: skip
        began = time.perf_counter()
        rebuild.compute()
        took_s = time.perf_counter() - began
        if not rebuild.difference().nothing:
            raise RuntimeError("A rebuild of what is right found something to change.")
        rebuild.end()
        live.close()
    yield Figure(name="rebuild.files_per_s", value=len(files) / took_s, unit="files/s", n=1)
    yield Figure(name="rebuild.s", value=took_s, unit=f"s for {len(files)} files", n=1)
