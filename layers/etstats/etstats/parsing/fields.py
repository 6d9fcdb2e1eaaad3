"""The layouts of a player line, told apart by how many extended fields it has."""

from __future__ import annotations

from etstats.domain.figure import FIGURES, PLACE

_ALL = tuple(range(len(FIGURES)))


def _without(*names: str, of: tuple[int, ...]) -> tuple[int, ...]:
    left_out = {PLACE[name] for name in names}
    return tuple(place for place in of if place not in left_out)


_TO_MULTIKILLS = tuple(range(PLACE["multikill_6"] + 1))

# count of fields → for each field of the line, its place in FIGURES
LAYOUTS: dict[int, tuple[int, ...]] = {
    10: _ALL[:10],  # the game's own base line: ends with xp, blanks between
    32: _without("time_played_min", "denied_playtime_s", of=_TO_MULTIKILLS),  # writer "2", blanks between
    33: _without("denied_playtime_s", of=_TO_MULTIKILLS),  # 2024
    36: _ALL[:36],
    37: _ALL[:37],
    38: _ALL,  # from October 2025
}
BLANK_SEPARATED = (10, 32)
# the places a layout lacks, ascending
MISSING = {count: tuple(place for place in _ALL if place not in layout) for count, layout in LAYOUTS.items()}
