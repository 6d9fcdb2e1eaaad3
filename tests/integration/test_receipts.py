"""Receipts: how far each file came and why not further; and the files that never came, once ten minutes have passed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from etstats import wiring
from etstats.domain.receipt import Absent
from etstats.storage.archive import receipts_document
from etstats.storage.database import Database
from etstats.storage.receipt import missing
from etstats.usecases.notice_missing import notice_missing
from etstats.usecases.store_round import store
from functions.ingest import announce as function
from tests.game_files import EVENING, a_match, a_name, an_endstats

NOW = EVENING.replace(tzinfo=UTC)
FIRST, SECOND = a_match()
ENDSTATS = an_endstats([("Most deaths", "AAAA0001", "9")])


def deliver(db: Database, *files: tuple[str, bytes], now: datetime = NOW, channel: str = "") -> None:
    for name, body in files:
        store(db, server="eu1", name=name, content=body, channel_id=channel, now=now)


def endstats(name: str) -> tuple[str, bytes]:
    return name.replace(".txt", "-endstats.txt"), ENDSTATS


def absent(db: Database, minutes: float) -> list[tuple[Absent, str]]:
    return [(one.absent, one.file) for one in missing(db, now=NOW + timedelta(minutes=minutes))]


def test_a_second_round_without_its_first_is_noticed_after_ten_minutes(db: Database) -> None:
    deliver(db, SECOND)
    assert absent(db, 9.9) == []
    assert absent(db, 10) == [(Absent.FIRST_ROUND, SECOND[0])]
    deliver(db, FIRST)
    assert absent(db, 99) == []


def test_a_first_round_is_given_the_time_its_second_may_take(db: Database) -> None:
    deliver(db, FIRST)  # taken in 8:00, so the second has no longer than that
    assert absent(db, 17.9) == []
    assert absent(db, 18) == [(Absent.SECOND_ROUND, FIRST[0])]
    deliver(db, SECOND)
    assert absent(db, 99) == []


def test_a_first_round_begun_anew_misses_nothing(db: Database) -> None:
    again = a_match(minute=15)
    deliver(db, FIRST, *again)
    assert absent(db, 99) == []


def test_an_endstats_file_is_missed_where_the_server_was_sending_them(db: Database) -> None:
    earlier, later = a_match(minute=-30), a_match(minute=30)
    deliver(db, *earlier, FIRST, SECOND, *later)
    assert absent(db, 99) == []
    deliver(db, endstats(FIRST[0]))
    assert absent(db, 10) == [(Absent.ENDSTATS, name) for name in (SECOND[0], later[0][0], later[1][0])]
    deliver(db, endstats(SECOND[0]), *(endstats(name) for name, _ in later))
    assert absent(db, 99) == []


def test_an_endstats_file_whose_round_does_not_come_is_noticed(db: Database) -> None:
    name, content = endstats(FIRST[0])
    deliver(db, (name, content))
    assert absent(db, 10) == [(Absent.STATS, name)]
    deliver(db, FIRST, SECOND)
    assert (Absent.STATS, name) not in absent(db, 99)


def reasons(db: Database) -> dict[str, tuple[str, str | None]]:
    return {one["file"]: (one["state"], one.get("reason")) for one in receipts_document(db)}


def test_the_receipts_say_what_a_file_waits_for(db: Database) -> None:
    deliver(db, FIRST, channel="77")
    db.run("insert into stats_file (file_id, server, name, seen_at) values (1, 'eu1', 'a', now())")
    db.run("insert into stats_file (file_id, server, name, seen_at, stored_at) values (2, 'eu1', 'b', now(), now())")
    assert reasons(db) == {
        "a": ("seen", "seen on the game server; it is fetched once it is complete"),
        "b": ("stored", "in the bucket; it is read in a moment"),
        FIRST[0]: ("parsed", "read and counted; its card waits to be posted"),
    }


def test_what_is_missing_says_what_it_is_and_since_when(db: Database) -> None:
    deliver(db, SECOND)
    (one,) = missing(db, now=NOW + timedelta(minutes=11))
    assert one.reason.startswith("the file of supply's first round has not come.")
    assert one.since == NOW + timedelta(minutes=10)


def test_a_published_round_carries_its_grade(db: Database) -> None:
    deliver(db, FIRST)
    assert receipts_document(db)[0]["grade"] in "ABCD"
    assert "reason" not in receipts_document(db)[0]


def test_what_is_noticed_is_told_once_and_counted_for_a_day(db: Database) -> None:
    deliver(db, SECOND)

    def look(after: timedelta) -> tuple[int, int]:
        noticed = notice_missing(db, now=NOW + after, last_look=NOW + after - timedelta(minutes=1))
        return len(noticed.lately), len(noticed.now)

    minutes = timedelta(minutes=1)
    assert [look(9 * minutes), look(10 * minutes), look(11 * minutes)] == [(0, 0), (1, 1), (1, 0)]
    assert look(timedelta(days=1, minutes=11)) == (0, 0)


@pytest.mark.parametrize(("event", "looks"), [({}, True), ({"Records": [{"body": "{}"}]}, False)])
def test_the_minutes_tick_looks_for_missing_files_and_a_nudge_does_not(
    db: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    event: dict[str, Any],
    looks: bool,
) -> None:
    at = datetime.now(UTC) - timedelta(minutes=10, seconds=5)
    name = a_name(number=2).replace("2026-03-06-210000", f"{at:%Y-%m-%d-%H%M%S}")
    deliver(db, (name, SECOND[1]), now=at)
    monkeypatch.setattr(wiring, "database", lambda *_: db)
    monkeypatch.setattr(wiring, "discord", lambda: None)
    function.handler(event, cast("LambdaContext", SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)))
    said = capsys.readouterr().out
    assert ('"FilesMissing":[1.0]' in said.replace(" ", "")) is looks
    assert ("first round has not come" in caplog.text) is looks
