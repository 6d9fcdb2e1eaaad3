"""Reading and cutting demos, processor time; compiled and plain, the same work in two processes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

if __name__ == "__main__" and "plain" in sys.argv:
    from scripts.plain import ignore_compiled

    ignore_compiled()

from etstats.demo import decode
from etstats.demo.cut import cut
from etstats.demo.demo import Demo
from etstats.demo.frames import END
from etstats.demo.reader import Reader
from etstats.demo.writer import Writer
from local.simulator import simulate_session, write_demos
from scripts.bench.figure import Figure

ROOT = Path(__file__).parent.parent.parent
_REAL = ROOT.parent / "shared" / "corpus" / "demos"
_BYTES = 2_000_000
"""At least; a shorter demo goes on with its own beginning until it has as many."""
_LONG_BYTES = 40_000_000
_RUNS = 15
_TV_TOOL = "31.5"
_POV_TOOL = "22.6–23.9"


def demo() -> Iterator[Figure]:
    """Nothing without a compiled core: what is promised is promised of that."""
    if not decode.COMPILED:
        print("  the demo core is not compiled here: make setup")
        return
    with tempfile.TemporaryDirectory() as folder:
        for kind, content in zip(("tv", "pov"), _demos(), strict=True):
            (Path(folder) / kind).write_bytes(_longer(content))
        fast, plain = _measured("compiled", Path(folder), runs=_RUNS), _measured("plain", Path(folder), runs=1)
    for name, kind, budget, elsewhere in (
        ("demo.tv.mb_per_s", "tv", 35, _TV_TOOL),
        ("demo.pov.mb_per_s", "pov", 30, _POV_TOOL),
        ("demo.cut.mb_per_s", "cut", 30, "9–32"),
    ):
        yield Figure(
            name=name, value=fast[kind], unit="MB/s", n=_RUNS, budget=budget, at_least=True, elsewhere=elsewhere
        )  # fmt: skip
    ratio = fast["tv"] / plain["tv"]
    yield Figure(name="demo.compiled_ratio", value=ratio, unit="times plain", n=_RUNS, budget=40, at_least=True)
    yield Figure(name="demo.memory_mb", value=fast["memory"], unit="MiB", n=1, budget=80, elsewhere="93")


def _measured(how: str, folder: Path, *, runs: int) -> dict[str, float]:
    command = [sys.executable, "-m", "scripts.bench.demo", how, str(folder), str(runs)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(ran.stdout))


def _demos() -> Iterator[bytes]:
    """A TV's demo and a player's: real ones where the corpus is, else of a simulated round."""
    if _REAL.is_dir():
        for name in ("tv_230-260.tv_84", "pov05_230-260.dm_84"):
            yield (_REAL / name).read_bytes()
        return
    with tempfile.TemporaryDirectory() as folder:
        recording = min(simulate_session(seed=1).recordings, key=lambda one: one.scene.duration_ms)
        for path in write_demos(recording, Path(folder)):
            yield path.read_bytes()


def _longer(content: bytes) -> bytes:
    """The same recorder, the same map, and what happened happens again until it is enough."""
    out = BytesIO()
    writer = Writer(out)
    number = later_ms = sequence = 0
    times: list[int] = []
    while out.tell() < _BYTES:
        for message in Reader(content):
            if message.gamestate is not None:
                if number == 0:
                    writer.begin(number := 1, message.gamestate)
                continue
            number += 1
            commands = [replace(command, sequence=(sequence := sequence + 1)) for command in message.commands]
            snapshot = message.snapshot
            if snapshot is not None:
                snapshot.server_time_ms += later_ms
                times.append(snapshot.server_time_ms)
            writer.write(replace(message, number=number, commands=commands, snapshot=snapshot))
        later_ms = times[-1] - times[0]
    writer.end()
    return out.getvalue()


def _rate(content: bytes, work: Callable[[bytes], object], runs: int) -> float:
    """MB/s of the best run: another process on the machine can only make it slower."""
    best_s = min(_processor_s(work, content) for _ in range(runs))
    return len(content) / best_s / 1e6


def _processor_s(work: Callable[[bytes], object], content: bytes) -> float:
    began = time.process_time()
    work(content)
    return time.process_time() - began


def _events(content: bytes) -> int:
    return sum(1 for _ in Demo(content).events())


def _half_a_minute(content: bytes) -> None:
    """The third, of some minutes: what lies before it has to be read as well."""
    began_ms = next(decoder.server_time_ms for decoder in Reader(content).steps() if decoder.has_snapshot)
    cut(content, BytesIO(), from_ms=began_ms + 60_000, to_ms=began_ms + 90_000)


def _peak_mib(path: Path) -> float:
    """Of a fresh interpreter that takes all events out of the file."""
    program = (
        "import re, sys\n"
        "from etstats.demo.demo import Demo\n"
        "with open(sys.argv[1], 'rb') as file:\n"
        "    sum(1 for _ in Demo(file).events())\n"
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) / 1024)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    return float(ran.stdout)


def _main(how: str, folder: Path, runs: int) -> None:
    """With the sources or compiled, whichever this process has loaded; as JSON."""
    assert decode.COMPILED is (how == "compiled")
    tv, own = ((folder / kind).read_bytes() for kind in ("tv", "pov"))
    told = {"tv": _rate(tv, _events, runs)}
    if how == "compiled":
        told |= {"pov": _rate(own, _events, runs), "cut": _rate(_until(tv, 90_000), _half_a_minute, runs)}
        (folder / "long").write_bytes(tv[: -len(END)] * (_LONG_BYTES // len(tv) + 1) + END)
        told["memory"] = _peak_mib(folder / "long")
    print(json.dumps(told))


def _until(content: bytes, to_ms: int) -> bytes:
    """What is behind a cut is not read, so it does not count."""
    out = BytesIO()
    began_ms = next(decoder.server_time_ms for decoder in Reader(content).steps() if decoder.has_snapshot)
    cut(content, out, to_ms=began_ms + to_ms)
    return out.getvalue()


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
