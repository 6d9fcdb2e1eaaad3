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
LONGEST_NAME = 32
# no 0 and O, no 1, I and L: it is read off one screen and typed on another
_CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Proof(Enum):
    """What a link rests on."""

    CODE = "code"
    VOUCHES = "vouches"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """*name*: as in the game, None when he is not there any more; *shown_as*: what he wants to be called instead."""

    user_id: str
    guid: str
    proof: str
    shown_as: str | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """*user_id* says to be the person *guid*. *proof*: what proves it, None for nothing yet; *vouched*: the accounts
    that confirm it, None for nobody; *refusal*: why it cannot come true."""

    user_id: str
    guid: str
    name: str
    code: str
    made_at: datetime
    proof: str | None
    vouched: list[str] | None
    refusal: str | None = None

    @property
    def vouches_missing(self) -> int:
        return max(0, VOUCHES - len(self.vouched or ()))


def code_from(dice: bytes) -> str:
    """A code of five signs out of at least five random bytes. Raises ValueError for fewer."""
    if len(dice) < CODE_LENGTH:
        raise ValueError(f"{len(dice)} random bytes are not enough for a code of {CODE_LENGTH} signs")
    return "".join(_CODE_SIGNS[sign % len(_CODE_SIGNS)] for sign in dice[:CODE_LENGTH])
