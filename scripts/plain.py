"""`ignore_compiled()` before the first import of etstats: the sources run, though compiled modules lie beside them."""

from __future__ import annotations

import sys
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path

_PACKAGE = str(Path(__file__).parent.parent / "layers" / "etstats" / "etstats")


def ignore_compiled() -> None:
    """And as if Cython were not installed."""
    assert not any(name.startswith("etstats.demo.") for name in sys.modules), "too late: it is loaded"
    sys.modules["cython"] = None  # type: ignore[assignment]
    sys.path_hooks.insert(0, _sources_only)
    sys.path_importer_cache.clear()


def _sources_only(path: str) -> FileFinder:
    if not path.startswith(_PACKAGE):
        raise ImportError
    return FileFinder(path, (SourceFileLoader, SOURCE_SUFFIXES))
