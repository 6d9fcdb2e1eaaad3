"""A question of our own, signed as Discord signs: whether somebody who asks is answered.

Its key comes from a secret that both sides have; docs/decisions/0023-canary.md. Whoever had it could ask what everybody
may: /health, as a stranger, in no server.
"""

from __future__ import annotations

import hashlib
import hmac
import json

from nacl.signing import SigningKey

from etstats.errors import BadSignature
from etstats.interactions.request import Asked, Caller, Kind

HEADER = "x-etstats-canary"  # the question is signed with our key, not with Discord's
COMMAND = "health"
_EPOCH_MS = 1_420_070_400_000


def key_from(secret: str) -> SigningKey:
    """A key for this purpose alone, made from a secret we already share with nobody."""
    return SigningKey(hmac.digest(secret.encode(), b"etstats canary 1", hashlib.sha256))


def question(*, now_ms: int) -> bytes:
    """The body of an interaction: somebody typed /health."""
    return json.dumps(
        {
            "id": str((now_ms - _EPOCH_MS) << 22),
            "application_id": "0",
            "type": Kind.COMMAND.value,
            "token": "canary",
            "version": 1,
            "locale": "en-GB",
            "user": {"id": "0", "username": "canary"},
            "data": {"id": "0", "type": 1, "name": COMMAND},
        }
    ).encode()


def signed(body: bytes, key: SigningKey, *, now_s: int) -> dict[str, str]:
    """The headers that go with *body*."""
    timestamp = str(now_s)
    return {
        "content-type": "application/json",
        "x-signature-timestamp": timestamp,
        "x-signature-ed25519": key.sign(timestamp.encode() + body).signature.hex(),
        HEADER: "1",
    }


def only_health(asked: Asked) -> Asked:
    """What such a key opens, whatever the question says about who asks. Raises BadSignature for anything else."""
    if asked.kind is not Kind.COMMAND or asked.command != COMMAND or asked.options:
        raise BadSignature("The request is not signed by Discord.")
    return Asked(
        kind=Kind.COMMAND, id=asked.id, token=asked.token, application_id=asked.application_id, command=COMMAND,
        caller=Caller(id="0", name="", locale="", permissions=0),
    )  # fmt: skip
