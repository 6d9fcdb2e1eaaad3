"""Options that many commands share, on PostgreSQL: sessions by day and from the list, maps, the caller himself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from etstats.commands.option import map_of, period_of, person_of, session_label, session_of, suggest_session
from etstats.domain.period import Period
from etstats.domain.when import SessionMark, session_mark
from etstats.errors import Refusal
from etstats.interactions.request import Kind
from etstats.storage.database import Database
from etstats.words import words_for
from tests.builders import question

LATEST = datetime(2026, 3, 14, 23, 30)
OVER_MIDNIGHT = 2**63 - 1  # the largest number a session can have


@pytest.fixture
def played(db: Database) -> Database:
    """Thirty evenings, the latest on Saturday 14 March 2026; one of Thursday the 12th goes on into Friday."""
    for number in range(30):
        _session(db, number + 1, LATEST - timedelta(days=3 * number))
    _session(db, OVER_MIDNIGHT, datetime(2026, 3, 13, 1, 0), hours=3)
    _session(db, 99, datetime(2026, 3, 14, 23, 45), counted=0)
    return db


def _session(db: Database, number: int, last_at: datetime, *, hours: int = 2, counted: int = 8) -> None:
    db.run(
        """insert into session (session_id, server, first_at, last_at, crosses_midnight, score_a, score_b,
                counted_rounds, maps, players, formula_version)
           values (:number, 'main', :first_at, :last_at, false, 4, 2, :counted, 4, 10, 1)""",
        number=number, first_at=last_at - timedelta(hours=hours), last_at=last_at, counted=counted,
    )  # fmt: skip


def _asked(db: Database, when: str) -> int:
    return session_of(question(db, "session", at=LATEST, when=when))


@pytest.mark.parametrize(
    ("when", "number"),
    [
        ("", 1), ("today", 1), ("2026-03-14", 1), ("14.3.", 1), ("11 Mar", 2), ("8.3.2026", 3),
        ("12.3.2026", OVER_MIDNIGHT), ("yesterday", OVER_MIDNIGHT), (session_mark(OVER_MIDNIGHT), OVER_MIDNIGHT),
        (session_mark(30), 30),
    ],
)  # fmt: skip
def test_a_session_is_found_by_its_day_or_its_mark_and_is_else_the_latest(
    played: Database, when: str, number: int
) -> None:
    assert _asked(played, when) == number


@pytest.mark.parametrize("when", ["2.1.2020", "soon", session_mark(12345), "#zzzzzzzzzzzzz"])
def test_a_session_nobody_played_is_refused_with_what_was_typed(played: Database, when: str) -> None:
    with pytest.raises(Refusal) as refused:
        _asked(played, when)
    assert refused.value.key == "refusal.unknown_session"
    assert when.strip("#") in str(refused.value.values["typed"])


def test_where_nothing_was_played_there_is_no_latest(db: Database) -> None:
    with pytest.raises(Refusal, match=r"refusal\.no_data"):
        _asked(db, "")


def _suggested(db: Database, typed: str) -> list[str]:
    told = suggest_session(question(db, "session", at=LATEST, kind=Kind.AUTOCOMPLETE, focused="when", when=typed))
    return [f"{choice.name.split(' · ')[0]} {choice.value}" for choice in told]


def test_the_latest_sessions_are_suggested(played: Database) -> None:
    found = _suggested(played, "")
    assert (len(found), found[0]) == (25, "Sat 14 Mar 2026 21:30 #1")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("14.3.2026", ["Sat 14 Mar 2026 21:30 #1"]),
        ("13.3.2026", [f"Thu 12 Mar 2026 22:00 {session_mark(OVER_MIDNIGHT)}"]),
        ("22:00", [f"Thu 12 Mar 2026 22:00 {session_mark(OVER_MIDNIGHT)}"]),
        ("2 jan 2026", []),
    ],
)
def test_sessions_are_suggested_by_day_or_by_what_their_label_says(
    played: Database, typed: str, found: list[str]
) -> None:
    assert _suggested(played, typed) == found


def test_sessions_older_than_the_list_are_found_by_their_month(played: Database) -> None:
    days = [one.split()[1] for one in _suggested(played, "DEC 2025")]
    assert days == ["29", "26", "23", "20", "17"]


def test_a_session_s_label_tells_teams_and_score() -> None:
    one = SessionMark(
        session_id=1, first_at=datetime(2025, 10, 2, 21, 18), counted_rounds=3, maps=0, players=1, score_a=0, score_b=0,
        team_a=None, team_b=None,
    )  # fmt: skip
    assert session_label(words_for("en"), one) == "Thu 2 Oct 2025 21:18 · 3 rounds · 1 player"
    assert session_label(words_for("de"), one) == "Do, 2. Okt. 2025 21:18 · 3 Runden · 1 Spieler"


def test_the_caller_is_asked_for_when_nobody_is_named(db: Database) -> None:
    assert person_of(question(db, "stats", me="AAAA0001")) == "AAAA0001"
    with pytest.raises(Refusal, match=r"refusal\.not_linked"):
        person_of(question(db, "stats"))


def test_no_map_and_no_period_is_everything(db: Database) -> None:
    q = question(db, "stats")
    assert (map_of(q), period_of(q)) == ("", Period.ALL)
