"""When somebody wants to be reminded, as people write it: on his own clock, and once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from etstats.domain.day import day_ahead, is_weekday

LONGEST = 500
MOST_OPEN = 25
FURTHEST = timedelta(days=366)
_IN = re.compile(r"(?:in )?((?:\d{1,5} ?[a-zäöü]+\.? ?)+)")
_SPAN = re.compile(r"(\d{1,5}) ?([a-zäöü]+)\.? ?")
_UNITS = {
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60, "minuten": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "std": 3600, "stunde": 3600, "stunden": 3600,
    "d": 86_400, "day": 86_400, "days": 86_400, "tag": 86_400, "tage": 86_400, "tagen": 86_400,
    "w": 604_800, "week": 604_800, "weeks": 604_800, "woche": 604_800, "wochen": 604_800,
}  # fmt: skip
_CLOCK = re.compile(r"(?:(?P<day>.*?)[ ,]+)?(?:at |um )?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?: ?uhr)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """*channel_id*: where it is said; to him alone, when it is no channel's."""

    reminder_id: int
    user_id: str
    channel_id: str
    said: str
    due_at: datetime


def moment_typed(typed: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """`in 2h`, `90 min`, `20:30`, `tomorrow 20:30`, `fri 20:30`, `2026-11-27 20:30`, `27.11. 20:30`: by UTC.

    Without a day the next such time. A time that the clock leaves out in spring is that much later; one that it shows
    twice in autumn is the first. None: it is no moment, or it is over.
    """
    told = " ".join(typed.casefold().split())
    found = _span(told, now) or _on_clock(told, now.astimezone(zone), zone)
    return found if found is not None and now < found <= now + FURTHEST else None


def _span(told: str, now: datetime) -> datetime | None:
    if _IN.fullmatch(told) is None:
        return None
    parts = [(int(number), _UNITS.get(unit)) for number, unit in _SPAN.findall(told.removeprefix("in "))]
    seconds = [number * unit for number, unit in parts if unit is not None]
    if len(seconds) < len(parts) or sum(seconds) > FURTHEST.total_seconds():
        return None
    return now + timedelta(seconds=sum(seconds))


def _on_clock(told: str, local: datetime, zone: ZoneInfo) -> datetime | None:
    found = _CLOCK.fullmatch(told)
    if found is None or int(found["hour"]) > 23 or int(found["minute"]) > 59:
        return None
    at = time(int(found["hour"]), int(found["minute"]))
    if not found["day"]:
        today = _instant(local.date(), at, zone)
        return today if today > local else _instant(local.date() + timedelta(days=1), at, zone)
    day = day_ahead(found["day"], local.date())
    if day is None:
        return None
    then = _instant(day, at, zone)
    if then <= local and is_weekday(found["day"]):  # today that time is over: next week's is meant
        then = _instant(day + timedelta(days=7), at, zone)
    return then


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
