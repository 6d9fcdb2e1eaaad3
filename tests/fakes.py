"""What stands in for the real thing at a seam. Each fake passes the contract test of what it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from etstats.errors import BadFile, BucketUnavailable


class FakeBucket:
    """A dict; *puts* remembers every write. While *away* is set it does not answer."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.puts: list[str] = []
        self.away = False

    def put(self, key: str, body: bytes, *, media_type: str = "") -> None:
        if self.away:
            raise BucketUnavailable("away")
        self.puts.append(key)
        self.objects[key] = body

    def put_file(self, key: str, file: BinaryIO, *, sha256: str) -> None:
        file.seek(0)
        self.put(key, file.read())

    def put_new(self, key: str, body: bytes) -> bool:
        if key in self.objects:
            return False
        self.put(key, body)
        return True

    def link(self, key: str, *, lives_s: int) -> str:
        return f"https://bucket.example/{key}?expires={lives_s}"

    def link_to_put(self, key: str, *, size: int, lives_s: int) -> str:
        return f"https://bucket.example/{key}?size={size}&expires={lives_s}"

    def size(self, key: str) -> int:
        return len(self.get(key))

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

    def download(self, key: str, into: BinaryIO, *, at_most: int) -> int:
        content = self.get(key)
        if len(content) > at_most:
            raise BadFile("too_large", key)
        return into.write(content)

    def copy(self, key: str, to: str) -> None:
        self.put(to, self.get(key))

    def delete(self, key: str) -> None:
        if self.away:
            raise BucketUnavailable("away")
        self.objects.pop(key, None)


class FakeWeb:
    """Every address holds the same bytes."""

    content = b"a file"

    def download(self, url: str, into: BinaryIO, *, at_most: int, within_s: float) -> int:
        return into.write(self.content)
