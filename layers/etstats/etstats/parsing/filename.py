"""``2025-10-02-211808-etl_adlernest-round-1.txt``: when a round ended, on which map, and which round it was.

``gametime-etl_adlernest-R1-1759432688.json`` says the same in Unix seconds.
"""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, UTC, datetime

from etstats.domain.stats_file import FileName, Kind
from etstats.errors import BadFile

# the map part is greedy; the oldest writer's path separator may stand in front as a literal backslash
_NAME = re.compile(
    r"(?:gamestats\\)?(\d{4})-(\d\d)-(\d\d)-(\d\d)(\d\d)(\d\d)-(?P<map>[^\x00-\x1f/\\]+)-round-(?P<round>[12])(?:-(?P<endstats>endstats)|_(?P<ws>ws))?\.txt",
    re.ASCII,
)
_GAMETIME = re.compile(r"gametime-([^\x00-\x1f/\\]+)-R([12])-(\d{9,10})\.json", re.ASCII)


def read_name(text: str) -> FileName:
    """Raises BadFile(code="bad_name")."""
    if (timed := _GAMETIME.fullmatch(text)) is not None:
        return _gametime_name(text, timed)
    found = _NAME.fullmatch(text)
    if found is None:
        raise BadFile(
            "bad_name", f"“{_shown(text)}” is not named YYYY-MM-DD-HHMMSS-map-round-N.txt as the game writes it"
        )
    try:
        year, month, day, hour, minute, second = map(int, found.group(1, 2, 3, 4, 5, 6))
        if year in (MINYEAR, MAXYEAR):
            raise ValueError("there is no time before it or after it to look for neighbours in")  # noqa: TRY301
        written_at = datetime(year, month, day, hour, minute, second)  # no zone is written
    except ValueError as fault:
        raise BadFile("bad_name", f"“{_shown(text)}” carries a date that does not exist") from fault
    kind = Kind.ENDSTATS if found["endstats"] else Kind.WEAPONS if found["ws"] else Kind.STATS
    return FileName(text=text, written_at=written_at, map=found["map"], round=int(found["round"]), kind=kind)


def _gametime_name(text: str, found: re.Match[str]) -> FileName:
    ended_at = datetime.fromtimestamp(int(found[3]), UTC).replace(tzinfo=None)
    return FileName(text=text, written_at=ended_at, map=found[1], round=int(found[2]), kind=Kind.GAMETIME)


def _shown(text: str) -> str:
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    return plain if len(plain) <= 120 else plain[:119] + "…"
