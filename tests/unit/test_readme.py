"""The README's table of settings is what the code reads, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path

from etstats.config import VARIABLES

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")


def test_every_setting_has_its_row() -> None:
    rows = [line for line in README.splitlines() if re.match(r"\| `[A-Z_]+` \|", line)]
    assert rows == [
        f"| `{v.name}` | {v.meaning} | {v.allowed.replace('|', chr(92) + '|')} | {f'`{v.default}`' if v.default else ''} |"
        for v in VARIABLES
    ]


def test_every_command_of_make_that_it_names_exists() -> None:
    makefile = (Path(__file__).parent.parent.parent / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", README)) <= targets
