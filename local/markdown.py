"""Discord's markdown as rich text for a terminal.

What players typed is only ever text: it is never read as rich's own markup, and control characters (an escape in a
name could repaint the terminal) are left out before anything is drawn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.style import Style
from rich.text import Text

_FENCE = re.compile(r"```(?:([a-zA-Z0-9_+\-.#]+?)\n)?\n*([^\n].*?)\n*```", re.DOTALL)
_HEADING = re.compile(r"(#{1,3})\s+(.+)")
_LIST_ITEM = re.compile(r"(\s*)([-*]|\d{1,10}\.)\s+(.*)")
_SUBTEXT = re.compile(r"-#\s+(.+)")
_SGR = re.compile(r"\x1b\[([\d;]*)m")
_ANSI_COLOURS = ("bright_black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of a text: *code* keeps its columns, everything else may be wrapped."""

    text: Text
    code: bool = False


def clean(text: str) -> str:
    """*text* without control characters and direction marks; line breaks stay."""
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))


def blocks(text: str, *, now: datetime) -> list[Block]:
    """The paragraphs and code blocks of *text*, top to bottom."""
    found: list[Block] = []
    at = 0
    for fence in _FENCE.finditer(text):
        found += _paragraph(text[at : fence.start()].removesuffix("\n"), now)
        code = _ansi(fence[2]) if (fence[1] or "").lower() == "ansi" else Text(clean(fence[2]))
        found.append(Block(text=code, code=True))
        at = fence.end() + text[fence.end() :].startswith("\n")
    return found + _paragraph(text[at:], now)


def _paragraph(text: str, now: datetime) -> list[Block]:
    if not text:
        return []
    return [Block(text=Text("\n").join(_lines(text.split("\n"), now)))]


def _lines(lines: list[str], now: datetime) -> Iterator[Text]:
    quoted_to_the_end = False
    for line in lines:
        quoted_to_the_end = quoted_to_the_end or line.startswith(">>> ")
        if quoted_to_the_end or line.startswith("> "):
            yield Text("▏ ", "dim") + inline(line.removeprefix(">>> ").removeprefix("> "), now=now)
        elif heading := _HEADING.fullmatch(line):
            yield _styled(inline(heading[2], now=now), "bold underline" if len(heading[1]) == 1 else "bold")
        elif subtext := _SUBTEXT.fullmatch(line):
            yield _styled(inline(subtext[1], now=now), "dim")
        elif item := _LIST_ITEM.fullmatch(line):
            sign = item[2] if item[2][0].isdigit() else "•"
            yield Text(f"{item[1]}{sign} ") + inline(item[3], now=now)
        else:
            yield inline(line, now=now)


def _styled(text: Text, style: str) -> Text:
    text.stylize_before(style)
    return text


def _ansi(text: str) -> Text:
    """An ```ansi block: the colours Discord knows, and nothing else of what an escape can do."""
    made = Text()
    style = Style()
    for number, piece in enumerate(_SGR.split(text)):
        if number % 2:
            for code in piece.split(";"):
                style = _restyled(style, int(code or 0))
        else:
            made.append(clean(piece), style)
    return made


def _restyled(style: Style, code: int) -> Style:
    if code == 0:
        return Style()
    if code in (1, 4):
        return style + Style(bold=code == 1 or style.bold, underline=code == 4 or style.underline)
    if 30 <= code <= 37:
        return style + Style(color=_ANSI_COLOURS[code - 30])
    return style + Style(bgcolor=_ANSI_COLOURS[code - 40]) if 40 <= code <= 47 else style


_Draw = Callable[[re.Match[str], datetime], Text]


def _marked(style: str) -> _Draw:
    return lambda found, now: _styled(inline(found[1], now=now), style)


def _masked_link(found: re.Match[str], now: datetime) -> Text:
    return _styled(inline(found[1], now=now), "underline") + Text(f" ({clean(found[2])})", "dim")


def _moment(found: re.Match[str], now: datetime) -> Text:
    try:
        when = datetime.fromtimestamp(int(found[1]), UTC)
    except (ValueError, OverflowError, OSError):
        return Text(found[0])
    if found[2] == "R":
        return Text(_relative(when, now))
    forms = {"t": "%H:%M", "T": "%H:%M:%S", "d": "%Y-%m-%d", "D": "%d %B %Y", "F": "%A, %d %B %Y %H:%M"}
    return Text(
        when.strftime(forms.get(found[2] or "f", "%d %B %Y %H:%M")) + ("" if found[2] in ("d", "D") else " UTC")
    )


_STEPS = (("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def _relative(when: datetime, now: datetime) -> str:
    """“3 hours ago”, “in 2 days”."""
    away_s = round((when - now).total_seconds())
    unit, length = next(((name, step) for name, step in _STEPS if abs(away_s) >= step), ("second", 1))
    many = round(abs(away_s) / length)
    words = f"{many} {unit}{'' if many == 1 else 's'}"
    return f"in {words}" if away_s > 0 else f"{words} ago"


# Discord's order: the first that fits at a place wins
_INLINE: tuple[tuple[re.Pattern[str], _Draw], ...] = (
    (re.compile(r"\\([^\sA-Za-z0-9])"), lambda found, _: Text(found[1])),
    (re.compile(r"(`+)(.*?[^`])\1(?!`)", re.DOTALL), lambda found, _: Text(clean(found[2]), "cyan")),
    (re.compile(r"<(https?://[^\s>]+)>"), lambda found, _: Text(clean(found[1]), "underline")),
    (re.compile(r"<t:(-?\d{1,13})(?::([tTdDfFR]))?>"), _moment),
    (re.compile(r"</([^:<>\n]{1,100}):\d+>"), lambda found, _: Text(f"/{clean(found[1])}", "bold blue")),
    (re.compile(r"<a?:(\w{2,32}):\d+>"), lambda found, _: Text(f":{found[1]}:")),
    (
        re.compile(r"\[((?:\\.|[^\[\]\\\n])+)\]\((https?://[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)\)"),
        _masked_link,
    ),
    (re.compile(r"https?://[^\s<]+[^<.,:;\"')\]\s]"), lambda found, _: Text(clean(found[0]), "underline")),
    (re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL), _marked("bold")),
    (re.compile(r"__((?:\\.|[^\\])+?)__(?!_)", re.DOTALL), _marked("underline")),
    (re.compile(r"\b_((?:__|\\.|[^\\_])+?)_\b", re.DOTALL), _marked("italic")),
    (
        re.compile(r"\*(?=\S)((?:\*\*|\\.|\s+(?:\\.|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)", re.DOTALL),
        _marked("italic"),
    ),
    (re.compile(r"~~(?=\S)(.+?)~~", re.DOTALL), _marked("strike")),
    (re.compile(r"\|\|(.+?)\|\|", re.DOTALL), _marked("reverse")),
)
_SIGNIFICANT = re.compile(r"[\\`<\[*_~|h]")


def inline(text: str, *, now: datetime) -> Text:
    """A text with what may stand inside a line: bold, italics, code, links, timestamps."""
    made = Text()
    plain_from = at = 0
    while next_sign := _SIGNIFICANT.search(text, at):
        at = next_sign.start()
        match = next(((found, draw) for pattern, draw in _INLINE if (found := pattern.match(text, at))), None)
        if match is None:
            at += 1
            continue
        found, draw = match
        made.append(clean(text[plain_from:at])).append_text(draw(found, now))
        plain_from = at = found.end()
    return made.append(clean(text[plain_from:]))
