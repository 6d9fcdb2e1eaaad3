"""The maps as a table: both attacks under their team, the first marked, the winner by colour and letter."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.cards.picture import theme
from etstats.cards.picture.map_table import draw, told
from etstats.domain.evening import Evening, PlayedMap
from etstats.words import words_for
from tests.builders import a_played_map, a_played_session, an_evening
from tests.drawn import drawn, is_drawn_as_declared

ENGLISH, GERMAN = words_for("en"), words_for("de")
FASTER = a_played_map(map="te_escape2", winner="r2_attackers", winner_team="B", r1_time_s=525, r2_time_s=498)
DRAW = a_played_map(map="et_brewdog", winner="draw", winner_team="draw", r1_attackers_team="B", r1_time_s=None)
GIVEN_UP = a_played_map(map="radar", r1_attackers_team="B", winner_team="B", r1_time_s=720, r2_gave_up=True)


def an_evening_of(*maps: PlayedMap, **session: Any) -> Evening:
    played = a_played_session(**{"score_a": 3, "score_b": 4, "counted_rounds": 2 * len(maps), **session})
    return an_evening(session=played, maps=maps)


def test_each_teams_attack_stands_in_its_column_the_winners_in_its_colour() -> None:
    picture = drawn(draw(ENGLISH, an_evening_of(a_played_map(), FASTER, DRAW, GIVEN_UP)))
    rows = picture.texts[picture.texts.index("Won") + 1 :]
    assert rows[:16] == [
        *("supply", "8:45", "held", "A"),
        *("te_escape2", "8:45", "8:18", "B"),
        *("et_brewdog", "held", "held", "="),
        *("radar", "gave up", "12:00", "B"),
    ]
    left, right = range(440, 620), range(635, 815)
    lines = {(x in left, x in right): (y - 200) // 64 for x, y in picture.where(theme.TEAM_A) if y > 200 and x < 820}
    assert lines == {(True, False): 0}
    assert {(y - 200) // 64 for x, y in picture.where(theme.TEAM_B) if y > 200 and x in right} == {1, 3}


def test_the_winner_has_a_chip_of_his_colour() -> None:
    picture = drawn(draw(ENGLISH, an_evening_of(a_played_map(), FASTER, DRAW)))
    assert [picture.at(870, 232 + 64 * row) for row in range(3)] == [theme.TEAM_A, theme.TEAM_B, theme.GRID]


def test_who_attacked_first_has_a_mark() -> None:
    picture = drawn(draw(ENGLISH, an_evening_of(a_played_map(), FASTER, DRAW)))
    marks = sorted(picture.marks("circle", theme.MUTED), key=lambda mark: mark[1])
    assert [x < 620 for x, _ in marks[:3]] == [True, True, False]
    assert len(marks) == 4  # and the one that explains
    assert "attacked first" in picture.texts


def test_score_and_counts_are_written_on_it() -> None:
    texts = drawn(draw(ENGLISH, an_evening_of(a_played_map(), FASTER))).texts
    assert {"3", "4", "Thu 2 Oct 2025", "Team A", "Team B", "2 maps · 4 rounds"} <= set(texts)
    assert "Maps" not in texts


def test_german() -> None:
    texts = drawn(draw(GERMAN, an_evening_of(a_played_map(), GIVEN_UP, team_a="Bären"))).texts
    assert {"gehalten", "aufgegeben", "Bären", "Team B", "griff zuerst an"} <= set(texts)


def test_the_same_figures_are_told_in_words() -> None:
    assert told(ENGLISH, an_evening_of(a_played_map(), DRAW, GIVEN_UP)) == (
        "A 3 : 4 B · supply: A 8:45, B held, A · et_brewdog: A held, B held, draw · radar: A gave up, B 12:00, B"
    )


def test_no_map_is_said() -> None:
    assert "No map was played by both sides" in drawn(draw(ENGLISH, an_evening_of())).texts


@pytest.mark.parametrize("maps", [1, 14, 15, 40])
def test_a_long_evening_is_cut_and_says_so(maps: int) -> None:
    picture = drawn(draw(ENGLISH, an_evening_of(*[a_played_map(map=f"m{at}") for at in range(maps)])))
    assert picture.size[1] <= 1_200
    assert any(text.startswith("14 of ") for text in picture.texts) == (maps > 14)


TIMES = st.none() | st.integers(0, 10**9)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.text(max_size=60), st.sampled_from(["A", "B", "draw", "?"]), TIMES, TIMES), max_size=16),
    st.text(max_size=60),
)
def test_any_values_make_a_picture_of_the_declared_size(
    maps: list[tuple[str, str, int | None, int | None]], team: str
) -> None:
    played = [a_played_map(map=name, winner_team=won, r1_time_s=one, r2_time_s=two) for name, won, one, two in maps]
    evening = an_evening_of(*played, team_a=team)
    assert is_drawn_as_declared(draw(ENGLISH, evening))
    assert isinstance(told(ENGLISH, evening), str)
