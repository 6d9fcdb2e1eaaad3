"""Letters on pictures: any name can be drawn, nothing invisible is, and widths are those of the fonts."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etstats.cards.picture import face
from etstats.cards.picture.canvas import Canvas
from etstats.gateways.renderer import FAMILIES
from scripts import faces
from tests.drawn import drawn

WHITE = "#ffffff"
COPTIC = range(0x3E2, 0x3F0)  # in the middle of Greek
ALPHABETS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *range(0x370, 0x400),
    *range(0x400, 0x530),
    *range(0x1E00, 0x2000),
]


def test_the_table_is_what_the_fonts_say() -> None:
    assert faces.TABLE.read_text(encoding="utf-8") == faces.written()
    assert json.loads(faces.TABLE.read_text(encoding="utf-8"))["families"] == list(FAMILIES)


def test_no_letter_of_latin_greek_or_cyrillic_is_lacking() -> None:
    letters = [chr(code) for code in ALPHABETS if code not in COPTIC and unicodedata.category(chr(code))[0] in "LN"]
    assert len(letters) > 1_200
    assert [letter for letter in letters if "?" in face.drawable(letter)] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("mittens", "mittens"),
        ("Ünïcödé Žluťoučký", "Ünïcödé Žluťoučký"),
        ("u\u0308ber", "über"),  # put together
        ("кошка Ωμέγα", "кошка Ωμέγα"),
        ("日本語 한국어 中文", "日本語 한국어 中文"),
        ("🔥💀", "🔥💀"),
        ("👍🏽", "👍"),  # no skin tones
        ("❤\ufe0f", "❤"),
        ("🇩🇪", "DE"),
        ("𝕬𝖓𝖓𝖆 𝟙", "Anna 1"),
        ("a\u202eb\u2066c\u200bd\u00ade\ufefff", "abcdef"),  # direction marks and zero width
        ("a\x00b\x1bc\ud800d\ue000e", "abcde"),
        ("two\nlines\tand  blanks", "two lines and blanks"),
        ("\u12a0\u13a0\U00012000", "???"),  # scripts nobody has played with yet
        ("", ""),
        ("\u200b\u200b", ""),
    ],
)
def test_names_become_what_can_be_drawn(name: str, shown: str) -> None:
    assert face.drawable(name) == shown


def test_marks_do_not_pile_up() -> None:
    zalgo = "".join(letter + "\u0336\u0337\u0321\u0315\u0344" * 5 for letter in "hello")
    assert sum(unicodedata.combining(sign) > 0 for sign in face.drawable(zalgo)) <= 2 * len("hello")


@given(st.text(max_size=600))
def test_any_text_becomes_letters_we_have_and_stays_so(text: str) -> None:
    shown = face.drawable(text)
    assert all(unicodedata.category(sign)[0] != "C" for sign in shown)
    assert "".join(part for _, part in face.by_family(shown)) == shown
    assert {family for family, _ in face.by_family(shown)} <= set(FAMILIES)
    assert len(shown) <= 18 * 400  # one ligature has eighteen letters
    assert face.drawable(shown) == shown or len(shown) > 400


@given(st.text(max_size=80), st.floats(30, 900), st.floats(26, 64), st.booleans())
def test_a_fitted_text_fits(text: str, room: float, size: float, bold: bool) -> None:
    shown = face.drawable(text)
    fitted = face.fitted(shown, room, size, bold=bold)
    assert fitted == "…" or face.width(fitted, size, bold=bold) <= room + 1e-6
    assert fitted == shown or (fitted.endswith("…") and shown.startswith(fitted[:-1]))


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(
    "text", ["|mittens of the long name|", "|кошка Ωμέγα ÄÖÜ|", "|1,234.56 : 7|", "|日本語 name|", "|a🔥b|"]
)
def test_a_measured_width_is_the_drawn_one(text: str, bold: bool) -> None:
    canvas = Canvas(width=900, height=80)
    wide = canvas.text(20, 60, text, size=48, colour=WHITE, bold=bold)
    bar = face.width("|", 48, bold=bold)
    inked = [x for x, _ in drawn(canvas.svg()).where(WHITE)]
    assert max(inked) - min(inked) == pytest.approx(wide - bar, abs=4)


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
def test_a_text_of_several_fonts_stands_where_one_of_one_does(anchor: str) -> None:
    canvas = Canvas(width=900, height=80)
    wide = canvas.text(450, 60, "|日本語🔥|", size=48, colour=WHITE, anchor=anchor)
    inked = [x for x, _ in drawn(canvas.svg()).where(WHITE)]
    start = {"start": 450.0, "middle": 450 - wide / 2, "end": 450 - wide}[anchor]
    assert min(inked) == pytest.approx(start + face.width("|", 48) / 2, abs=4)
