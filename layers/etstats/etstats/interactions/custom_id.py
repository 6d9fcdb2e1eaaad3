"""A button's custom_id carries what the button asks for, so nothing is kept here between showing and pressing.

    1.<user>.<until>.<command>?<name>=<value>&….<mac>        at most 100 bytes, as Discord allows

*user* (whom the message was made for) and *until* (unix minutes) are in base 36; *mac* is 72 bits of HMAC-SHA-256 over
all before it. Without the key nobody makes one: what comes back is something we said ourselves.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from etstats.errors import BadInput
from etstats.interactions.reply import Press

VERSION = "1"
LIVES_MINUTES = 7 * 24 * 60
MAX_BYTES = 100
_MAC_BYTES = 9
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MINUTE_MS = 60_000


class BadButton(BadInput):
    """A custom_id that is not ours, or of another version."""


class ExpiredButton(BadInput):
    """A custom_id that was ours; the message says what to ask again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    press: Press
    user_id: str


def key_from(secret: str) -> bytes:
    """A key for this purpose alone, made from a secret we already share with nobody."""
    return hmac.digest(secret.encode(), b"etstats custom_id 1", hashlib.sha256)


def seal(press: Press, *, key: bytes, user_id: str, now_ms: int) -> str:
    """The custom_id for *press*, good for a week."""
    until = now_ms // _MINUTE_MS + LIVES_MINUTES
    state = f"{press.command}?{urlencode(press.options)}"
    told = f"{VERSION}.{_base36(int(user_id))}.{_base36(until)}.{state}"
    made = f"{told}.{_mac(key, told)}"
    if len(made.encode()) > MAX_BYTES:
        raise ValueError(f"the state of a button is too long: {state}")
    return made


def unseal(custom_id: str, *, key: bytes, now_ms: int) -> Pressed:
    """What was sealed. Raises BadButton for anything we did not make, ExpiredButton after its week."""
    told, _, mac = custom_id.rpartition(".")
    parts = told.split(".", 3)
    if len(parts) != 4 or not hmac.compare_digest(_mac(key, told).encode(), mac.encode()) or parts[0] != VERSION:
        raise BadButton("This button is not one of ours any more. Ask again with the command.")
    _, user, until, state = parts
    command, _, query = state.partition("?")
    if now_ms // _MINUTE_MS > int(until, 36):
        raise ExpiredButton(f"This button is older than a week. Ask again with /{command}.")
    options = tuple(parse_qsl(query, keep_blank_values=True))
    return Pressed(press=Press(command=command, options=options), user_id=str(int(user, 36)))


def _mac(key: bytes, told: str) -> str:
    whole = hmac.digest(key, told.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(whole[:_MAC_BYTES]).decode()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, last = divmod(number, 36)
        digits = _DIGITS[last] + digits
    return digits or "0"
