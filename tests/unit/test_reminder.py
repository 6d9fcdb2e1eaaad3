"""Times as people write them, by their own clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etstats.domain.day import day_ahead
from etstats.domain.reminder import FURTHEST, moment_typed

BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)  # 21:00 in Berlin


def berlin(typed: str, now: datetime = THURSDAY) -> str | None:
    found = moment_typed(typed, now=now, zone=BERLIN)
    return None if found is None else f"{found.astimezone(BERLIN):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("typed", "local"),
    [
        ("in 2h", "2026-11-26 23:00"),
        ("90 min", "2026-11-26 22:30"),
        ("1h30m", "2026-11-26 22:30"),
        ("in 3 Tagen", "2026-11-29 21:00"),
        ("21:30", "2026-11-26 21:30"),
        ("20:30", "2026-11-27 20:30"),  # over today
        ("tomorrow 20:30", "2026-11-27 20:30"),
        ("morgen um 20.30 Uhr", "2026-11-27 20:30"),
        ("fri 20:30", "2026-11-27 20:30"),
        ("donnerstag 22:00", "2026-11-26 22:00"),
        ("donnerstag 20:00", "2026-12-03 20:00"),  # over today: next week's
        ("2026-12-24 18:00", "2026-12-24 18:00"),
        ("24.12. 18:00", "2026-12-24 18:00"),
        ("1.2. 9:00", "2027-02-01 09:00"),  # without a year the next
    ],
)
def test_a_time_to_come(typed: str, local: str) -> None:
    assert berlin(typed) == local


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "25:00", "20:60", "yesterday 20:00", "2026-11-26 20:59", "2025-01-01 10:00", "2 parsecs", "0h",
     "99999 weeks", "2028-11-26 10:00", "30.2. 10:00"],
)  # fmt: skip
def test_what_is_no_time_to_come(typed: str) -> None:
    assert berlin(typed) is None


def test_a_time_the_clock_leaves_out_is_that_much_later_and_one_it_shows_twice_is_the_first() -> None:
    spring, autumn = datetime(2026, 3, 28, 12, 0, tzinfo=UTC), datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    assert berlin("tomorrow 2:30", spring) == "2026-03-29 03:30"
    assert moment_typed("tomorrow 2:30", now=autumn, zone=BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_time_to_come_or_none(typed: str) -> None:
    found = moment_typed(typed, now=THURSDAY, zone=BERLIN)
    assert found is None or THURSDAY < found <= THURSDAY + FURTHEST


@pytest.mark.parametrize(
    ("typed", "day"),
    [("tomorrow", date(2026, 11, 27)), ("thursday", date(2026, 11, 26)), ("mi", date(2026, 12, 2)),
     ("today", date(2026, 11, 26)), ("25.11.", date(2027, 11, 25)), ("29.2.", None)],
)  # fmt: skip
def test_a_day_to_come(typed: str, day: date | None) -> None:
    assert day_ahead(typed, THURSDAY.date()) == day


def test_spans_end_where_reminders_do() -> None:
    assert moment_typed("366 days", now=THURSDAY, zone=BERLIN) == THURSDAY + timedelta(days=366)
    assert moment_typed("367 days", now=THURSDAY, zone=BERLIN) is None
