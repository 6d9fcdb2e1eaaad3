"""The Discord application's public key as the environment names it: all that a PING needs of our settings."""

from __future__ import annotations

KEY_BYTES = 32


def read_public_key(text: str) -> bytes:
    """*text* in hexadecimal; nothing where it is empty. Raises ValueError."""
    key = bytes.fromhex(text)
    if key and len(key) != KEY_BYTES:
        raise ValueError(f"has {len(key)} bytes")
    return key
