"""The way in for films: one message, one highlight; what was only away comes back to the queue."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from etstats import wiring
from etstats.errors import BucketUnavailable
from functions.greatshot import watch

EVENT = json.loads((Path(__file__).parents[2] / "events" / "sqs-watch.json").read_text(encoding="utf-8"))
CONTEXT: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 20_000)


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("database", "bucket", "studio"):
        monkeypatch.setattr(wiring, name, lambda *_: None)


def test_the_highlight_of_the_message_is_made_within_the_functions_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[int, int, bool]] = []

    def make(db: Any, bucket: Any, studio: Any, demo_id: int, position: int, **told: Any) -> str:
        made.append((demo_id, position, told["time_is_short"]()))
        return "ready"

    monkeypatch.setattr(watch, "make_video", make)
    watch.handler(EVENT, CONTEXT)
    assert made == [(7, 1, True)]


def test_a_bucket_that_is_away_sends_the_message_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> str:
        raise BucketUnavailable("away")

    monkeypatch.setattr(watch, "make_video", away)
    with pytest.raises(BucketUnavailable):
        watch.handler(EVENT, CONTEXT)
