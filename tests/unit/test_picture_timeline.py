"""The timeline: both teams' figures round by round, maps bounded and named, their winners and the score."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.cards.picture import face, theme
from etstats.cards.picture.timeline import draw, told
from etstats.domain.timeline import Timeline, TimelineMap, TimelineRound
from etstats.words import words_for
from tests.builders import a_played_session
from tests.drawn import drawn, is_drawn_as_declared

ENGLISH = words_for("en")
Dpm = tuple[float | None, float | None]


def a_map(*rounds: Dpm, name: str = "supply", winner: str = "A") -> TimelineMap:
    listed = [TimelineRound(number=number, dpm_a=a, dpm_b=b) for number, (a, b) in enumerate(rounds, start=1)]
    return TimelineMap(map=name, winner_team=winner, rounds=tuple(listed))


def a_timeline(*maps: TimelineMap, **session: object) -> Timeline:
    return Timeline(session=a_played_session(**{"score_a": 3, "score_b": 1, **session}), maps=maps)


EVENING = a_timeline(
    a_map((400, 300), (350, 250)),
    a_map((300, 400), (200, 300), name="et_brewdog", winner="B"),
    a_map((300, 200), (300, 200), name="erdenberg_t2", winner="draw"),
)


def test_every_round_of_both_teams_stands_where_it_belongs() -> None:
    picture = drawn(draw(ENGLISH, EVENING))
    a, b = picture.marks("circle", theme.TEAM_A), picture.marks("polygon", theme.TEAM_B)
    a, b = (sorted(marks, key=lambda mark: mark[1] > 200)[1:] for marks in (a, b))  # without the legend's
    assert len(a) == len(b) == 6
    assert [x for x, _ in a] == pytest.approx([x for x, _ in b], abs=0.2)
    steps = [right - left for (left, _), (right, _) in pairwise(a)]
    assert steps == pytest.approx([steps[0]] * 5, abs=0.3)
    height = {400: a[0][1], 350: a[1][1], 300: a[2][1], 200: a[3][1]}
    assert height[300] - height[400] == pytest.approx(2 * (height[350] - height[400]), abs=0.3)
    assert height[200] - height[300] == pytest.approx(height[300] - height[400], abs=0.3)
    assert [y for _, y in b[:2]] == pytest.approx([height[300], (height[200] + height[300]) / 2], abs=0.3)
    assert picture.at(*a[0]) == theme.TEAM_A
    assert picture.at(*b[2]) == theme.TEAM_B


def test_a_line_stands_between_maps_and_none_within() -> None:
    picture = drawn(draw(ENGLISH, EVENING))
    xs = [x for x, y in picture.marks("circle", theme.TEAM_A) if y > 200]
    columns = sorted({x for x, _ in picture.where(theme.USUAL)})
    boundaries = [(xs[1] + xs[2]) / 2, (xs[3] + xs[4]) / 2]
    assert [columns[0], columns[-1]] == pytest.approx(boundaries, abs=2)
    assert all(min(abs(x - place) for place in boundaries) <= 2 for x in columns)


def test_the_winner_of_a_map_is_told_by_colour_and_by_letter() -> None:
    picture = drawn(draw(ENGLISH, EVENING))
    xs = [x for x, y in picture.marks("circle", theme.TEAM_A) if y > 200]
    chip = [picture.at(x + 30, 512) for x in (xs[0], xs[2], xs[4])]
    assert chip == [theme.TEAM_A, theme.TEAM_B, theme.PANEL]
    assert [text for text in picture.texts if text in ("A", "B", "=")] == ["A", "B", "="]


def test_the_score_and_the_maps_are_written_on_it() -> None:
    texts = drawn(draw(ENGLISH, EVENING)).texts
    assert {"3", "1", "Team A", "Team B", "supply", "et_brewdog", "erdenberg_t2", "Thu 2 Oct 2025"} <= set(texts)
    assert "3 maps · 6 rounds · damage per minute" in texts


def test_teams_with_names_are_called_by_them() -> None:
    texts = drawn(draw(ENGLISH, a_timeline(team_a="<b>&amp;", team_b="\u202eevil"))).texts
    assert {"<b>&amp;", "evil"} <= set(texts)


def test_a_round_of_which_nothing_is_known_is_a_gap() -> None:
    picture = drawn(draw(ENGLISH, a_timeline(a_map((400, 300), (None, 300)), a_map((400, 300), (400, 300)))))
    assert len([1 for _, y in picture.marks("circle", theme.TEAM_A) if y > 200]) == 3
    assert len([1 for _, y in picture.marks("polygon", theme.TEAM_B) if y > 200]) == 4


def test_the_same_figures_are_told_in_words() -> None:
    assert told(ENGLISH, EVENING) == (
        "A 3 : 1 B · supply (A) 400 : 300, 350 : 250 · et_brewdog (B) 300 : 400, 200 : 300"
        " · erdenberg_t2 (draw) 300 : 200, 300 : 200"
    )


@pytest.mark.parametrize("maps", [(), (a_map(),), (a_map((None, None), (None, None)),)])
def test_nothing_known_is_said(maps: tuple[TimelineMap, ...]) -> None:
    assert "Nothing known to draw" in drawn(draw(ENGLISH, a_timeline(*maps))).texts


@pytest.mark.parametrize("count", [1, 5, 6, 10, 11, 16, 17, 60])
def test_names_of_maps_never_run_into_each_other(count: int) -> None:
    maps = [a_map((400, 300), (300, 310), name=f"very_long_map_{at}") for at in range(count)]
    picture = drawn(draw(ENGLISH, a_timeline(*maps)))
    lines: dict[str, list[tuple[float, float]]] = {}
    for element in ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}text"):
        if (element.text or "").startswith("ve"):
            left = float(element.attrib["x"])
            lines.setdefault(element.attrib["y"], []).append((left, left + face.width(element.text or "", theme.SMALL)))
    assert sum(map(len, lines.values())) == min(count, 16)
    for line in lines.values():
        assert all(end <= begin for (_, end), (begin, _) in pairwise(line))
        assert line[0][0] >= 0
        assert line[-1][1] <= theme.WIDTH - theme.MARGIN + 1
    assert picture.size[1] <= 720
    assert any(text.startswith(f"16 of {count} maps") for text in picture.texts) == (count > 16)


NUMBERS = st.none() | st.floats() | st.floats(0, 900)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(max_size=40),
            st.sampled_from(["A", "B", "draw", "?"]),
            st.lists(st.tuples(NUMBERS, NUMBERS), max_size=2),
        ),
        max_size=20,
    ),
    st.text(max_size=70),
)
def test_any_values_make_a_picture_of_the_declared_size(maps: list[tuple[str, str, list[Dpm]]], team: str) -> None:
    timeline = a_timeline(*[a_map(*rounds, name=name, winner=winner) for name, winner, rounds in maps], team_a=team)
    assert is_drawn_as_declared(draw(ENGLISH, timeline))
    assert isinstance(told(ENGLISH, timeline), str)
