"""The most anybody ever did in one round, in both rounds of a map together, or in a whole session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Scope(Enum):
    """Values are what the rows say."""

    ROUND = "round"
    MAP = "map"
    SESSION = "session"


class RecordFigure(Enum):
    """What there are records of, in the order they are told; values are what the rows say."""

    KILLS = "kills"
    DAMAGE = "damage"
    HEADSHOTS = "headshots"
    ACCURACY = "accuracy"
    XP = "xp"
    REVIVES = "revives"
    REVIVED = "revived"
    GIBS = "gibs"
    USEFUL = "useful"
    STOLEN = "stolen"
    RETURNED = "returned"
    PLANTED = "planted"
    DEFUSED = "defused"


_OF_A_MAP = ("KILLS", "DAMAGE", "HEADSHOTS", "XP", "REVIVES", "GIBS")
TOLD: dict[Scope, tuple[RecordFigure, ...]] = {
    Scope.ROUND: tuple(RecordFigure),
    Scope.MAP: tuple(RecordFigure[name] for name in _OF_A_MAP),
    Scope.SESSION: tuple(figure for figure in RecordFigure if figure is not RecordFigure.ACCURACY),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """*place* 1 holds it, 2 is the runner-up. *at*: the end of the round, of the map's second, or of the session;
    *name*: as the holder was called then, *now_called* as he is now. *map* '' and no *rounds*: a session's. *rounds*:
    the round's id, or both."""

    figure: RecordFigure
    place: int
    value: float
    at: datetime
    guid: str
    name: str
    now_called: str
    map: str
    rounds: tuple[int, ...]
