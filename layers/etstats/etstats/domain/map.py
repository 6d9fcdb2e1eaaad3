"""What is told about a map."""

from __future__ import annotations

from hashlib import md5

_LONGEST_IN_A_BUTTON = 14


def mark(map: str) -> str:
    """*map* short enough for a button: its name, or a sign that stands for it."""
    if len(map) <= _LONGEST_IN_A_BUTTON:
        return map
    return "~" + md5(map.encode(), usedforsecurity=False).hexdigest()[:8]
