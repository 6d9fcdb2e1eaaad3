"""The renderer: a PNG of the declared size with our fonts, or our own error and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.cards.picture.canvas import Canvas
from etstats.errors import BadPicture
from etstats.gateways.renderer import FAMILIES, font_file
from tests.drawn import drawn, renderer

ROOT = Path(__file__).parents[2]


def _document(inside: str = "", *, width: object = 100, height: object = 50) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{inside}</svg>'


def test_a_picture_has_the_declared_size_and_colours_where_they_were_put() -> None:
    picture = drawn(_document('<rect x="10" y="20" width="30" height="10" fill="#12ab34"/>'))
    assert picture.size == (100, 50)
    inside = picture.where("#12ab34")
    assert (min(inside), max(inside)) == ((10, 20), (39, 29))


def test_letters_come_from_our_fonts_alone() -> None:
    blank, with_text, unknown = (
        drawn(_document(f'<rect width="100" height="50" fill="#000000"/>{text}'))
        for text in (
            "",
            '<text y="40" font-size="40" font-family="Noto Sans" fill="#ffffff">ok</text>',
            '<text y="40" font-size="40" font-family="DejaVu Sans" fill="#ffffff">ok</text>',
        )
    )
    assert blank.where("#ffffff") == unknown.where("#ffffff") == []
    assert with_text.where("#ffffff")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_font_is_there_and_draws(family: str) -> None:
    assert font_file(family).is_file()
    letter = {
        "Emoji": "🔥",
        "Hebrew": "א",
        "Arabic": "ع",
        "Armenian": "Ա",
        "Georgian": "ა",
        "Devanagari": "अ",
        "Thai": "ก",
    }
    sign = letter.get(family.rsplit(maxsplit=1)[-1], "a" if family == "Noto Sans" else "日")
    canvas = Canvas(width=100, height=60)
    canvas.text(10, 45, sign, size=40, colour="#ffffff")
    assert f'font-family="{family}"' in canvas.svg()
    assert drawn(canvas.svg()).where("#ffffff")


@pytest.mark.parametrize(
    "document",
    [
        "",
        "no svg",
        "<svg",
        "<html/>",
        _document("<text>\x00</text>"),
        _document("<text>\ud800</text>"),
        _document("<g>"),
        _document(width=0),
        _document(width=-5),
        _document(width="nan"),
        _document(width="inf"),
        _document(width="wide"),
        _document(width=4_001),
        _document(height=1e12),
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
)
def test_what_is_no_picture_is_refused_quietly(document: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadPicture):
        renderer()(document)
    assert capfd.readouterr() == ("", "")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | st.text(alphabet="<>&\"'/=svg #;!-[]", max_size=80).map(_document))
def test_any_text_is_drawn_or_refused(document: str) -> None:
    with suppress(BadPicture):
        assert renderer()(document).startswith(b"\x89PNG")


def test_wiring_renders_and_nobody_waits_for_it_before() -> None:
    program = """
import sys
import followup
from etstats import wiring
before = "resvg" in sys.modules
print(before, wiring.render('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')[1:4].decode())
"""
    path = os.pathsep.join(str(ROOT / part) for part in ("functions/interactions", "layers/etstats"))
    ran = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr) == ("False PNG\n", "")
