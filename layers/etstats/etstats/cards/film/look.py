"""Where things stand in a frame and how large they are, in px. A phone shows the 720 px in about 390."""

from __future__ import annotations

from etstats.cards.picture import theme
from etstats.demo.events import Team
from etstats.domain.place import Box, Place

SIDE = 720
HEADER = 88  # above it who, what and when; below it the ground
ARENA = SIDE - HEADER
MARGIN = 20
PROGRESS = 6  # the line at the lower edge that says how far the film is

# text
NAME = 34
LINE = 23
CLOCK = 40
LABEL = 20

# what moves
ARROW = 17  # from the middle to the tip
HERO = 22
HEALTH = 6  # between an arrow and its arc
CROSS = 11
WIDE, THIN = 4, 2

COLOURS = {Team.AXIS: theme.TEAM_A, Team.ALLIES: theme.TEAM_B}


def rgb(colour: str) -> tuple[int, int, int]:
    """The theme writes #rrggbb."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


class View:
    """From places in the world to places in a frame."""

    def __init__(self, box: Box) -> None:
        self.box = box.shaped(SIDE / ARENA)
        self.px_per_unit = SIDE / self.box.width

    def __call__(self, place: Place) -> tuple[float, float]:
        """North is up."""
        x = (place[0] - self.box.west) * self.px_per_unit
        return x, HEADER + (self.box.north - place[1]) * self.px_per_unit


def inside(x: float, y: float, *, room: float = 0) -> bool:
    """Whether something of *room* px around it is wholly on the ground."""
    return room <= x <= SIDE - room and HEADER + room <= y <= SIDE - room
