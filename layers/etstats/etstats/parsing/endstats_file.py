"""An endstats file's bytes become awards and duels. Any bytes are read; a line that is neither is counted as damaged.

Most damage given<tab>vid<tab>3214                  an award
VS_HEADER<tab>vid<tab>D8423F90…                     from here on vid's duels (newer writers)
carniee<tab>4<tab>0                                 a duel: killed carniee four times, never killed by him
"""

from __future__ import annotations

import re

from etstats.domain.award import Award, Duel, EndstatsFile
from etstats.domain.stats_file import FileName

_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_COUNT = re.compile(r"\d{1,6}", re.ASCII)
# twice what the longest award with the longest name needs
_LONGEST_LINE = 400
_GUID = re.compile(r"[0-9A-Fa-f]{8,32}", re.ASCII)


def read_endstats_file(name: FileName, content: bytes) -> EndstatsFile:
    """Never raises."""
    awards: list[Award] = []
    duels: list[Duel] = []
    owner: tuple[str | None, str | None] = (None, None)
    damaged = 0
    for line in content.split(b"\n"):
        cells = _text(line.rstrip(b"\r")).split("\t")
        if cells == [""]:
            continue
        if len(line) > _LONGEST_LINE:
            damaged += 1
            continue
        match cells:
            case ["VS_HEADER", subject, guid] if _GUID.fullmatch(guid):
                owner = subject, guid[:8].upper()
            case [opponent, kills, deaths] if _COUNT.fullmatch(kills) and _COUNT.fullmatch(deaths):
                # a player may be named like an award: two whole numbers are what tells a duel
                duels.append(_duel(owner, opponent, kills, deaths))
            case [award, player, value] if award and player:
                awards.append(Award(award=award, player=player, value_text=value, value=_value(value)))
            case _:
                damaged += 1
    return EndstatsFile(
        name=name,
        awards=tuple(awards),
        duels=tuple(duels),
        damaged=damaged,
        line_ending="crlf" if b"\r\n" in content else "lf",
    )


def _duel(owner: tuple[str | None, str | None], opponent: str, kills: str, deaths: str) -> Duel:
    subject, guid = owner
    return Duel(subject=subject, subject_guid=guid, opponent=opponent, kills=int(kills), deaths=int(deaths))


def _value(text: str) -> float | None:
    found = _NUMBER.search(text)
    return float(found[0]) if found else None


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").replace("\x00", "\ufffd")
    except UnicodeDecodeError:
        return raw.decode("latin-1").replace("\x00", "\ufffd")
