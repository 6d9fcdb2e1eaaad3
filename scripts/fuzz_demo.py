"""Demos that nobody recorded: read, sampled, cut and seen through a player's eyes, all of it within bounds.

    scripts/fuzz-demo guided 3600                 coverage-guided (Atheris), on the sources: `fuzz_demo_guided`
    scripts/fuzz-demo mutate 600 --seed 1         demos with a few bytes changed, on the compiled core, and for some of
                                                  them whether the sources say the same

What breaks a bound or ends in anything but our own error is left in build/fuzz-demo and ends this with 1; it belongs
into tests/golden/fuzz_demo.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from random import Random

from etstats.demo.cut import cut, point_of_view
from etstats.demo.demo import Demo
from etstats.demo.document import event_document
from etstats.demo.frames import END, as_record
from etstats.demo.positions import read_positions
from etstats.demo.reader import Reader
from etstats.errors import BadDemo
from tests.corpus import FOLDER
from tests.demo_builder import LEGACY, VANILLA, DemoBuilder, a_view, an_entity
from tests.demo_digest import digest_or_fault

ROOT = Path(__file__).parent.parent
FINDINGS = ROOT / "build" / "fuzz-demo"
MOST_BYTES = 24_000
MOST_S = 10.0
"""For an input of MOST_BYTES on the plain sources, instrumented, on a machine that has other things to do."""
MOST_MIB = 1024


def seeds(*, real: bool = True) -> list[bytes]:
    """Small sound demos, and the beginnings of real ones where the corpus is."""
    made = [_evening(serverinfo, tv=tv) for serverinfo in (LEGACY, VANILLA) for tv in (False, True)]
    paths = sorted((FOLDER / "demos").glob("*_84")) if real and FOLDER.is_dir() else []
    return made + [path.read_bytes()[:MOST_BYTES] for path in paths]


def _evening(serverinfo: bytes, *, tv: bool) -> bytes:
    demo = DemoBuilder(serverinfo, tv=tv)
    for step in range(12):
        entities = {0: an_entity(eType=1, eventSequence=step), 1: an_entity(eType=1, eFlags=step >> 1 & 1)}
        entities[80 + step] = an_entity(eType=61 + (56, 57, 61, 68, 70, 124, 126, 133)[step % 8], eventParm=1)
        commands = (b'chat "vid: hello" 0 0', rb'cs 690 "n\x\t\1"', b"sc0 1 2 1 0 5 40 3 0 0 0", b'bcs0 689 "n"')
        view = a_view({100: step, 180: step}, clientNum=step & 1, commandTime=step)
        players = {client: a_view(clientNum=client) for client in range(step % 3)} if tv else None
        demo.snapshot(1000 + 50 * step, entities, commands=commands[: step % 5], view=view, players=players)
    return demo.content()


def wrapped(content: bytes) -> bytes:
    """The first byte says what the rest is: a whole demo, or what a player's or a TV's says after a sound beginning."""
    if not content or content[0] & 3 == 0:
        return content[1:]
    payload = content[1:]
    half = len(payload) * content[0] >> 8
    return _BEGUN[content[0] & 1 == 1] + as_record(14, payload[:half]) + as_record(15, payload[half:]) + END


_BEGUN = {tv: _evening(LEGACY, tv=tv)[: -len(END)] for tv in (False, True)}


def tell(content: bytes) -> str:
    demo = Demo(content)
    for event in demo.events():
        event_document(event)
    demo.about()
    demo.completeness()
    return "read to its end" if demo.reader.fault is None else demo.reader.fault.code


def sample(content: bytes) -> str:
    return f"{sum(1 for _ in read_positions(content, every_ms=200)) > 0} positions"


def read_values(content: bytes) -> str:
    return f"{sum(message.snapshot is not None for message in Reader(content)) > 0} snapshots"


def cut_it(content: bytes) -> str:
    """What was cut is whole, and can be cut again."""
    out = BytesIO()
    done = cut(content, out)
    reader = Reader(out.getvalue())
    for _ in reader.steps():
        pass
    assert not reader.truncated, f"a cut is damaged: {reader.fault}"
    cut(out.getvalue(), BytesIO(), from_ms=(done.first_server_time_ms + done.last_server_time_ms) // 2)
    return "cut"


def see_through(content: bytes) -> str:
    return f"{point_of_view(content, BytesIO(), client=0).snapshots > 0} of a player"


USES = (tell, cut_it, sample, read_values, see_through)


def _used(use: Callable[[bytes], str], content: bytes) -> str:
    try:
        return use(content)
    except BadDemo as fault:
        return fault.code


def within_bounds(content: bytes, uses: Sequence[Callable[[bytes], str]] = USES) -> None:
    for use in uses:
        began = time.process_time()
        end = _used(use, content)
        took_s = time.process_time() - began
        assert took_s < MOST_S, f"{use.__name__} took {took_s:.1f} s: {end}"


def mutate(seconds: int, seed: int) -> int:
    """Each round in a process of its own, so that one that dies is a finding, too."""
    until = time.monotonic() + seconds
    rounds, faults = 0, 0
    while time.monotonic() < until:
        ran = subprocess.run(
            [sys.executable, "-m", "scripts.fuzz_demo", "round", str(seed + rounds)], cwd=ROOT, check=False
        )
        rounds += 1
        faults += ran.returncode != 0
    print(f"{rounds} rounds of {_ROUND} demos, {faults} with faults")
    return 1 if faults else 0


_ROUND = 400
_COMPARED = 4


def mutated(dice: Random, sound: list[bytes]) -> bytes:
    content = bytearray(dice.choice(sound))
    for _ in range(dice.choice((1, 1, 2, 4, 8, 30))):
        at = dice.randrange(len(content))
        how = dice.random()
        if how < 0.5:
            content[at] ^= 1 << dice.randrange(8)
        elif how < 0.8:
            content[at : at + dice.randrange(1, 9)] = dice.randbytes(dice.randrange(9))
        elif how < 0.9:
            del content[at : at + dice.randrange(1, 400)]
        else:
            other = dice.choice(sound)
            start = dice.randrange(len(other))
            content[at:at] = other[start : start + dice.randrange(2000)]
        if not content:
            break
    return bytes(content)


def one_round(seed: int) -> int:
    """Leaves the demo it works on in a file, which is the finding should this process die."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MIB << 20, MOST_MIB << 20))
    FINDINGS.mkdir(parents=True, exist_ok=True)
    dice, sound = Random(seed), seeds()
    at_work = FINDINGS / f"round-{seed}"
    for number in range(_ROUND):
        content = mutated(dice, sound)
        at_work.write_bytes(content)
        within_bounds(content)
        if number < _COMPARED:
            _compare(content)
    at_work.unlink()
    return 0


def _compare(content: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        plain = subprocess.run(
            [sys.executable, "-m", "tests.demo_digest", file.name], cwd=ROOT, capture_output=True, text=True, check=True
        )
    assert plain.stdout.strip() == digest_or_fault(content), "compiled and plain differ"


def main() -> int:
    parser = argparse.ArgumentParser(prog="fuzz-demo", description=__doc__.partition("\n")[0])
    parser.add_argument("how", choices=["mutate", "round"])
    parser.add_argument("number", type=int, help="seconds; the seed of a single round")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    return mutate(asked.number, asked.seed) if asked.how == "mutate" else one_round(asked.number)


if __name__ == "__main__":
    sys.exit(main())
