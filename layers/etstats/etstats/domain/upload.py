"""A demo on its way in: who may bring it, what it is called, and how far it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from etstats.domain.demo import MAX_BYTES

PART_BYTES = 5 * 1024 * 1024  # S3's least
TICKET_LIVES = timedelta(hours=6)
LINK_LIVES_S = 900  # of a part; the page asks for each when its turn comes
MOST_A_DAY = 30  # uploads that one person begins
ATTACHED_BYTES = 50 * 1024 * 1024  # what is fetched from Discord; more takes the page
_NAMED = re.compile(r"(.+)\.(dm_84|tv_84)", re.IGNORECASE)
_MARK = re.compile(r"[0-9a-f]{64}")
_MOST_SIGNS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Leave to upload demos for a Discord server. *number*: of the interaction it was given for; *until_s*: Unix
    seconds."""

    guild_id: str
    user_id: str
    number: str
    until_s: int

    def key(self, name: str) -> str:
        """Where a file of that name goes in the bucket until it is taken in."""
        return f"uploads/{self.guild_id}/{self.user_id}/{self.number}/{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """*mark*: a digest of its first and last bytes, as the page takes it: the same name with another mark is another
    file."""

    name: str
    size: int
    mark: str

    @property
    def parts(self) -> int:
        return -(-self.size // PART_BYTES)

    def part_bytes(self, number: int) -> int:
        """How many bytes part *number* has, from 1."""
        return min(PART_BYTES, self.size - (number - 1) * PART_BYTES)

    def is_whole(self, there: Mapping[int, int]) -> bool:
        """Whether these parts, sizes by numbers, are all of it."""
        return dict(there) == {number: self.part_bytes(number) for number in range(1, self.parts + 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """*multipart*: S3's name for it. *finished*: its last part is there. *state*, *percent*, *reason*, *map* and
    *highlights*: of the demo that came of it; None: none has."""

    key: str
    size: int
    mark: str
    multipart: str
    finished: bool
    refused: str | None
    state: str | None
    percent: int | None
    reason: str | None
    map: str | None
    highlights: int | None


def file_name(told: str) -> str | None:
    """What the file is called here: one line without a folder, its ending in small letters. None: no demo's name."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", told))[-1]
    named = _NAMED.fullmatch("".join(sign for sign in last if sign.isprintable()).strip())
    return f"{named[1].strip()[-_MOST_SIGNS:]}.{named[2].lower()}" if named else None


def file_told(name: str, size: int, mark: str) -> File | None:
    """The file a page speaks of; None: that is no demo, or too large a one."""
    cleaned = file_name(name)
    if cleaned is None or not 0 < size <= MAX_BYTES or not _MARK.fullmatch(mark):
        return None
    return File(name=cleaned, size=size, mark=mark)
