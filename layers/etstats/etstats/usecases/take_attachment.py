"""A demo attached to a message becomes an upload: out of Discord's file store into the bucket, within bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Protocol

from etstats.domain.upload import ATTACHED_BYTES, Ticket, file_name
from etstats.errors import BadFile

WITHIN_S = 18.0  # of the function's 30; the bucket and the answer take some as well


class Bucket(Protocol):
    """Raises BucketUnavailable."""

    def put(self, key: str, body: bytes) -> None: ...


class Web(Protocol):
    """Raises BadAddress, BadFile(code="missing"), BadFile(code="too_large") and WebUnavailable."""

    def download(self, url: str, into: BinaryIO, *, at_most: int, within_s: float) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Both ways in that begin with a command. *seal*: a ticket's text."""

    bucket: Callable[[], Bucket]
    web: Callable[[], Web]
    seal: Callable[[Ticket], str]
    page_url: str

    def page(self, ticket: Ticket) -> str:
        """The upload page's address. What stands behind its # goes to no server and into no log."""
        return f"{self.page_url}#{self.seal(ticket)}"

    def fetch(self, ticket: Ticket, name: str, url: str) -> None:
        """Puts the file where uploads land. Safe to repeat. Raises BadFile, BadAddress, WebUnavailable and
        BucketUnavailable."""
        cleaned = file_name(name)
        if cleaned is None:
            raise BadFile("bad_name", "A demo's name ends with .dm_84 or .tv_84")
        content = BytesIO()
        self.web().download(url, content, at_most=ATTACHED_BYTES, within_s=WITHIN_S)
        self.bucket().put(ticket.key(cleaned), content.getvalue())
