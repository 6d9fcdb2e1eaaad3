"""Was this request signed by Discord, just now? Ed25519 over the timestamp and the raw body."""

from __future__ import annotations

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from etstats.errors import BadSignature

WINDOW_S = 300
_SIGNATURE_BYTES = 64
_MAX_TIMESTAMP_DIGITS = 12
# the same words for every fault: whoever forges learns nothing about how far they came
_REFUSAL = "The request is not signed by Discord."


def check(public_key: bytes, *, body: bytes, timestamp: str, signature: str, now: float) -> None:
    """Returns when *signature* (hex) fits and *timestamp* is within five minutes of *now* (both unix seconds).

    Raises BadSignature otherwise, with one constant message. *public_key* has 32 bytes; settings see to that.
    """
    signed = _signature(signature)
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _MAX_TIMESTAMP_DIGITS):
        raise BadSignature(_REFUSAL)
    try:
        VerifyKey(public_key).verify(timestamp.encode("ascii") + body, signed)
    except (BadSignatureError, ValueError):
        raise BadSignature(_REFUSAL) from None
    if abs(now - int(timestamp)) > WINDOW_S:
        raise BadSignature(_REFUSAL)


def _signature(text: str) -> bytes:
    try:
        signed = bytes.fromhex(text)
    except ValueError:
        raise BadSignature(_REFUSAL) from None
    if len(signed) != _SIGNATURE_BYTES or len(text) != 2 * _SIGNATURE_BYTES:
        raise BadSignature(_REFUSAL)
    return signed
