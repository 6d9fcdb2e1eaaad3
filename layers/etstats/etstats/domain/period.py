"""Spans of time people compare each other over. Days are the game server's; a season is a quarter of the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum


class Period(Enum):
    """Values are what a command's choice carries."""

    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    SEASON = "season"
    ALL = "all"


_DAYS = {Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 90}


def first_day(period: Period, today: date) -> date | None:
    """From which day on rounds are in *period*, *today* being its last; None: from the beginning."""
    if period is Period.ALL:
        return None
    if period is Period.SEASON:
        return date(today.year, today.month - (today.month - 1) % 3, 1)
    return today - timedelta(days=_DAYS[period] - 1)


def since_day(period: Period, today: date | None) -> date | None:
    """As `first_day`; all time needs no *today*. Raises ValueError when another period does without."""
    if period is Period.ALL:
        return None
    if today is None:
        raise ValueError(f"{period.value} ends today: which day is that?")
    return first_day(period, today)
