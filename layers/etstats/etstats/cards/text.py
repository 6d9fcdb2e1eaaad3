"""Words and figures for people: names that cannot play tricks, tables that fit a phone, a sign for what is unknown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from etstats.domain.period import Period
from etstats.words import Words

PHONE_COLUMNS = 40
UNKNOWN = "–"

NEUTRAL = 0x5865F2
AXIS = 0xC0392B
ALLIES = 0x2E86DE
TEAM_A = 0xF0A030
TEAM_B = 0x2FA8A0
GREY = 0x80848E

_ZERO_WIDTH = "\u200b"
_SPECIAL = re.compile(r"([\\*_~`|\[\]<>])")
_LINK = re.compile(r"(?i)(https?|discord|www)(?=[:.])")
_AT_LINE_START = ("#", "-", "+")


def plain(name: str) -> str:
    """*name* without what cannot be seen: control characters, direction marks, zero-width signs, line breaks."""
    return " ".join(_seen(name).split()) or "(no name)"


def _seen(name: str) -> str:
    if name.isascii() and name.isprintable():
        return name
    return "".join(sign for sign in name if unicodedata.category(sign)[0] not in "CM" and sign not in "\u2028\u2029")


def escaped(name: str) -> str:
    """*name* for running text: shown as it is, formatting nothing, mentioning nobody, linking nowhere."""
    text = _SPECIAL.sub(r"\\\1", plain(name)).replace("@", "@" + _ZERO_WIDTH)
    text = _LINK.sub(lambda found: found[0] + _ZERO_WIDTH, text)
    return "\\" + text if text.startswith(_AT_LINE_START) else text


def unmarked(text: str) -> str:
    """A sentence of ours without what only Discord understands."""
    return re.sub(r"\\(?=[\W_])|[*`]", "", text)


def file_safe(text: str) -> str:
    """*text* as part of a file's name on any system."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)[:40].strip("-") or "unnamed"


def in_table(name: str, columns: int) -> str:
    """*name* for a code block: exactly *columns* wide, with nothing in it that could end the block."""
    kept = plain(name).replace("`", "'")
    if _columns(kept) > columns:
        kept = _shorter(kept[:columns], columns - 1) + "…"
    return kept + " " * (columns - _columns(kept))


def _shorter(text: str, columns: int) -> str:
    while _columns(text) > columns:
        text = text[:-1]
    return text


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def table(lines: Sequence[str]) -> str:
    """A code block; trailing blanks go."""
    return "```\n" + "\n".join(line.rstrip() for line in lines) + "\n```"


def narrow(number: float | None, columns: int) -> str:
    """*number* for a column of a table, a blank before it; what is too long in thousands or millions."""
    if number is None:
        return UNKNOWN.rjust(columns)
    sizes = ((1, ""), (1_000, "k"), (1_000_000, "M"), (1_000_000_000, "G"))
    written = (f"{number / size:.0f}{sign}" for size, sign in sizes)
    return next((text for text in written if len(text) < columns), "…").rjust(columns)


def kills_to_deaths(kills: int, deaths: int) -> str:
    """183/130 in eight columns."""
    return f"{narrow(kills, 4).strip()}/{narrow(deaths, 4).strip()}".rjust(8)


def clock(seconds: int | None) -> str:
    """525 → 8:45."""
    return UNKNOWN if seconds is None else f"{seconds // 60}:{seconds % 60:02}"


def thousands(number: int | None) -> str:
    """3412 → 3.4k: for columns where every sign counts."""
    if number is None:
        return UNKNOWN
    return str(number) if number < 1_000 else f"{number / 1_000:.1f}k" if number < 100_000 else f"{number // 1_000}k"


def count(number: int, one: str, many: str = "") -> str:
    """1 round, 2 rounds."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def part(words: Words, period: Period, map: str, today: date) -> list[str]:
    """What part of the archive this is about, when not all of it."""
    return [*([] if period is Period.ALL else [_period(words, period, today)]), *([escaped(map[:64])] if map else [])]


def part_or_all(words: Words, period: Period, map: str, today: date) -> str:
    return " · ".join(part(words, period, map, today)) or words("period.all")


def _period(words: Words, period: Period, today: date) -> str:
    """`30 days`, `Autumn season 2025`."""
    if period is not Period.SEASON:
        return words(f"period.{period.value}")
    season = words(f"period.{('spring', 'summer', 'autumn', 'winter')[(today.month - 1) // 3]}")
    return words("period.season_of", season=season, year=today.year)
