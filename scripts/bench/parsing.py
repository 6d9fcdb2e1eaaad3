"""Reading files, and making sessions of them, without a database. Files of six players, as on the servers we know."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from etstats.domain.session import StoredFile, sessions
from etstats.domain.stats_file import StatsFile
from etstats.parsing.filename import read_name
from etstats.parsing.stats_file import read_stats_file
from local.simulator import simulate_evenings
from scripts.bench.figure import Figure, median_ms

_EVENINGS, _RUNS = 16, 15


def parsing() -> Iterator[Figure]:
    evenings = [
        [(file.name, file.content) for file in evening.files]
        for evening in simulate_evenings(seed=1, days=_EVENINGS, maps=6, players=6)
    ]
    files = [file for evening in evenings for file in evening]

    def read_all() -> list[StatsFile]:
        return [read_stats_file(read_name(name), content) for name, content in files]

    def make_sessions() -> None:
        for evening in evenings:
            read = [read_stats_file(read_name(name), content) for name, content in evening]
            sessions(StoredFile(file_id=number, file=one) for number, one in enumerate(read))

    yield _rate("parse.files_per_s", read_all, len(files), budget=10_000, elsewhere="2,800–4,060")
    yield _rate("parse_pair.files_per_s", make_sessions, len(files), budget=4_000, elsewhere="517–986")


def _rate(name: str, work: Callable[[], object], files: int, *, budget: float, elsewhere: str) -> Figure:
    took_ms = median_ms(work, n=_RUNS, warm_up=2)
    return Figure(
        name=name, value=files / took_ms * 1000, unit="files/s", n=_RUNS, budget=budget, at_least=True,
        elsewhere=elsewhere,
    )  # fmt: skip
