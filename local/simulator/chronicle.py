"""What happened in a round, moment by moment: what `tally` counts, with its time. Films are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from local.simulator.weapons import Kit

if TYPE_CHECKING:
    from local.simulator.fighter import Fighter


class What(Enum):
    JOIN = "join"
    LEAVE = "leave"
    SPAWN = "spawn"
    """As *kit*, with *weapon*."""
    BURST = "burst"
    """Of *weapon* at *whom*, or at nothing: *shots*, of which *hits* hit, of which *heads* hit the head."""
    BLAST = "blast"
    """Of *weapon*: *hits* enemies were caught."""
    KILL = "kill"
    """*whom* by *who*; *heads* 1: the last hit was on the head."""
    TEAM_KILL = "team kill"
    SELF_KILL = "self kill"
    GIB = "gib"
    """The body of *who*."""
    REVIVE = "revive"
    """*whom* by *who*."""
    PLANT = "plant"
    DEFUSE = "defuse"
    BUILD = "build"
    STEAL = "steal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """*at_ms*: of the round's clock."""

    at_ms: int
    what: What
    who: Fighter
    whom: Fighter | None = None
    weapon: int = 0
    shots: int = 0
    hits: int = 0
    heads: int = 0
    kit: Kit | None = None
