"""pg8000 as we use it, loaded without what it wants only to know its own version.

pg8000 and scramp each ask `importlib.metadata` for that while they are loaded, which brings a parser of e-mails along:
a seventh of a cold start. docs/decisions/0025-pg8000-without-its-version.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import ModuleType

__all__ = ["DATE", "TIMESTAMPTZ", "Connection", "DatabaseError", "InterfaceError", "PreparedStatement"]

_VERSIONS = "importlib.metadata"


@contextmanager
def _versions_untold() -> Iterator[None]:
    """Where it has been loaded already, it is asked as ever."""
    if _VERSIONS in sys.modules:
        yield
        return
    stand_in = ModuleType(_VERSIONS)
    stand_in.version = lambda _: ""  # type: ignore[attr-defined]
    sys.modules[_VERSIONS] = stand_in
    try:
        yield
    finally:
        del sys.modules[_VERSIONS]


with _versions_untold():
    from pg8000 import native
    from pg8000.converters import DATE, TIMESTAMPTZ
    from pg8000.exceptions import DatabaseError, InterfaceError
    from pg8000.native import Connection, PreparedStatement

# pg8000 looks for parameters sign by sign, which takes a millisecond for what a card asks; our statements are few and
# the same every time
native.to_statement = lru_cache(maxsize=256)(native.to_statement)
