"""What is measured: every command can be asked, whatever it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import etstats.commands.catalogue  # noqa: F401  # declares the commands
from etstats.commands.registry import Command, commands
from scripts.bench.asking import options_of


@pytest.mark.parametrize("command", commands(), ids=lambda one: one.name)
def test_every_command_is_asked_with_all_it_needs(command: Command) -> None:
    needed = {option.name for option in command.options if option.required}
    assert needed <= options_of(command, {"player": "nick"}).keys()


def test_it_measures_where_no_tests_can_run() -> None:
    """`make bench` installs what runs the stack, not what tests it."""
    program = "import sys, scripts.bench.__main__; print(*sorted({'pytest', 'tests', 'hypothesis'} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == ""
