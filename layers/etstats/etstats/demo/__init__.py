"""Demos of Enemy Territory, `.dm_84` and `.tv_84`: bytes → messages → states → events, and back.

    from etstats.demo import Demo

    with open("evening.tv_84", "rb") as file:
        demo = Demo(file)
        for event in demo.events():
            ...
        print(demo.about().map)

Needs nothing but Python; its inner loops are compiled where there is a compiler (`COMPILED`). Any bytes are read or
refused with `errors.BadDemo`. docs/demo.md lists every event and field.
"""

from __future__ import annotations

from etstats.demo.cut import CutDemo, cut, point_of_view
from etstats.demo.decode import COMPILED
from etstats.demo.demo import About, Demo
from etstats.demo.events import Completeness, Event, Region, Team
from etstats.demo.messages import Gamestate, Message, ServerCommand, Snapshot
from etstats.demo.positions import Position, read_positions
from etstats.demo.reader import Reader
from etstats.demo.roster import Player
from etstats.demo.writer import Writer

__all__ = [
    "COMPILED", "About", "Completeness", "CutDemo", "Demo", "Event", "Gamestate", "Message", "Player", "Position",
    "Reader", "Region", "ServerCommand", "Snapshot", "Team", "Writer", "cut", "point_of_view", "read_positions",
]  # fmt: skip
