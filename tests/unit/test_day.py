from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etstats.domain.day import day_typed
from etstats.words import words_for

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", TODAY), ("Heute", TODAY), ("yesterday", date(2026, 2, 28)), (" gestern ", date(2026, 2, 28)),
        ("2025-10-02", date(2025, 10, 2)), ("2025-1-2", date(2025, 1, 2)), ("2.10.2025", date(2025, 10, 2)),
        ("02.10.25", date(2025, 10, 2)), ("2. 10. 2025", date(2025, 10, 2)), ("1.3.", TODAY),
        ("2.3.", date(2025, 3, 2)),
        ("2 Oct 2025", date(2025, 10, 2)), ("2 october", date(2025, 10, 2)), ("Thu 2 Oct 2025", date(2025, 10, 2)),
        ("Do, 2. Okt. 2025", date(2025, 10, 2)), ("5 März", date(2025, 3, 5)), ("1 Mai 2025", date(2025, 5, 1)),
        ("31.2.2025", None), ("29.2.", None), ("2 foo", None), ("0.0.", None), ("", None), ("supply", None),
        ("2025-10-02 21:00", None), ("2/10/2025", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(typed: str, day: date | None) -> None:
    assert day_typed(typed, TODAY) == day


@pytest.mark.parametrize("language", ["en", "de"])
@given(day=st.dates(min_value=date(2003, 5, 29), max_value=date(2099, 12, 31)))
def test_a_day_as_a_card_shows_it_can_be_typed(language: str, day: date) -> None:
    words = words_for(language)
    assert day_typed(words.day(day), TODAY) == day_typed(words.short_day(day), TODAY) == day


@given(typed=st.text(max_size=20))
def test_whatever_is_typed_is_a_day_or_none(typed: str) -> None:
    assert isinstance(day_typed(typed, TODAY), date | None)
