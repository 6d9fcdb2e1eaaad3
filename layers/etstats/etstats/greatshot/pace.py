"""Which moment of a demo each frame of its film shows: as it happened, unless that takes too long to watch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

FRAMES_PER_S = 25
FRAME_MS = 1_000 // FRAMES_PER_S
LONGEST_MS = 30_000
_BEFORE_MS, _AFTER_MS = 2_000, 1_500  # around a moment: what leads to it and what it leads to


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """*speed*: how many times as fast as it happened."""

    at_ms: int
    speed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    from_ms: int
    to_ms: int
    loud: bool


def paced(from_ms: int, to_ms: int, moments: Iterable[int], *, longest_ms: int = LONGEST_MS) -> list[Frame]:
    """The frames of a film of at most *longest_ms*.

    What is between the *moments* is fast-forwarded first, to a third of the film at worst; then the moments as well.
    """
    stretches = _stretches(from_ms, max(to_ms, from_ms + FRAME_MS), sorted(moments))
    loud_ms = sum(one.to_ms - one.from_ms for one in stretches if one.loud)
    quiet_ms = sum(one.to_ms - one.from_ms for one in stretches if not one.loud)
    quiet_lasts = min(quiet_ms, max(longest_ms - loud_ms, longest_ms // 3))
    loud_lasts = min(loud_ms, longest_ms - quiet_lasts)
    speeds = {True: loud_ms / max(loud_lasts, 1), False: quiet_ms / max(quiet_lasts, 1)}
    return list(_frames(stretches, speeds, longest_ms))


def _frames(stretches: Sequence[_Stretch], speeds: dict[bool, float], longest_ms: int) -> Iterator[Frame]:
    at = float(stretches[0].from_ms)
    left = longest_ms // FRAME_MS
    for one in stretches:
        speed = max(1.0, speeds[one.loud])
        while at < one.to_ms and left:
            yield Frame(at_ms=round(at), speed=speed)
            at += FRAME_MS * speed
            left -= 1


def _stretches(from_ms: int, to_ms: int, moments: Sequence[int]) -> list[_Stretch]:
    """Loud and quiet ones in turn, from *from_ms* to *to_ms*."""
    found: list[_Stretch] = []
    at = from_ms
    for moment in moments:
        begin, end = max(at, moment - _BEFORE_MS), min(to_ms, moment + _AFTER_MS)
        if begin > at:
            found.append(_Stretch(from_ms=at, to_ms=begin, loud=False))
        if end > begin:
            found.append(_Stretch(from_ms=begin, to_ms=end, loud=True))
            at = end
    if at < to_ms:
        found.append(_Stretch(from_ms=at, to_ms=to_ms, loud=False))
    return found
