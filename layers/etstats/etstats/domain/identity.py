"""Identifiers made from what a thing *is*, so the same files give the same rows in whatever order they came."""

from __future__ import annotations

from hashlib import sha256


def file_id(server: str, name: str) -> int:
    """63 bits: fits PostgreSQL's bigint. A round carries its file's id, a session its earliest round's."""
    return int.from_bytes(sha256(f"{server}/{name}".encode()).digest()[:8]) >> 1
