"""Two players side by side: bars as long as the figures, and who is ahead told by more than a colour."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.cards.picture import theme
from etstats.cards.picture.comparison import Compared, ComparedFigure, draw, told
from etstats.domain.compare import Ahead
from etstats.words import words_for
from tests.drawn import Drawn, drawn, is_drawn_as_declared

ENGLISH = words_for("en")


def a_figure(
    first: float | None, second: float | None, ahead: Ahead = Ahead.NOBODY, label: str = "DPM"
) -> ComparedFigure:
    return ComparedFigure(
        label=label,
        first=first,
        second=second,
        first_text=ENGLISH.whole(first),
        second_text=ENGLISH.whole(second),
        ahead=ahead,
    )


def a_comparison(*figures: ComparedFigure, first: str = "mittens", second: str = "Кошка") -> Compared:
    return Compared(first=first, second=second, first_rounds=412, second_rounds=1, figures=figures)


def bars(picture: Drawn, colour: str) -> list[tuple[float, float]]:
    """Where each bar of *colour* begins and how wide it is, from the top."""
    boxes = [element.attrib for element in ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}rect")]
    return [(float(box["x"]), float(box["width"])) for box in boxes if box["fill"] == colour]


def test_bars_grow_from_the_middle_and_are_as_long_as_their_figures() -> None:
    picture = drawn(draw(ENGLISH, a_comparison(a_figure(300, 150), a_figure(10, 40))))
    (left, longest), (_, quarter) = bars(picture, theme.TEAM_A)
    (right, half), (_, whole) = bars(picture, theme.TEAM_B)
    assert (half, quarter, whole) == pytest.approx((longest / 2, longest / 4, longest), abs=0.1)
    assert left + longest < 500 < right
    assert picture.at(490, 216) == theme.TEAM_A
    assert picture.at(510, 216) == theme.TEAM_B


def test_who_is_ahead_is_bold_and_has_a_mark_on_his_side() -> None:
    picture = drawn(
        draw(ENGLISH, a_comparison(a_figure(300, 150, Ahead.FIRST), a_figure(10, 40, Ahead.SECOND), a_figure(7, 7)))
    )
    (left, upper), (right, lower) = picture.marks("polygon", theme.TEXT)
    assert left < 200 < 800 < right
    assert upper < lower
    texts = ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}text")
    bold = {text.text for text in texts if "font-weight" in text.attrib}
    assert bold == {"mittens", "Кошка", "300", "40"}
    assert "ahead in 1 : 1 figures" in picture.texts


def test_what_is_not_known_has_no_bar_and_is_no_zero() -> None:
    picture = drawn(draw(ENGLISH, a_comparison(a_figure(5, None), a_figure(float("nan"), 3))))
    assert [width > 0 for _, width in bars(picture, theme.TEAM_A)] == [True, False]
    assert [width > 0 for _, width in bars(picture, theme.TEAM_B)] == [False, True]
    assert "–" in picture.texts
    assert "0" not in picture.texts


def test_each_name_comes_with_its_n() -> None:
    texts = drawn(draw(ENGLISH, a_comparison(a_figure(1, 2)))).texts
    assert {"mittens", "Кошка", "412 rounds", "1 round"} <= set(texts)


def test_a_name_of_nothing_but_tricks_is_a_dash() -> None:
    assert drawn(draw(ENGLISH, a_comparison(a_figure(1, 2), first="\u202e\u200b"))).texts[0] == "–"


def test_the_same_figures_are_told_in_words() -> None:
    compared = a_comparison(a_figure(300, 150), a_figure(None, 2, label="Revives"))
    assert told(ENGLISH, compared) == "mittens (412 rounds) : Кошка (1 round) · DPM 300 : 150 · Revives – : 2"


def test_nothing_to_compare_is_said() -> None:
    assert "Nothing known to draw" in drawn(draw(ENGLISH, a_comparison())).texts


NUMBERS = st.none() | st.floats()
FIGURES = st.builds(
    ComparedFigure,
    label=st.text(max_size=60),
    first=NUMBERS,
    second=NUMBERS,
    first_text=st.text(max_size=30),
    second_text=st.text(max_size=30),
    ahead=st.sampled_from(Ahead),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(FIGURES, max_size=15), st.text(max_size=60), st.text(max_size=60))
def test_any_values_make_a_picture_of_the_declared_size(figures: list[ComparedFigure], first: str, second: str) -> None:
    compared = a_comparison(*figures, first=first, second=second)
    assert is_drawn_as_declared(draw(ENGLISH, compared))
    assert isinstance(told(ENGLISH, compared), str)
