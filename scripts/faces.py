"""Writes down which of our fonts has which letter, and how wide it is: `.venv/bin/python -m scripts.faces`.

Pictures are laid out from this table, so that nothing that makes a picture reads a font. Written again when a font
package changes; a test compares.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from fontTools.ttLib import TTFont

from etstats.gateways.renderer import FAMILIES, font_file

TABLE = Path(__file__).parent.parent / "layers" / "etstats" / "etstats" / "cards" / "picture" / "faces.json"
_EM = 1_000
_UNIFORM = 4  # so many neighbours of one width are written as one
_REGULAR, _BOLD = 400, 700

Letter = tuple[int, int, int]  # which family, its width, its width in bold


def main() -> None:
    TABLE.write_text(written(), encoding="utf-8")


def written() -> str:
    """`runs` are [first code point, family, widths, widths in bold], or with a count in front of a width for all."""
    letters: dict[int, Letter] = {}
    for family in reversed(range(len(FAMILIES))):  # who comes first in the list has the last word
        letters.update(_letters(family))
    runs = ",\n".join(json.dumps(run, separators=(",", ":")) for run in _runs(letters))
    return f'{{"families": {json.dumps(list(FAMILIES))},\n"runs": [\n{runs}\n]}}\n'


def _letters(family: int) -> Iterator[tuple[int, Letter]]:
    file = font_file(list(FAMILIES)[family])
    regular, bold = (_widths(file, weight) for weight in (_REGULAR, _BOLD))
    for code, width in regular.items():
        yield code, (family, width, bold[code])


def _widths(file: Path, weight: int) -> dict[int, int]:
    """Per thousand of the letter's size."""
    with TTFont(file, fontNumber=0, lazy=True) as font:
        glyphs, em = font.getGlyphSet(location={"wght": weight}), font["head"].unitsPerEm
        return {code: round(glyphs[name].width * _EM / em) for code, name in font.getBestCmap().items() if code >= 0x20}


def _runs(letters: dict[int, Letter]) -> Iterator[list[object]]:
    """Neighbours of one family together: of one width as a count, of several as lists."""
    mixed: list[tuple[int, Letter]] = []
    for code, letter, count in _repeated(letters):
        follows = mixed and mixed[-1][0] + 1 == code and mixed[-1][1][0] == letter[0]
        if mixed and (count >= _UNIFORM or not follows):
            yield _listed(mixed)
            mixed = []
        if count >= _UNIFORM:
            yield [code, letter[0], count, letter[1], letter[2]]
        else:
            mixed += [(code + more, letter) for more in range(count)]
    if mixed:
        yield _listed(mixed)


def _listed(mixed: list[tuple[int, Letter]]) -> list[object]:
    return [mixed[0][0], mixed[0][1][0], [one[1] for _, one in mixed], [one[2] for _, one in mixed]]


def _repeated(letters: dict[int, Letter]) -> Iterator[tuple[int, Letter, int]]:
    """Code point, letter, and how many neighbours from there on are alike."""
    codes = sorted(letters)
    at = 0
    while at < len(codes):
        count = 1
        while (
            at + count < len(codes)
            and codes[at + count] == codes[at] + count
            and (letters[codes[at + count]] == letters[codes[at]])
        ):
            count += 1
        yield codes[at], letters[codes[at]], count
        at += count


if __name__ == "__main__":
    main()
