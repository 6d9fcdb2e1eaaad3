"""What stands in for the real thing at a seam. Each fake passes the contract test of what it stands for."""

from __future__ import annotations

from collections.abc import Iterator

from etstats.errors import BadFile, BucketUnavailable


class FakeBucket:
    """A dict; *puts* remembers every write. While *away* is set it does not answer."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.puts: list[str] = []
        self.away = False

    def put(self, key: str, body: bytes) -> None:
        if self.away:
            raise BucketUnavailable("away")
        self.puts.append(key)
        self.objects[key] = body

    def get(self, key: str) -> bytes:
        if self.away:
            raise BucketUnavailable("away")
        if key not in self.objects:
            raise BadFile("missing", key)
        return self.objects[key]

    def keys(self, prefix: str) -> Iterator[str]:
        if self.away:
            raise BucketUnavailable("away")
        yield from sorted(key for key in self.objects if key.startswith(prefix))
