"""An evening's players against their own usual."""

from __future__ import annotations

from datetime import datetime

from etstats.domain.evening import PlayedLine
from etstats.domain.form import Verdict
from etstats.domain.headline import headline, headlines
from etstats.domain.player import RecentSession
from tests.builders import a_played_line


def a_session(dpm: int | None, *, minutes: int = 60) -> RecentSession:
    return RecentSession(
        last_at=datetime(2025, 10, 1), rounds=10, played_s=60 * minutes, kills=1, deaths=1,
        damage_given=None if dpm is None else dpm * minutes,
    )  # fmt: skip


def playing(dpm: int, name: str = "vid") -> PlayedLine:
    return a_played_line(name, guid=name, played_s=3600, damage_given=60 * dpm)


def test_it_is_told_against_the_usual_of_the_sessions_before() -> None:
    told = headline(playing(330), [a_session(310), a_session(300), a_session(290)])
    assert told is not None
    assert (told.dpm, told.usual_dpm, told.sessions, told.verdict) == (330, 300, 3, Verdict.ABOVE)
    assert (round(told.change, 2), told.best) == (0.10, True)


def test_within_five_per_cent_is_around_the_usual() -> None:
    told = headline(playing(314), [a_session(300)] * 3)
    assert told is not None
    assert told.verdict is Verdict.AROUND
    assert headline(playing(316), [a_session(300)] * 3).verdict is Verdict.ABOVE  # type: ignore[union-attr]


def test_a_usual_takes_three_sessions_whose_damage_is_known() -> None:
    assert headline(playing(330), [a_session(300)] * 2) is None
    assert headline(playing(330), [a_session(300), a_session(300), a_session(None)]) is None
    assert headline(playing(330), [a_session(0)] * 3) is None


def test_only_the_ten_sessions_before_make_the_usual() -> None:
    told = headline(playing(330), [a_session(300)] * 10 + [a_session(900)])
    assert told is not None
    assert (told.usual_dpm, told.sessions, told.best) == (300, 10, True)


def test_a_few_minutes_make_no_headline() -> None:
    assert headline(a_played_line(played_s=599, damage_given=9000), [a_session(300)] * 3) is None


def test_the_three_furthest_from_their_usual_make_the_headlines() -> None:
    before = {name: [a_session(300)] * 3 for name in ("up", "even", "down", "little")}
    lines = [playing(400, "up"), playing(301, "even"), playing(200, "down"), playing(330, "little"), playing(9, "new")]
    assert [one.name for one in headlines(lines, before)] == ["up", "little", "down"]
