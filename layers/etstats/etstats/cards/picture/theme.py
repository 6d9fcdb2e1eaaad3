"""How every picture looks: colours, sizes, spacing. One dark theme; a test tries it on the eyes of the colour-blind.

A phone shows 1,000 px in about 390, so nothing is written smaller than `SMALL`.
"""

from __future__ import annotations

WIDTH = 1_000
HEIGHT = 600
MARGIN = 40
GAP = 14

# text, in px
TITLE = 48
HEADLINE = 64
LABEL = 30
SMALL = 26

# lines and marks, in px
HAIR = 2
STROKE = 6
MARK = 11
CORNER = 8

BACKGROUND = "#15181d"
PANEL = "#232931"
GRID = "#3a424d"
TEXT = "#f4f6f8"
MUTED = "#b4bdc8"

TEAM_A = "#f5a623"
TEAM_B = "#62b8f5"
ABOVE = "#3ec9e8"
BELOW = "#ff9d5c"
USUAL = "#8b96a5"

TEAMS = {"A": TEAM_A, "B": TEAM_B}
