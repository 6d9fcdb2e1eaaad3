"""What a game server's folder shows, and which of its files may be read now.

Nobody's clock is compared with anybody else's: docs/decisions/0008-when-a-file-is-quiet.md has the reasons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

QUIET_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """A regular file in the folder. *mtime* in seconds by the server's clock; bytes of the name that are not UTF-8
    stand as lone surrogates, as `os.fsdecode` has them."""

    name: str
    size: int
    mtime: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """*server_clock*: the latest moment the server itself is known to have reached, in seconds by its own clock."""

    files: tuple[ListedFile, ...]
    server_clock: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """A listed file whose bytes are not in the bucket as listed, with what the ledger knows of it (None: nothing).

    *listed_at*: since when, by our clock, listings have shown exactly *listed_size* and *listed_mtime*.
    """

    name: str
    size: int
    mtime: int
    listed_size: int | None = None
    listed_mtime: int | None = None
    listed_at: datetime | None = None
    note: str | None = None

    @property
    def unchanged(self) -> bool:
        """The last listing showed the same."""
        return (self.listed_size, self.listed_mtime) == (self.size, self.mtime)


class Verdict(Enum):
    """What is to be done with an unsettled file in this tick."""

    FETCH = "fetch"
    WAIT = "wait"  # somebody may still be writing it
    REFUSE = "refuse"
    LEAVE = "leave"  # refused before, and still the same


def judge(
    file: Unsettled, *, refused: bool, server_clock: int | None, now: datetime, quiet_s: int = QUIET_S
) -> Verdict:
    """A file is fetched once it is known to have been left alone for *quiet_s*, by either kind of evidence."""
    if refused:
        return Verdict.LEAVE if file.unchanged else Verdict.REFUSE
    if server_clock is not None and server_clock - file.mtime >= quiet_s:
        return Verdict.FETCH
    if file.unchanged and file.listed_at is not None and now - file.listed_at >= timedelta(seconds=quiet_s):
        return Verdict.FETCH
    return Verdict.WAIT
