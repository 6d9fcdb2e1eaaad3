"""A highlight's film made with the game itself, by somebody who has it installed: the job, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from etstats.domain.demo import demo_key

BEAT = timedelta(seconds=20)  # a renderer says so often that he is still at it
SILENCE = timedelta(seconds=75)  # without a word for so long, somebody else may begin
WITHIN = timedelta(minutes=20)  # one try
MOST_TRIES = 3
MOST_BYTES = 100 * 1024 * 1024  # of the film
TICKET_LIVES = timedelta(days=90)
_ENDINGS = ("mp4", "webm", "mkv")


class RenderState(Enum):
    """Values are the keys of their names in `words`."""

    ASKED = "asked"
    RENDERING = "rendering"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """*worker*: who is at it, as he calls himself. *key*: of the film in the bucket; *reason*: why there is none."""

    demo_id: int
    position: int
    state: str
    percent: int
    tries: int
    worker: str | None
    key: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What somebody renders: from when to when, in server milliseconds, through the eyes of *client* (-1: as recorded).
    *claim*: what he has to show from now on."""

    demo_id: int
    position: int
    claim: str
    guild_id: str
    sha256: str
    demo_kind: str
    map: str | None
    mod: str | None
    kind: str
    client: int
    name: str
    from_ms: int
    to_ms: int

    @property
    def demo_key(self) -> str:
        return demo_key(self.guild_id, self.sha256, self.demo_kind)


def film_key(demo_id: int, position: int, claim: str, ending: str) -> str | None:
    """Where a try's film goes: of its own, so that nobody who was given up overwrites it. None: no film's ending."""
    if ending not in _ENDINGS:
        return None
    return f"renders/{demo_id}/{position}-{claim}.{ending}"
