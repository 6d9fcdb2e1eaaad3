"""Lights: what is known, for how long it has been so, and what nobody has looked at."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from etstats.cards import health as card
from etstats.domain.health import Facts, Light, Seen, Sign, away, signs, worst
from etstats.interactions.reply import message_json
from etstats.words import LANGUAGES, words_for

NOW = datetime(2026, 11, 26, 21, 0, tzinfo=UTC)
EMPTY = Facts(
    answered_ms=3.0, last_file_at={}, last_round_at=None, files_waiting=0, refused=0, posts_waiting=0,
    channels_blocked=0, last_post_at=None, demos_stuck=0, demos_failed=0, last_demo_at=None, seen=(),
)  # fmt: skip


def seen(part: str, light: str = "good", *, ago: int = 1, lasting: int = 60, **other: Any) -> Seen:
    """Looked at *ago* minutes before, and as it is for *lasting*."""
    usual = Seen(
        part=part, light=light, said="reasons", figure=None, seen_at=NOW - timedelta(minutes=ago),
        since=NOW - timedelta(minutes=lasting), good_at=NOW - timedelta(hours=1),
    )  # fmt: skip
    return replace(usual, **other)


def lights(*known: Seen, **facts: Any) -> dict[str, Light]:
    return {one.part: one.light for one in signs(replace(EMPTY, seen=known, **facts), now=NOW)}


def test_a_visit_that_failed_now_and_then_is_no_problem_yet() -> None:
    assert lights(seen("ssh/main", "bad", lasting=9))["ssh/main"] is Light.WARN
    assert lights(seen("ssh/main", "bad", lasting=11))["ssh/main"] is Light.BAD


def test_what_nobody_has_looked_at_lately_is_not_known() -> None:
    old = seen("ssh/main", "good", ago=21), seen("bucket", ago=21), seen("queue/store", ago=21, figure=0.0)
    found = lights(*old)
    assert {found[part] for part in ("ssh/main", "bucket", "queue", "storage", "backup", "cost")} == {Light.UNKNOWN}


@pytest.mark.parametrize(
    ("people_for", "file_ago", "light"), [(50, 60, Light.BAD), (50, 30, Light.GOOD), (40, 60, Light.GOOD)]
)
def test_files_are_missed_when_people_have_played_for_long_without_one(
    people_for: int, file_ago: int, light: Light
) -> None:
    busy = seen("players/main", "warn", lasting=people_for, figure=9.0)
    last = {"main": NOW - timedelta(minutes=file_ago)}
    assert lights(busy, last_file_at=last)["files/main"] is light


def test_one_message_that_was_given_up_is_a_problem_and_a_queue_that_is_busy_is_none() -> None:
    found = lights(
        seen("queue/store", figure=150.0), seen("queue/demo", figure=100.0), seen("dead_letters/demo", figure=1.0)
    )
    assert (found["queue"], found["dead_letters"]) == (Light.WARN, Light.BAD)


def test_queues_that_cannot_be_asked_are_no_empty_queues() -> None:
    store = seen("queue/store", figure=0.0)
    assert lights(store, seen("queue", "bad", lasting=5))["queue"] is Light.WARN
    assert lights(store, seen("queue", "bad", lasting=15))["queue"] is Light.BAD
    assert lights(store, seen("queue"))["queue"] is Light.GOOD


def test_the_database_tells_of_its_own_what_is_stuck() -> None:
    found = lights(files_waiting=1, posts_waiting=2, demos_stuck=1, answered_ms=600.0, refused=1)
    assert [found[part] for part in ("rounds", "discord", "demos", "database", "failures")] == [
        Light.BAD, Light.BAD, Light.BAD, Light.WARN, Light.WARN,
    ]  # fmt: skip


def test_a_backup_grows_old() -> None:
    def at(hours: int) -> Light:
        made_at = (NOW - timedelta(hours=hours)).timestamp()
        return lights(seen("backup", figure=made_at))["backup"]

    assert [at(3), at(27), at(51)] == [Light.GOOD, Light.WARN, Light.BAD]


def test_alarms_are_shown_only_while_they_are_on() -> None:
    assert not any(part.startswith("alarm") for part in lights(seen("alarm/FetchAlarm")))
    assert lights(seen("alarm/FetchAlarm", "bad"))["alarm/FetchAlarm"] is Light.BAD


def test_a_fetch_that_fails_because_a_server_is_away_is_one_problem() -> None:
    found = lights(seen("alarm/FetchAlarm", "bad"), seen("alarm/DailyAlarm", "bad"), seen("ssh/main", "bad"))
    assert {part for part, light in found.items() if light is Light.BAD} == {"ssh/main", "alarm/DailyAlarm"}


def test_what_is_not_known_is_worse_than_good_and_better_than_a_warning() -> None:
    signs_of = [Sign(part="a", light=light) for light in (Light.GOOD, Light.UNKNOWN, Light.WARN, Light.BAD)]
    assert [worst(signs_of[:n]) for n in range(5)] == [
        Light.UNKNOWN, Light.GOOD, Light.UNKNOWN, Light.WARN, Light.BAD,
    ]  # fmt: skip


_ALL = signs(
    replace(
        EMPTY,
        seen=(
            seen("ssh/eu1", "bad"), seen("game/eu1"), seen("players/eu1", "warn", figure=9.0), seen("bucket", "bad"),
            seen("queue/store", figure=2.0), seen("dead_letters/store", figure=1.0), seen("backup", figure=1.0),
            seen("cost", figure=1.5), seen("answers"), seen("storage"), seen("alarm/DailyAlarm", "bad"),
        ),
    ),
    now=NOW,
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_light_has_its_words_in_every_language(language: str) -> None:
    words = words_for(language)
    assert all(words.knows(f"health.part_{sign.kind}") for sign in (*_ALL, *away()))
    shown = message_json(card.card(words, _ALL, details=True), lambda press: "x")
    told = json.dumps(shown, ensure_ascii=False)
    assert words("health.step_dead_letters") in told
    assert told.count("reasons") == 6


def test_strangers_see_lights_and_no_reasons() -> None:
    told = json.dumps(message_json(card.card(words_for("en"), _ALL, details=False), lambda press: "x"))
    assert "reasons" not in told
    document = json.dumps(card.document(_ALL, now=NOW))
    assert "reasons" not in document
    assert "eu1" not in document
    assert json.loads(document)["light"] == "bad"
