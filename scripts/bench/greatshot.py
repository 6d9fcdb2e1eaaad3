"""What a demo costs: its analysis, a clip, a film of ten seconds, each in a process of its own; and /topshots at any
number of demos."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

from etstats.cards.film import look
from etstats.cards.film.frame import Film
from etstats.cards.film.ground import Title
from etstats.demo.cut import cut, point_of_view
from etstats.demo.events import Team
from etstats.demo.reader import Reader
from etstats.domain.demo import Performance
from etstats.gateways.film import make_film
from etstats.gateways.renderer import Renderer
from etstats.greatshot.analysis import analyse, fought
from etstats.greatshot.pace import FRAMES_PER_S, paced
from etstats.greatshot.report import report
from etstats.greatshot.scene import scene
from etstats.storage.database import Database
from etstats.storage.demo import top_performances
from etstats.words import words_for
from local.simulator import simulate_session, write_demos
from scripts.bench.figure import Figure, timed_ms
from scripts.bench.storing import fresh_database

ROOT = Path(__file__).parent.parent.parent
_RUNS = 3
_CLIP_MS = (60_000, 75_000)  # a quarter of a minute, a minute into the demo
_FILM_MS = 10_000
_GUILD = "7"
_DEMOS = {"x10": 10, "x1000": 1_000, "x10000": 10_000}
_PLAYERS = 12
_LINES = 10
_ASKED = 30  # times for each measure
_TOPSHOTS_MS = 3


def greatshot() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        recording = max(simulate_session(seed=1).recordings, key=lambda one: one.scene.duration_ms)
        for path in write_demos(recording, Path(folder)):
            kind = path.suffix.removeprefix(".").removesuffix("_84")
            yield Figure(name=f"greatshot.{kind}.demo_mb", value=path.stat().st_size / 1e6, unit="MB", n=1)
            for what in _WORK if kind == "tv" else ("analysis", "clip"):
                yield from _costs(what, kind, path)
    yield from _topshots()


def _costs(what: str, kind: str, path: Path) -> Iterator[Figure]:
    """The best of some runs, and the memory at its worst, of fresh interpreters."""
    command = [sys.executable, "-m", "scripts.bench.greatshot", what, str(path)]
    ran = [
        json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
        for _ in range(_RUNS)
    ]
    yield Figure(name=f"greatshot.{kind}.{what}_s", value=min(one["s"] for one in ran), unit="s", n=_RUNS)
    yield Figure(name=f"greatshot.{kind}.{what}_mb", value=max(one["mb"] for one in ran), unit="MB", n=_RUNS)


def _topshots() -> Iterator[Figure]:
    with fresh_database() as db:
        there = 0
        for name, demos in _DEMOS.items():
            _add(db, there, demos)
            there = demos
            for measure in Performance:
                _top(db, measure)
            asked = [partial(_top, db, measure) for measure in Performance for _ in range(_ASKED)]
            times = [timed_ms(ask) for ask in asked]
            yield Figure(
                name=f"greatshot.topshots_ms.{name}", value=statistics.median(times), unit="ms", n=len(times),
                budget=_TOPSHOTS_MS,
            )  # fmt: skip


def _top(db: Database, measure: Performance) -> None:
    assert len(top_performances(db, _GUILD, measure, limit=_LINES)) == _LINES


def _add(db: Database, there: int, demos: int) -> None:
    """Demos from *there* on until there are so many, each with a dozen players in every measure; half as many are
    another server's."""
    db.run(
        """
        insert into demo (guild_id, sha256, kind, name, size, received_at, state, map)
        select case when number % 3 = 2 then '8' else :guild end, md5(cast(number as text)), 'tv_84', 'x', 1,
               timestamptz '2026-01-01' + number * interval '1 minute', 'ready', 'supply'
        from generate_series(cast(:there as integer), cast(:demos as integer) * 3 / 2 - 1) as number""",
        guild=_GUILD, there=there * 3 // 2, demos=demos,
    )  # fmt: skip
    db.run(
        """
        insert into performance (guild_id, measure, value, demo_id, client, name)
        select guild_id, measure, abs(hashint8(demo_id * 100 + client)) % 997, demo_id, client, 'player ' || client
        from demo, generate_series(1, :players) as client, unnest(cast(:measures as text[])) as measure
        where not exists (select from performance made where made.demo_id = demo.demo_id)""",
        players=_PLAYERS, measures=[measure.value for measure in Performance],
    )  # fmt: skip
    db.run("vacuum analyze")


def _analysis(path: Path) -> None:
    with path.open("rb") as source:
        found = analyse(source)
        report(found.battle)
        assert found.highlights


def _clip(path: Path) -> None:
    with path.open("rb") as source:
        begin_ms = _begin_ms(path)
        from_ms, to_ms = (begin_ms + at_ms for at_ms in _CLIP_MS)
        if path.suffix == ".tv_84":
            point_of_view(source, BytesIO(), client=0, from_ms=from_ms, to_ms=to_ms)
        else:
            cut(source, BytesIO(), from_ms=from_ms, to_ms=to_ms)


def _video(path: Path) -> None:
    """From the demo's bytes to the film's, as `watch` makes it."""
    begin_ms = _begin_ms(path) + _CLIP_MS[0]
    with path.open("rb") as source:
        battle = fought(source, begin_ms, begin_ms + _FILM_MS)
    shown = scene(battle, begin_ms, begin_ms + _FILM_MS)
    film = Film(words_for("en"), Renderer(), shown, Title(who="", team=Team.NONE, what="bench"))
    frames = paced(begin_ms, begin_ms + _FILM_MS, ())
    with tempfile.TemporaryDirectory() as folder:
        make_film(
            film.frames(frames, ()), count=len(frames), side=look.SIDE, frames_per_s=FRAMES_PER_S,
            into=Path(folder) / "film",
        )  # fmt: skip


_WORK: dict[str, Callable[[Path], None]] = {"analysis": _analysis, "clip": _clip, "video_10s": _video}


def _begin_ms(path: Path) -> int:
    """When the demo begins, in server time."""
    decoders = Reader(path.read_bytes()).steps()
    return next(decoder.server_time_ms for decoder in decoders if decoder.has_snapshot)


def _main(what: str, path: Path) -> None:
    """Does it once; seconds and the process's peak of memory, ffmpeg's apart, as JSON."""
    began = time.perf_counter()
    _WORK[what](path)
    took_s = time.perf_counter() - began
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    assert peak is not None
    print(json.dumps({"s": took_s, "mb": int(peak[1]) / 1024}))


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
