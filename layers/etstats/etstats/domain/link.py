"""Whose Discord account plays under which GUID, and how that is proven before anybody believes it.

Nobody can claim another's figures: a claim stands until it is proven by a code carried in the in-game name for one
round, by two linked players who vouch for it, or by somebody who manages the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

VOUCHES = 2
CLAIM_LIVES = timedelta(days=7)
CODE_LENGTH = 5
# no 0 and O, no 1, I and L: it is read off one screen and typed on another
_CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Proof(Enum):
    """What a link rests on."""

    CODE = "code"
    VOUCHES = "vouches"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """*user_id* says to be the person *guid*. *vouched*: the accounts that confirm it."""

    user_id: str
    guid: str
    name: str
    code: str
    made_at: datetime
    vouched: tuple[str, ...] = ()

    def expired(self, now: datetime) -> bool:
        return now - self.made_at > CLAIM_LIVES

    @property
    def vouches_missing(self) -> int:
        return max(0, VOUCHES - len(self.vouched))


def code_from(dice: bytes) -> str:
    """A code of five signs out of at least five random bytes. Raises ValueError for fewer."""
    if len(dice) < CODE_LENGTH:
        raise ValueError(f"{len(dice)} random bytes are not enough for a code of {CODE_LENGTH} signs")
    return "".join(_CODE_SIGNS[sign % len(_CODE_SIGNS)] for sign in dice[:CODE_LENGTH])
