"""The minute's tick as the platform sees it: nobody is asked where nobody wants to know."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from etstats import wiring
from etstats.storage.database import Database
from functions.ingest import live

EVENT = json.loads((Path(__file__).parents[2] / "events" / "schedule-live.json").read_text())


def test_a_tick_with_nothing_to_follow_says_so_and_asks_nobody(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise AssertionError("nobody is asked")

    monkeypatch.setattr(wiring, "database", lambda *_: db)
    monkeypatch.setattr(wiring, "looking", lambda *_: SimpleNamespace(known=(), look=nobody))
    monkeypatch.setattr(wiring, "discord", lambda: None)
    assert live.handler(EVENT, cast(Any, SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000))) == {
        "posted": 0,
        "edited": 0,
        "told": 0,
    }
