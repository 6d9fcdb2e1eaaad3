"""A ticket as a text that only we can make, so nothing is kept of it here: an upload's, and a renderer's.

    <kind>.<guild>.<user>.<number>.<until>.<mac>

*kind* is 1 for demos, 2 for a package of maps. *mac* is 128 bits of HMAC-SHA-256 over all before it. An upload's stands
behind the # of the page's address, which browsers send to nobody: no log has it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from etstats.domain.upload import Kind, Ticket
from etstats.errors import Refusal

KINDS = {Kind.DEMO: "1", Kind.PACKAGE: "2"}
_KIND = {sign: kind for kind, sign in KINDS.items()}
_MAC_BYTES = 16
_TOLD = re.compile(r"([12])\.([0-9]{1,20})\.([0-9]{1,20})\.([0-9]{1,20})\.([0-9]{1,12})")


class BadTicket(Refusal):
    """Not ours, or of another version."""


class ExpiredTicket(Refusal):
    """It was ours; the sentence says what to do."""


def key_from(secret: str, purpose: str) -> bytes:
    """A key for this purpose alone, ``upload`` or ``render``, made from a secret we already share with nobody."""
    return hmac.digest(secret.encode(), f"etstats {purpose} ticket 1".encode(), hashlib.sha256)


def seal(ticket: Ticket, *, key: bytes) -> str:
    told = f"{KINDS[ticket.kind]}.{ticket.guild_id}.{ticket.user_id}.{ticket.number}.{ticket.until_s}"
    return f"{told}.{_mac(key, told)}"


def unseal(text: str, *, key: bytes, now_s: float) -> Ticket:
    """What was sealed. Raises BadTicket for anything we did not make, ExpiredTicket after its time."""
    told, _, mac = text.rpartition(".")
    parts = _TOLD.fullmatch(told)
    if parts is None or not mac.isascii() or not hmac.compare_digest(_mac(key, told), mac):
        raise BadTicket("upload.error_bad_link")
    kind, guild_id, user_id, number, until = parts.groups()
    if now_s > int(until):
        raise ExpiredTicket("upload.error_expired")
    return Ticket(guild_id=guild_id, user_id=user_id, number=number, until_s=int(until), kind=_KIND[kind])


def _mac(key: bytes, told: str) -> str:
    whole = hmac.digest(key, told.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(whole[:_MAC_BYTES]).rstrip(b"=").decode()
