"""A game server as it tells of itself: what is played there, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from etstats.domain.name import strip_colours


class Side(IntEnum):
    """As the game numbers them."""

    UNKNOWN = 0
    AXIS = 1
    ALLIES = 2
    SPECTATOR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody on the server. *slot* None: not told. *ping* in milliseconds; None: still connecting. *name* as it is in
    the game, colour codes and all."""

    name: str
    score: int
    ping: int | None
    slot: int | None = None
    side: Side = Side.UNKNOWN
    bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStatus:
    """*humans*: as the server counts them, where it does. *slots*: how many can play without a password of their own.
    *axis_wave_ms*, *allies_wave_ms*: how long reinforcements take; None: not told."""

    hostname: str
    map: str
    game_type: int | None
    seats: tuple[Seat, ...]
    humans: int
    slots: int | None
    needs_password: bool = False
    axis_wave_ms: int | None = None
    allies_wave_ms: int | None = None
    time_limit_min: float | None = None

    def on_side(self, side: Side) -> list[Seat]:
        """Its players without bots, the best first."""
        return sorted((one for one in self.seats if one.side is side and not one.bot), key=lambda one: -one.score)

    @property
    def bots(self) -> list[Seat]:
        return [one for one in self.seats if one.bot]


def find_seat(seats: Iterable[Seat], slot: int) -> Seat | None:
    return next((one for one in seats if one.slot == slot), None)


def same_name(one: str, other: str) -> bool:
    """Whether two writings of a name show the same, colour codes aside."""
    return strip_colours(one).strip() == strip_colours(other).strip()
