"""pg8000 comes without the e-mail parser it would bring, and what stood in for that is gone again."""

from __future__ import annotations

import subprocess
import sys

_PATHS = f"import sys\nsys.path[:] = {sys.path!r}\n"  # without `site`, which loads what editable installs ask for
_LOADED = """
import sys
from etstats.storage import driver
brought = {"importlib.metadata", "email", "zipfile"} & set(sys.modules)
from importlib.metadata import version
print(sorted(brought), version("pg8000"), driver.Connection.__module__)
"""


def test_a_cold_start_does_not_pay_for_a_version_number() -> None:
    ran = subprocess.run([sys.executable, "-S", "-c", _PATHS + _LOADED], capture_output=True, text=True, check=True)
    brought, version, module = ran.stdout.split()
    assert brought == "[]"
    assert version.count(".") == 2
    assert module == "pg8000.native"
