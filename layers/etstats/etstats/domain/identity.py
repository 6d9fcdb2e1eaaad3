"""Identifiers made from what a thing *is*, so the same files give the same rows in whatever order they came."""

from __future__ import annotations

from hashlib import sha256

from etstats.errors import BadFile

# what S3 allows, and less than what an index of PostgreSQL does
_LONGEST_KEY = 1024


def file_id(server: str, name: str) -> int:
    """63 bits: fits PostgreSQL's bigint. A round carries its file's id, a session its earliest round's.

    Raises BadFile(code="bad_key") for a name that no table can hold.
    """
    try:
        key = f"{server}/{name}".encode()
    except UnicodeEncodeError as fault:
        raise BadFile("bad_key", "the file's name has half a letter in it") from fault
    if b"\x00" in key or len(key) > _LONGEST_KEY:
        raise BadFile("bad_key", f"the file's name has a NUL in it or is longer than {_LONGEST_KEY} bytes")
    return int.from_bytes(sha256(key).digest()[:8]) >> 1
