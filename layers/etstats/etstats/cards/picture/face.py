"""Letters: which of our fonts has one, how wide it is, and how any name becomes something that can be drawn.

`faces.json` is written by `scripts/faces.py` from the fonts themselves.
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pkgutil import get_data

from etstats.words import UNKNOWN

_EM = 1_000
_LONGEST = 400  # nothing longer fits anywhere; a name is at most 36 bytes in the game
_MARKS_IN_A_ROW = 2
_LACKING = "?"
_ELLIPSIS = "…"
_FLAG_LETTERS = {0x1F1E6 + place: chr(ord("A") + place) for place in range(26)}
_UNDRAWN = {*range(0x1F3FB, 0x1F400), *range(0xFE00, 0xFE10), 0x20E3}  # skin tones, variants, key caps


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Neighbours of one family, and their widths per thousand; a single width is everybody's."""

    first: int
    count: int
    family: int
    widths: tuple[int, ...]
    bold_widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Faces:
    families: tuple[str, ...]
    firsts: tuple[int, ...]
    runs: tuple[_Run, ...]


@cache
def _faces() -> _Faces:
    content = get_data(__name__, "faces.json")
    assert content is not None  # the package's own file
    read = json.loads(content)
    runs = tuple(map(_run, read["runs"]))
    return _Faces(tuple(read["families"]), tuple(run.first for run in runs), runs)


def _run(written: list[list[int] | int]) -> _Run:
    match written:
        case [int(first), int(family), int(count), int(width), int(bold)]:
            return _Run(first=first, count=count, family=family, widths=(width,), bold_widths=(bold,))
        case [int(first), int(family), list(widths), list(bolds)]:
            return _Run(first=first, count=len(widths), family=family, widths=tuple(widths), bold_widths=tuple(bolds))
    raise ValueError(f"faces.json holds {written}")


def _find(sign: str) -> _Run | None:
    faces, code = _faces(), ord(sign)
    at = bisect_right(faces.firsts, code) - 1
    found = faces.runs[at] if at >= 0 else None
    return found if found is not None and code < found.first + found.count else None


def drawable(text: str) -> str:
    """*text* as we can draw it: nothing invisible, nothing that changes direction or piles up, no letter we lack."""
    signs: list[str] = []
    for sign in _composed(text[:_LONGEST]):
        if unicodedata.combining(sign) or unicodedata.category(sign)[0] == "M":
            if _belongs(sign, signs):
                signs.append(sign)
        else:
            signs += sign if _find(sign) else _alike(sign)
    return " ".join("".join(signs).split())


def name(text: str) -> str:
    """The same of a name, which may be nothing but tricks."""
    return drawable(text) or UNKNOWN


def _composed(text: str) -> Iterator[str]:
    for sign in unicodedata.normalize("NFC", text):
        if ord(sign) in _FLAG_LETTERS:
            yield _FLAG_LETTERS[ord(sign)]
        elif sign.isspace():
            yield " "
        elif unicodedata.category(sign)[0] != "C" and ord(sign) not in _UNDRAWN:
            yield sign


def _belongs(mark: str, signs: list[str]) -> bool:
    """A mark is drawn on a letter of the same font, and not on a pile of marks."""
    base, found = _base(signs), _find(mark)
    return bool(base and found and (on := _find(base)) and on.family == found.family)


def _base(signs: list[str]) -> str | None:
    for sign in reversed(signs[-_MARKS_IN_A_ROW:]):
        if unicodedata.category(sign)[0] != "M":
            return None if sign == " " else sign
    return None


def _alike(sign: str) -> Iterable[str]:
    """𝕬 is drawn as A, a letter of no font of ours as a question mark."""
    plain = [one for one in unicodedata.normalize("NFKC", sign) if _find(one)]
    return plain or [_LACKING]


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Of drawable *text*, in px. Scripts that join their letters come out a little narrower."""
    return sum(_width(sign, bold=bold) for sign in text) * size / _EM


def _width(sign: str, *, bold: bool) -> int:
    found = _find(sign)
    if found is None:
        return _EM
    widths = found.bold_widths if bold else found.widths
    return widths[0] if len(widths) == 1 else widths[ord(sign) - found.first]


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Drawable *text*, cut so that it and its ellipsis fit into *room* px."""
    if width(text, size, bold=bold) <= room:
        return text
    left = room - width(_ELLIPSIS, size, bold=bold)
    kept = ""
    for sign in text:
        left -= _width(sign, bold=bold) * size / _EM
        if left < 0:
            break
        kept += sign
    return kept.rstrip() + _ELLIPSIS


def by_family(text: str) -> list[tuple[str, str]]:
    """Drawable *text* in parts of one font each. A blank goes with what is before it."""
    faces = _faces()
    families: list[int] = []
    for sign in text:
        found = _find(sign)
        same = sign == " " and families
        families.append(families[-1] if same else found.family if found else 0)
    parts = groupby(zip(families, text, strict=True), key=lambda pair: pair[0])
    return [(faces.families[family], "".join(sign for _, sign in signs)) for family, signs in parts]
