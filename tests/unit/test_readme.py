"""The README's table of settings is what the code reads, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path

from etstats.config import VARIABLES, Variable

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")


def test_every_setting_has_its_row() -> None:
    rows = [line for line in README.splitlines() if re.match(r"\| `[A-Z_]+` \|", line)]
    assert rows == [_row(variable) for variable in VARIABLES]


def _row(variable: Variable) -> str:
    allowed = variable.allowed.replace("|", r"\|")
    default = f"`{variable.default}`" if variable.default else ""
    return f"| `{variable.name}` | {variable.meaning} | {allowed} | {default} |"


def test_every_command_of_make_that_it_names_exists() -> None:
    makefile = (Path(__file__).parent.parent.parent / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", README)) <= targets
