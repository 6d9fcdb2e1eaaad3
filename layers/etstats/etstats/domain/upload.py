"""A demo, or a package of maps, on its way in: who may bring it, what it is called, and how far it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from etstats.domain import map_package
from etstats.domain.demo import MAX_BYTES

PART_BYTES = 5 * 1024 * 1024  # S3's least
TICKET_LIVES = timedelta(hours=6)
LINK_LIVES_S = 900  # of a part; the page asks for each when its turn comes
MOST_A_DAY = 30  # uploads that one person begins
ATTACHED_BYTES = 50 * 1024 * 1024  # what is fetched from Discord; more takes the page
_NAMED = re.compile(r"(.+)\.(dm_84|tv_84)", re.IGNORECASE)
_MARK = re.compile(r"[0-9a-f]{64}")
_MOST_SIGNS = 100


class Kind(StrEnum):
    """What a ticket lets in."""

    DEMO = "demo"
    PACKAGE = "package"  # of maps, for a game server

    @property
    def most_bytes(self) -> int:
        return MAX_BYTES if self is Kind.DEMO else map_package.MOST_BYTES

    @property
    def endings(self) -> tuple[str, ...]:
        return ("dm_84", "tv_84") if self is Kind.DEMO else ("pk3",)

    def name_of(self, told: str) -> str | None:
        """What a file is called here; None: nothing of this kind may be called that."""
        return file_name(told) if self is Kind.DEMO else package_name(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Leave to upload demos for a Discord server, or one package of maps. *number*: of the interaction it was given
    for; *until_s*: Unix seconds."""

    guild_id: str
    user_id: str
    number: str
    until_s: int
    kind: Kind = Kind.DEMO

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
    *highlights*: of the demo that came of it, or of the job that brings the package; None: there is none yet."""

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
    """What a demo is called here: one line without a folder, its ending in small letters. None: no demo's name."""
    named = _NAMED.fullmatch(_last_part(told))
    return f"{named[1].strip()[-_MOST_SIGNS:]}.{named[2].lower()}" if named else None


def package_name(told: str) -> str | None:
    """The same for a package of maps, whose name stays as it is but for its ending."""
    last = _last_part(told)
    name = last[:-4] + last[-4:].lower()
    return None if map_package.name_fault(name) else name


def _last_part(told: str) -> str:
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", told))[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip()


def file_told(name: str, size: int, mark: str, kind: Kind = Kind.DEMO) -> File | None:
    """The file a page speaks of; None: that is nothing of its *kind*, or too large."""
    cleaned = kind.name_of(name)
    if cleaned is None or not 0 < size <= kind.most_bytes or not _MARK.fullmatch(mark):
        return None
    return File(name=cleaned, size=size, mark=mark)
