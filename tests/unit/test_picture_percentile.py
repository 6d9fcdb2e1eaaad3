"""Where a player stands: bars as long as the share behind him, each with its n and rank."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.cards.picture import theme
from etstats.cards.picture.percentile import RankedFigure, RankedPlayer, draw, told
from etstats.domain.leaderboard import percentile
from etstats.words import words_for
from tests.drawn import drawn, is_drawn_as_declared

ENGLISH = words_for("en")


def a_ranked_figure(rank: int | None, ranked: int = 25, label: str = "Kills") -> RankedFigure:
    return RankedFigure(label=label, text="312", sample="412 rounds", rank=rank, ranked=ranked)


def a_player(*figures: RankedFigure, name: str = "mittens") -> RankedPlayer:
    return RankedPlayer(name=name, subtitle="All time", footer="51 rounds or more", figures=figures)


@pytest.mark.parametrize(
    ("rank", "listed", "share"),
    [(1, 1, 50), (1, 2, 75), (2, 2, 25), (13, 25, 50), (1, 25, 98), (25, 25, 2), (0, 25, 0), (26, 25, 0), (1, 0, 0)],
)
def test_a_percentile_is_the_share_behind_and_half_of_oneself(rank: int, listed: int, share: float) -> None:
    assert percentile(rank, listed) == pytest.approx(share)


def test_bars_are_as_long_as_the_share_behind_and_differ_in_colour_high_and_low() -> None:
    picture = drawn(draw(ENGLISH, a_player(*[a_ranked_figure(rank) for rank in (1, 13, 25, None)])))
    boxes = [element.attrib for element in ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}rect")]
    whole, *rest = [float(box["width"]) for box in boxes if box["fill"] == theme.PANEL]
    assert len(rest) == 3
    lengths = {
        box["fill"]: float(box["width"]) for box in boxes if box["fill"] in (theme.ABOVE, theme.TEXT, theme.BELOW)
    }
    assert lengths[theme.ABOVE] == pytest.approx(0.98 * whole, abs=0.1)
    assert lengths[theme.TEXT] == pytest.approx(0.5 * whole, abs=0.1)
    assert lengths[theme.BELOW] == 2 * theme.CORNER  # short, and still to be seen
    assert len(lengths) == 3
    assert picture.at(400, 189) == theme.ABOVE
    assert picture.at(400, 189 + 3 * 80) == theme.PANEL


def test_every_figure_comes_with_its_n_and_rank() -> None:
    texts = drawn(draw(ENGLISH, a_player(a_ranked_figure(3), a_ranked_figure(None)))).texts
    assert texts.count("312") == texts.count("412 rounds") == 2
    assert {"mittens", "All time", "51 rounds or more", "#3/25", "–"} <= set(texts)


def test_the_same_figures_are_told_in_words() -> None:
    player = a_player(a_ranked_figure(3), a_ranked_figure(None, label="Revives"))
    assert told(ENGLISH, player) == "mittens · Kills 312 (412 rounds, #3/25) · Revives 312 (412 rounds, –)"


def test_nothing_known_is_said() -> None:
    assert "Nothing known to draw" in drawn(draw(ENGLISH, a_player())).texts


TEXTS = st.text(max_size=60)
FIGURES = st.builds(
    RankedFigure, label=TEXTS, text=TEXTS, sample=TEXTS, rank=st.none() | st.integers(), ranked=st.integers()
)


@settings(max_examples=25, deadline=None)
@given(st.lists(FIGURES, max_size=12), TEXTS)
def test_any_values_make_a_picture_of_the_declared_size(figures: list[RankedFigure], name: str) -> None:
    player = a_player(*figures, name=name)
    assert is_drawn_as_declared(draw(ENGLISH, player))
    assert isinstance(told(ENGLISH, player), str)
