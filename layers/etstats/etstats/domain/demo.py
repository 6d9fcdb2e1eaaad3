"""A demo as it is kept: where it came from, how far its analysis is, and what was found in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from hashlib import sha256
from typing import Any, BinaryIO

from etstats.domain.highlight import Highlight

MAX_BYTES = 200 * 1024 * 1024
_CHUNK = 1 << 20


class State(Enum):
    """Values are the keys of their names in `words`."""

    RECEIVED = "received"
    ANALYSING = "analysing"
    READY = "ready"
    FAILED = "failed"


class Performance(Enum):
    """What single performances are compared by."""

    KILLS = "kills"
    DAMAGE = "damage"
    ACCURACY = "accuracy"
    MULTI_KILL = "multi_kill"
    SPREE = "spree"
    HEADSHOTS = "headshots"


class Picture(Enum):
    """What is drawn of a demo. Values are the keys of their names in `words`, section ``demo``."""

    HEAT_MAP = "heat_map"
    TIMELINE = "timeline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """*told*: what the picture shows, in words."""

    png: bytes
    told: str


# An accuracy over a handful of kills is luck (reference 2F.11).
ENOUGH_KILLS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """*percent*: of the analysis. *reason*: why it failed. Times in server milliseconds; None: not known yet.

    *round_id*: the round it shows, *matched_by* ``computed`` or ``human``, with the points for it in *match_parts*, by
    reasons. *shown_s*: how long that round is played in it; *shown_whole*: from its beginning to its end.
    """

    demo_id: int
    guild_id: str
    sha256: str
    kind: str
    name: str
    size: int
    uploaded_by: str | None
    received_at: datetime
    state: str
    percent: int
    reason: str | None
    map: str | None
    begin_ms: int | None
    end_ms: int | None
    truncated: bool | None
    complete: bool | None
    recorder: str | None
    round_id: int | None
    match_score: int | None
    match_parts: list[list[Any]] | None
    matched_by: str | None
    shown_s: int | None
    shown_whole: bool | None

    @property
    def key(self) -> str:
        """Where its bytes are in the bucket."""
        return demo_key(self.guild_id, self.sha256, self.kind)


def sha256_of(file: BinaryIO) -> str:
    """Of all of it, in hexadecimal: which demo it is."""
    file.seek(0)
    digest = sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def demo_key(guild_id: str, sha256: str, kind: str) -> str:
    return f"demos/{guild_id}/{sha256}.{kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPlayer:
    """What a player did in a demo. *hits*: bullets that hit an enemy, of *bullets* that hit anything; None: the demo
    does not tell. *damage*: as the round's stats file says."""

    client: int
    name: str
    team: str
    guid: str | None = None
    kills: int = 0
    deaths: int = 0
    self_kills: int = 0
    team_kills: int = 0
    headshots: int = 0
    bullets: int | None = None
    hits: int | None = None
    head_hits: int | None = None
    damage: int | None = None
    first_bloods: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDuel:
    """How often *attacker* killed *victim*, by client numbers."""

    attacker: int
    victim: int
    kills: int
    headshots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A stored highlight with the demo it is in. *position*: 1 is the best of its demo; *guid*: the person's; *from_ms*
    and *to_ms*: of its clip."""

    demo_id: int
    position: int
    guid: str | None
    from_ms: int
    to_ms: int
    highlight: Highlight
    map: str | None
    demo_kind: str
    sha256: str
    guild_id: str
    received_at: datetime
    begin_ms: int

    @property
    def demo_key(self) -> str:
        return demo_key(self.guild_id, self.sha256, self.demo_kind)


def told_once(found: Iterable[Shown]) -> list[Shown]:
    """The best first; of what several demos of a round show, the one that is worth most, and a TV's where they are
    alike."""
    kept: list[Shown] = []
    for one in sorted(found, key=lambda one: (-one.highlight.score, one.demo_kind != "tv_84", one.position)):
        if not any(_same_moment(one, other) for other in kept):
            kept.append(one)
    return kept


def _same_moment(one: Shown, other: Shown) -> bool:
    """Within one demo what overlaps is merged already, and what is not is told apart on purpose."""
    mine, its = one.highlight, other.highlight
    return (
        one.demo_id != other.demo_id
        and mine.client == its.client
        and mine.first_ms <= its.last_ms
        and its.first_ms <= mine.last_ms
        and not {mine.kind, *mine.also}.isdisjoint({its.kind, *its.also})
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TopShot:
    """A single performance."""

    value: float
    name: str
    guid: str | None
    demo_id: int
    map: str | None
    received_at: datetime
