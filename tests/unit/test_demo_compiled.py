"""The compiled core and the sources it was compiled from do the same; and it was compiled from these."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from etstats.demo import decode, encode
from tests.corpus import FOLDER
from tests.demo_builder import DemoBuilder, a_view, an_entity
from tests.demo_digest import digest

_ROOT = Path(__file__).parents[2]
_FOLDER = _ROOT / "layers" / "etstats" / "etstats" / "demo"

needs_compiled = pytest.mark.skipif(not decode.COMPILED, reason="the demo core is not compiled here: make setup")


def test_either_all_or_nothing_is_compiled() -> None:
    loaded = {Path(module.__file__ or "").suffix for module in (decode, encode)}
    assert loaded == ({".so"} if decode.COMPILED else {".py"})


@needs_compiled
@pytest.mark.parametrize("module", [decode, encode], ids=["decode", "encode"])
def test_it_was_compiled_from_the_sources_beside_it(module: object) -> None:
    compiled = Path(str(getattr(module, "__file__", "")))
    source = _FOLDER / f"{compiled.name.partition('.')[0]}.py"
    came_from = compiled.with_name(compiled.name + ".from").read_text()
    assert came_from == hashlib.sha256(source.read_bytes()).hexdigest(), "scripts/compile brings it up to date"


def _small_demo(*, tv: bool) -> bytes:
    demo = DemoBuilder(tv=tv)
    for step in range(40):
        entities = {0: an_entity(eType=1, frame=step), 1: an_entity(eType=1, eFlags=step & 1, time=-step)}
        if step % 5 == 0:
            entities[80 + step] = an_entity(eType=62 + 68, otherEntityNum=1, eventParm=step)
        view = a_view({200: step}, commandTime=step << 20, clientNum=0, pm_time=-step)
        demo.snapshot(1000 + 50 * step, entities, view=view, players={0: view} if tv else None, full=step == 17)
    return demo.content()


@needs_compiled
def test_both_do_the_same(tmp_path: Path) -> None:
    paths = sorted((FOLDER / "demos").glob("cut_scores*_84")) if FOLDER.is_dir() else []
    for tv in (False, True):
        path = tmp_path / f"small{tv}"
        path.write_bytes(_small_demo(tv=tv))
        paths.append(path)
    plain = subprocess.run(
        [sys.executable, "-m", "tests.demo_digest", *paths], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    assert plain.stdout.splitlines() == [digest(path.read_bytes()) for path in paths]
