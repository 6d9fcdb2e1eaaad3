"""The last session out of stored files, in one statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from etstats.commands.last import last
from etstats.domain.evening import PlayedMap, PlayedRound
from etstats.errors import Refusal
from etstats.storage.database import Database
from etstats.storage.evening import find_last_session
from etstats.usecases.store_round import store
from tests.builders import question
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def _store(db: Database, *files: tuple[str, bytes]) -> None:
    for name, content in files:
        store(db, server="main", name=name, content=content, channel_id="", now=NOW)


def test_the_last_session_is_told_whole(db: Database) -> None:
    lonely = a_file(a_header(map="te_escape2", number=2), [a_line("AAAA0001", counter=1)])
    _store(
        db, *a_match(minute=-200, map="adlernest"), *a_match(), (a_name(map="te_escape2", number=2, minute=30), lonely)
    )
    evening = find_last_session(db)
    assert evening is not None
    session = evening.session
    assert (session.first_at, session.last_at) == (EVENING, EVENING + timedelta(minutes=30))
    assert (session.score_a, session.score_b, session.maps, session.rounds, session.counted_rounds) == (2, 0, 1, 3, 2)
    assert evening.maps == (
        PlayedMap(
            position=1, map="supply", winner="r1_attackers", winner_team="A", r1_attackers_team="A", r1_time_s=480,
            r2_time_s=None, r1_gave_up=False, r2_gave_up=False, limit_s=720,
            round1_id=evening.rounds[0].round_id, round2_id=evening.rounds[1].round_id,
        ),
    )  # fmt: skip
    (lone,) = evening.lone_rounds
    assert lone == PlayedRound(
        round_id=lone.round_id, written_at=EVENING + timedelta(minutes=30), map="te_escape2", number=2,
        role="r2_without_r1", counted=False, reason=lone.reason, outcome="defended", defender_team=1, winner_team=1,
        limit_s=720, time_s=None, duration_s=lone.duration_s, gave_up=lone.gave_up, players=1, position=None,
        grade=lone.grade,
    )  # fmt: skip
    assert lone.reason
    # 2200 of damage in 16 minutes, 2100, then 1900 and 1800
    assert [(one.guid, one.damage_given, one.played_s) for one in evening.lines] == [
        ("AAAA0001", 2200, 960), ("AAAA0002", 2100, 960), ("BBBB0001", 1900, 960), ("BBBB0002", 1800, 960),
    ]  # fmt: skip


def test_a_session_of_one_round_has_no_maps_and_its_round_alone(db: Database) -> None:
    _store(db, a_match()[0])
    evening = find_last_session(db)
    assert evening is not None
    assert (evening.maps, len(evening.lone_rounds), len(evening.lines)) == ((), 1, 4)


def test_a_session_without_a_counted_round_is_not_the_last(db: Database) -> None:
    assert find_last_session(db) is None
    with pytest.raises(Refusal, match=r"refusal\.no_data"):
        last(question(db, "last"))
    _store(db, *a_match(), a_match(minute=200)[1])
    evening = find_last_session(db)
    assert evening is not None
    assert evening.session.first_at == EVENING
