"""A part of a demo that somebody wants: from when to when, and through whose eyes."""

from __future__ import annotations

from dataclasses import dataclass

AS_RECORDED = -1
LONGEST_MS = 20 * 60_000  # a whole round; more is a demo
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """*kind* and *demo_key*: of the demo it is cut from. *pov*: a client's number."""

    demo_id: int
    demo_key: str
    kind: str
    from_ms: int
    to_ms: int
    pov: int = AS_RECORDED

    @property
    def extension(self) -> str:
        """A player's view is a player's demo."""
        return self.kind if self.pov == AS_RECORDED else "dm_84"

    @property
    def key(self) -> str:
        """Where the clip is in the bucket: the same for everybody who wants the same."""
        view = "" if self.pov == AS_RECORDED else f"-{self.pov}"
        demo = self.demo_key.removeprefix("demos/").rpartition(".")[0]  # guild and checksum
        return f"clips/{demo}/{self.from_ms}-{self.to_ms}{view}.{self.extension}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """*content*: its bytes, where a message can carry them; else *url*, which expires."""

    size: int
    content: bytes | None = None
    url: str | None = None
