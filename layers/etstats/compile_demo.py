"""Compiles the inner loops of the demo reader: `python compile_demo.py` for this Python, beside their sources.

    python compile_demo.py --into DIR --arch aarch64      for Lambda, on whatever machine: needs the package `ziglang`

Needs Cython (which it asks for by name, so it runs in any environment that has it), Python's headers and, for this
machine, a C compiler. Ends with 3 and a line that says why when one of them is missing: all runs without, slower.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

SOURCES = Path(__file__).parent / "etstats" / "demo"
MODULES = ("decode", "encode")
_FLAGS = ("-O3", "-fPIC", "-shared", "-fwrapv", "-DNDEBUG", "-w")
_GLIBC = "2.34"  # Amazon Linux 2023, which Lambda's python3.13 runs on
MISSING = 3


class Missing(Exception):
    """Something this needs is not on this machine, or does not work."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--into", type=Path, default=SOURCES, help="where the compiled modules go")
    parser.add_argument("--arch", help="the processor to compile for; this machine's when left out")
    asked = parser.parse_args()
    try:
        _compile_all(asked.into, _compiler(asked.arch), _suffix(asked.arch))
    except Missing as missing:
        print(missing)
        return MISSING
    return 0


def _compiler(arch: str | None) -> list[str]:
    if importlib.util.find_spec("Cython") is None:
        raise Missing(f"{sys.executable} has no Cython")
    if not (Path(sysconfig.get_path("include")) / "Python.h").is_file():
        raise Missing(f"{sys.executable} came without its C headers (on Debian or Ubuntu: python3-dev)")
    if arch is not None:
        if importlib.util.find_spec("ziglang") is None:
            raise Missing(f"{sys.executable} has no ziglang, the compiler for {arch}")
        return [sys.executable, "-m", "ziglang", "cc", "-target", f"{arch}-linux-gnu.{_GLIBC}", "-s"]
    chosen = os.environ.get("CC") or "cc"
    command = shlex.split(chosen)
    if shutil.which(command[0]) is None:
        raise Missing(f"there is no C compiler '{command[0]}' (on Debian or Ubuntu: build-essential)")
    return command


def _suffix(arch: str | None) -> str:
    if arch is None:
        return str(sysconfig.get_config_var("EXT_SUFFIX"))
    return f".cpython-{sys.version_info.major}{sys.version_info.minor}-{arch}-linux-gnu.so"


def _compile_all(into: Path, compiler: list[str], suffix: str) -> None:
    for old in into.glob("*.so*"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        for module in MODULES:
            translated = Path(folder) / f"{module}.c"
            built = translated.with_suffix(suffix)
            _run([sys.executable, "-m", "cython", SOURCES / f"{module}.py", "-o", translated])
            _run([*compiler, *_FLAGS, f"-I{sysconfig.get_path('include')}", translated, "-o", built])
            shutil.move(built, into / f"{module}{suffix}")
            (into / f"{module}{suffix}.from").write_text(source_digest(module))


def _run(command: Sequence[str | Path]) -> None:
    """Its words only when it fails: Cython warns of what only Python runs."""
    ran = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own words
    if ran.returncode:
        raise Missing(f"{command[0]} did not succeed: {(ran.stderr or ran.stdout)[-2000:].strip()}")


def source_digest(module: str) -> str:
    """What beside a compiled module says from which source it came; times of files change without it."""
    return hashlib.sha256((SOURCES / f"{module}.py").read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
