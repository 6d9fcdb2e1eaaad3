"""Which map is meant: what tells one from the next in a button."""

from __future__ import annotations

from hashlib import md5

MARK_BYTES = 14  # at most
_ESCAPED = frozenset("%&=")  # each would take three


def map_mark(map: str) -> str:
    """*map* short enough for a button: its name, or a sign that stands for it."""
    if len(map.encode()) <= MARK_BYTES and not map.startswith("~") and map.isprintable() and not set(map) & _ESCAPED:
        return map
    return "~" + md5(map.encode(), usedforsecurity=False).hexdigest()[:8]
