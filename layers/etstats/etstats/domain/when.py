"""A gaming session among others: what tells one from the next in a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMark:
    session_id: int
    first_at: datetime
    counted_rounds: int
    maps: int
    players: int
    score_a: int
    score_b: int
    team_a: str | None
    team_b: str | None


def session_mark(session_id: int) -> str:
    """The value of a `when` option that means this session: for suggestions, buttons and menus."""
    digits = ""
    while session_id:
        session_id, last = divmod(session_id, 36)
        digits = _DIGITS[last] + digits
    return f"#{digits or '0'}"
