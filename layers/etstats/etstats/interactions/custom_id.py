"""A button's custom_id carries what the button asks for, so nothing is kept here between showing and pressing.

    2.<user>.<until>.<command>[+|*][!<fills>]?<name>=<value>&….<mac>        at most 100 bytes, as Discord allows

*user* (whom the message was made for; 0: everybody) and *until* (unix minutes) are in base 36; *mac* is 72 bits of
HMAC-SHA-256 over all before it. Without the key nobody makes one: what comes back is something we said ourselves.
Names that come often are written by one capital letter. *fills* is the option that a menu's choice is for; + and *
say where the answer goes (`Beside`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import unquote

from etstats.errors import Refusal
from etstats.interactions.reply import Beside, Press

VERSION = "2"
LIVES_MINUTES = 7 * 24 * 60
MAX_BYTES = 100
EVERYBODY = "0"
_MAC_BYTES = 9
# version, user (64 bits), until, mac, and four dots
STATE_BYTES = MAX_BYTES - len(VERSION) - 13 - 6 - 12 - 4
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MINUTE_MS = 60_000
_SHORT = {
    "format": "F", "map": "M", "metric": "C", "page": "G", "period": "T", "player": "P", "scope": "S",
    "stat": "A", "view": "V", "weapon": "O", "when": "W",
}  # fmt: skip
_LONG = {short: name for name, short in _SHORT.items()}
_BESIDE = {one.value: one for one in Beside if one is not Beside.NO}
_SPECIAL = re.compile(r"[%&=]")


class BadButton(Refusal):
    """A custom_id that is not ours, or of another version."""


class ExpiredButton(Refusal):
    """A custom_id that was ours; the sentence says what to ask again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    press: Press
    user_id: str


def command_bytes(name: str) -> int:
    """What a command takes of `STATE_BYTES`, with an option that a menu fills or an answer beside the message."""
    return len(name) + len("!X?")


def option_bytes(name: str, longest: int) -> int:
    """What an option takes at most, when its value has at most *longest* bytes."""
    return len(_SHORT.get(name, name)) + longest + len("=&")


def key_from(secret: str) -> bytes:
    """A key for this purpose alone, made from a secret we already share with nobody."""
    return hmac.digest(secret.encode(), b"etstats custom_id 1", hashlib.sha256)


def seal(press: Press, *, key: bytes, user_id: str, now_ms: int, lives_minutes: int = LIVES_MINUTES) -> str:
    """The custom_id for *press*, good for a week. Raises ValueError for more than fits."""
    until = now_ms // _MINUTE_MS + lives_minutes
    told = f"{VERSION}.{_base36(int(user_id))}.{_base36(until)}.{_state(press)}"
    made = f"{told}.{_mac(key, told)}"
    if len(made.encode()) > MAX_BYTES:
        raise ValueError(f"the state of a button is too long: {_state(press)}")
    return made


def unseal(custom_id: str, *, key: bytes, now_ms: int) -> Pressed:
    """What was sealed. Raises BadButton for anything we did not make, ExpiredButton after its week."""
    told, _, mac = custom_id.rpartition(".")
    parts = told.split(".", 3)
    if len(parts) != 4 or not hmac.compare_digest(_mac(key, told).encode(), mac.encode()) or parts[0] != VERSION:
        raise BadButton("refusal.bad_button")
    _, user, until, state = parts
    press = _press(state)
    if now_ms // _MINUTE_MS > int(until, 36):
        raise ExpiredButton("refusal.expired_button", command=press.command)
    return Pressed(press=press, user_id=str(int(user, 36)))


def _state(press: Press) -> str:
    fills = f"!{_SHORT.get(press.fills, press.fills)}" if press.fills else ""
    given = "&".join(f"{_SHORT.get(name, name)}={_SPECIAL.sub(_escaped, value)}" for name, value in press.options)
    return f"{press.command}{press.beside.value}{fills}?{given}"


def _press(state: str) -> Press:
    command, _, given = state.partition("?")
    command, _, fills = command.partition("!")
    beside = _BESIDE.get(command[-1:], Beside.NO)
    command = command.removesuffix(beside.value)
    pairs = [pair.partition("=") for pair in given.split("&") if pair]
    options = tuple((_LONG.get(name, name), unquote(value)) for name, _, value in pairs)
    return Press(command=command, options=options, fills=_LONG.get(fills, fills), beside=beside)


def _escaped(sign: re.Match[str]) -> str:
    return f"%{ord(sign[0]):02X}"


def _mac(key: bytes, told: str) -> str:
    whole = hmac.digest(key, told.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(whole[:_MAC_BYTES]).decode()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, last = divmod(number, 36)
        digits = _DIGITS[last] + digits
    return digits or "0"
