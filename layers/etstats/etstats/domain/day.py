"""A day as people type it."""

from __future__ import annotations

import re
from datetime import date, timedelta

_TODAY, _YESTERDAY, _TOMORROW = ("today", "heute"), ("yesterday", "gestern"), ("tomorrow", "morgen")
_WEEKDAYS = (
    ("mon", "monday", "mo", "montag"), ("tue", "tuesday", "di", "dienstag"), ("wed", "wednesday", "mi", "mittwoch"),
    ("thu", "thursday", "do", "donnerstag"), ("fri", "friday", "fr", "freitag"), ("sat", "saturday", "sa", "samstag"),
    ("sun", "sunday", "so", "sonntag"),
)  # fmt: skip
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_GERMAN = re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.? ?(?P<year>\d{4}|\d{2})?")
_WRITTEN = re.compile(r"(?:[a-zäöü]{2,10}[.,]* )?(?P<day>\d{1,2})\.? (?P<month>[a-zäöü]{3,9})\.?(?: (?P<year>\d{4}))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ALSO = {"mär": 3, "mai": 5, "okt": 10, "dez": 12}


def day_typed(typed: str, today: date) -> date | None:
    """2025-10-02, 2.10.2025, 2 Oct 2025, today, yesterday; without a year the latest such day. None: it is no day."""
    told = " ".join(typed.lower().split())
    if told in _TODAY:
        return today
    if told in _YESTERDAY:
        return today - timedelta(days=1)
    for pattern in (_ISO, _GERMAN, _WRITTEN):
        if found := pattern.fullmatch(told):
            return _day(found["day"], found["month"], found["year"], today)
    return None


def day_ahead(typed: str, today: date) -> date | None:
    """As `day_typed`, where a day to come is meant: tomorrow and days of the week are known, too, and without a year it
    is the next such day. Today's day of the week is today. None: it is no day."""
    told = " ".join(typed.casefold().split()).rstrip(".")
    if told in _TOMORROW:
        return today + timedelta(days=1)
    for number, names in enumerate(_WEEKDAYS):
        if told in names:
            return today + timedelta(days=(number - today.weekday()) % 7)
    day = day_typed(typed, today)
    if day is None or day >= today or re.search(r"\d{4}", told) or told in _YESTERDAY:
        return day
    return _same_day(day, today.year if (day.month, day.day) >= (today.month, today.day) else today.year + 1)


def is_weekday(typed: str) -> bool:
    return any(typed.casefold().strip(" .") in names for names in _WEEKDAYS)


def _same_day(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return None


def _day(day: str, month: str, year: str | None, today: date) -> date | None:
    number = int(month) if month.isdigit() else _month(month)
    try:
        if year is not None:
            return date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))
        this_year = date(today.year, number, int(day))
        return this_year if this_year <= today else this_year.replace(year=today.year - 1)
    except ValueError:
        return None


def _month(name: str) -> int:
    """By its first three letters; 0: there is none."""
    start = name[:3]
    return _MONTHS.index(start) + 1 if start in _MONTHS else _ALSO.get(start, 0)
