"""A highlight's film from above: how far it is, and where it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from etstats.domain.demo import demo_key


class VideoState(Enum):
    ASKED = "asked"
    RENDERING = "rendering"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """The film of the highlight *position* of a demo. *key*, *still_key*: of the film and of a still of it in the
    bucket, as soon as they are there; *reason*: why it failed."""

    demo_id: int
    position: int
    state: str
    percent: int
    key: str | None
    still_key: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What somebody who wants to watch can be shown: the *film*'s bytes once it is ready, before that its *still*."""

    video: Video
    film: bytes | None = None
    still: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A film to be made: the highlight, its demo, and the *language* of the guild it is for ('': none chosen)."""

    demo_id: int
    position: int
    guild_id: str
    sha256: str
    demo_kind: str
    map: str | None
    kind: str
    client: int
    name: str
    team: str
    from_ms: int
    to_ms: int
    moments_ms: list[int]
    language: str

    @property
    def demo_key(self) -> str:
        return demo_key(self.guild_id, self.sha256, self.demo_kind)

    def key(self, ending: str) -> str:
        """Says what is shown, for after another analysis the same position is another highlight. *ending*: mp4, webp,
        or png for the still."""
        shown = f"{self.position}-{self.client}-{self.from_ms}-{self.to_ms}"
        return f"videos/{self.guild_id}/{self.sha256}/{shown}.{ending}"
