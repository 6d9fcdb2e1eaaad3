"""Where something is on a map, seen from above: in its units, x east and y north."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Place = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of a map."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, places: Sequence[Place], *, room: float) -> Box:
        """The smallest one that leaves *room* on each side of every place; there has to be one."""
        xs, ys = [x for x, _ in places], [y for _, y in places]
        return cls(west=min(xs) - room, south=min(ys) - room, east=max(xs) + room, north=max(ys) + room)

    @property
    def width(self) -> float:
        return self.east - self.west

    @property
    def height(self) -> float:
        return self.north - self.south

    @property
    def middle(self) -> Place:
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    def shaped(self, ratio: float) -> Box:
        """The smallest one around this that is *ratio* times as wide as high."""
        wide, high = max(self.width, self.height * ratio), max(self.height, self.width / ratio)
        x, y = self.middle
        return Box(west=x - wide / 2, south=y - high / 2, east=x + wide / 2, north=y + high / 2)
