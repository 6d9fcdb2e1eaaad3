"""The corpus of real files with verified truth beside the project; tests that read it skip when it is not there."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent.parent / "shared" / "corpus"

needs_corpus = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no corpus of real files at {FOLDER}")


def stats_files() -> list[Path]:
    return sorted((FOLDER / "stats").glob("*-round-[12].txt"))


def endstats_files() -> list[Path]:
    return sorted((FOLDER / "stats").glob("*-endstats.txt"))


def truth(path: Path) -> dict[str, Any]:
    return dict(json.loads((FOLDER / "truth" / f"{path.stem}.json").read_text()))


@cache
def true_sessions() -> list[dict[str, Any]]:
    return list(json.loads((FOLDER / "sessions.json").read_text())["sessions"])
