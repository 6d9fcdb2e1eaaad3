"""The form line: every session where it belongs, a gap where nothing is known, the usual behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.cards.picture import theme
from etstats.cards.picture.form import FormLine, FormPoint, draw, told
from etstats.words import words_for
from tests.drawn import drawn, is_drawn_as_declared

ENGLISH, GERMAN = words_for("en"), words_for("de")
LATEST = date(2025, 10, 2)


def a_line(values: Sequence[float | None], *, name: str = "mittens", usual: float | None = 300) -> FormLine:
    """The latest session is the last one; 285 to 315 is usual."""
    points = [
        FormPoint(day=LATEST - timedelta(days=7 * before), value=value, rounds=12)
        for before, value in zip(range(len(values) - 1, -1, -1), values, strict=True)
    ]
    return FormLine(
        name=name, measure="Damage per minute", points=tuple(points), usual=usual,
        low=None if usual is None else usual * 0.95, high=None if usual is None else usual * 1.05,
        written=ENGLISH.whole,
    )  # fmt: skip


def test_sessions_stand_on_one_scale_from_left_to_right() -> None:
    picture = drawn(draw(ENGLISH, a_line([300, 300, 400, 200])))
    assert picture.size == (1_000, 600)
    around = picture.marks("circle", theme.TEXT)
    above, below = (picture.marks("polygon", colour) for colour in (theme.ABOVE, theme.BELOW))
    assert (len(around), len(above), len(below)) == (2, 1, 1)
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = *around, *above, *below
    assert x2 - x1 == pytest.approx(x3 - x2, abs=1) == pytest.approx(x4 - x3, abs=1)
    assert y1 == y2
    assert y1 - y3 == pytest.approx(y4 - y1, abs=3)  # 100 up is as far as 100 down; a triangle's middle is a bit off
    for (x, y), colour in zip(((x1, y1), (x3, y3), (x4, y4)), (theme.TEXT, theme.ABOVE, theme.BELOW), strict=True):
        assert picture.at(x, y) == colour


def test_the_usual_lies_behind_as_a_band() -> None:
    with_band, without = drawn(draw(ENGLISH, a_line([400, 200]))), drawn(draw(ENGLISH, a_line([400, 200], usual=None)))
    (x, top), (_, bottom) = with_band.marks("polygon", theme.ABOVE)[0], with_band.marks("polygon", theme.BELOW)[0]
    middle = (top + bottom) / 2
    assert with_band.at(x - 30, middle + 9) not in (theme.BACKGROUND, theme.GRID)
    assert without.at(x - 30, middle + 9) == theme.BACKGROUND


def test_a_session_of_which_nothing_is_known_is_a_gap() -> None:
    picture = drawn(draw(ENGLISH, a_line([300, 310, None, 300])))
    first, second, last = picture.marks("circle", theme.TEXT)
    assert picture.lines(theme.TEXT) == [[first, second], [last, last]]  # a line through both, and a dot
    assert picture.texts.count("–") == 1
    middle, y = (second[0] + last[0]) / 2, (second[1] + last[1]) / 2
    assert theme.TEXT not in {picture.at(middle, y + down) for down in range(-9, 10)}
    (whole,) = drawn(draw(ENGLISH, a_line([300, 310, 300, 300]))).lines(theme.TEXT)
    assert len(whole) == 4


def test_a_name_of_nothing_but_tricks_is_a_dash() -> None:
    assert "–" in drawn(draw(ENGLISH, a_line([300], name="\u202e\u200b\n"))).texts


def test_the_key_figures_are_written_on_it() -> None:
    texts = drawn(draw(ENGLISH, a_line([310, 250, 402, 371]))).texts
    assert {"mittens", "Damage per minute", "371", "402", "250", "24% above usual", "2 Oct"} <= set(texts)
    assert "4 sessions · 48 rounds · usually 300" in texts


@pytest.mark.parametrize(
    ("now", "said"), [(371, "24% above usual"), (310, "around the usual"), (150, "50% below usual"), (None, None)]
)
def test_the_verdict_is_said_in_words(now: float | None, said: str | None) -> None:
    texts = drawn(draw(ENGLISH, a_line([300, now]))).texts
    assert [text for text in texts if "usual" in text and "·" not in text] == ([said] if said else [])


def test_german() -> None:
    texts = drawn(draw(GERMAN, a_line([300, 371]))).texts
    assert "24 % über üblich" in texts or "24% über üblich" in texts
    assert "2 Sessions · 24 Runden · sonst 300" in texts


def test_the_same_figures_are_told_in_words() -> None:
    assert told(ENGLISH, a_line([250, None, 371])) == (
        "Damage per minute: 371 · usually 300 · 2 Oct 2025: 371 · 25 Sep 2025: – · 18 Sep 2025: 250"
    )


@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_nothing_known_is_said(values: list[None]) -> None:
    texts = drawn(draw(ENGLISH, a_line(values, usual=None))).texts
    assert "Nothing known to draw" in texts
    assert "–" in texts


def test_one_session_is_a_mark_in_the_middle() -> None:
    picture = drawn(draw(ENGLISH, a_line([300], usual=None)))
    ((x, _),) = picture.marks("circle", theme.TEXT)
    assert 450 < x < 600


NUMBERS = st.none() | st.floats() | st.floats(-10, 2_000) | st.integers(-5, 10**20).map(float)


@settings(max_examples=25, deadline=None)
@given(st.lists(NUMBERS, max_size=12), st.text(max_size=60), NUMBERS)
def test_any_values_make_a_picture_of_the_declared_size(
    values: list[float | None], name: str, usual: float | None
) -> None:
    line = a_line(values, name=name, usual=usual)
    assert is_drawn_as_declared(draw(ENGLISH, line))
    assert isinstance(told(ENGLISH, line), str)
