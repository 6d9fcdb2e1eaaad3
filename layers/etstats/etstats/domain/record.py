"""The most anybody ever did in one round, or in both rounds of a map together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Scope(Enum):
    """Values are what the rows say."""

    ROUND = "round"
    MAP = "map"


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


LABELS: dict[RecordFigure, str] = {
    RecordFigure.KILLS: "Kills",
    RecordFigure.DAMAGE: "Damage",
    RecordFigure.HEADSHOTS: "Head hits with guns",
    RecordFigure.ACCURACY: "Gun accuracy, over 50 shots",
    RecordFigure.XP: "Experience",
    RecordFigure.REVIVES: "Revives",
    RecordFigure.REVIVED: "Times revived",
    RecordFigure.GIBS: "Gibs",
    RecordFigure.USEFUL: "Useful kills",
    RecordFigure.STOLEN: "Objectives stolen",
    RecordFigure.RETURNED: "Objectives returned",
    RecordFigure.PLANTED: "Dynamites planted",
    RecordFigure.DEFUSED: "Dynamites defused",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """*place* 1 holds it, 2 is the runner-up. *at*: the end of the round, or of the map's second; *name*: as the
    holder was called then, *now_called* as he is now. *rounds*: the round's id, or both."""

    figure: RecordFigure
    place: int
    value: float
    at: datetime
    guid: str
    name: str
    now_called: str
    map: str
    rounds: tuple[int, ...]
