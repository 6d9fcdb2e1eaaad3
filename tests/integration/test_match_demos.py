"""Whichever comes first, a demo or its round's stats file: in the end both know each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any

from etstats.storage.database import Database
from etstats.usecases.analyse_demo import analyse_demo
from etstats.usecases.match_demos import TRIED_FOR, match_demos
from etstats.usecases.store_round import store
from local.simulator import SimulatedSession, film, simulate_session
from tests.announcing import NOW
from tests.content import forget
from tests.fakes import FakeBucket

GUILD = "7"


@cache
def _evening() -> SimulatedSession:
    return simulate_session(seed=4, maps=1, ends_at=datetime(2025, 10, 2, 22, 0), planned=True)


@cache
def _demo() -> bytes:
    out = BytesIO()
    film(_evening().recordings[-1].scene, out)
    return out.getvalue()


def _land(db: Database) -> None:
    bucket = FakeBucket()
    key = f"demos/{GUILD}/{sha256(_demo()).hexdigest()}.tv_84"
    bucket.objects[key] = _demo()
    assert analyse_demo(db, bucket, key, now=lambda: NOW, time_is_short=lambda: False) == "ready"


def _store(db: Database) -> None:
    for file in _evening().files:
        store(db, server="eu1", name=file.name, content=file.content, channel_id="", now=NOW)


def _known(db: Database) -> dict[str, list[Any]]:
    """What the demo's rows tell of the round."""
    return {
        "demo": db.values("select array[round_id::text, match_score::text, matched_by] from demo"),
        "players": db.values("select array[name, guid, damage::text] from demo_player order by client"),
        "highlights": db.values("select array[name, guid] from highlight order by position"),
        "performances": db.values(
            "select array[measure, name, guid, value::text] from performance order by measure, client"
        ),
    }


def test_a_demo_that_came_first_is_joined_as_one_that_came_later(db: Database) -> None:
    _store(db)
    _land(db)
    as_later = _known(db)
    assert as_later["demo"][0][2] == "computed"
    assert sum(one[2] is not None for one in as_later["players"]) == 12
    db.run("delete from demo")
    forget(db)
    _land(db)
    assert match_demos(db, now=NOW) == 0
    assert _known(db)["demo"] == [[None, None, None]]
    _store(db)
    assert [match_demos(db, now=NOW) for _ in range(2)] == [1, 0]
    assert _known(db) == as_later


def test_what_nobody_knows_after_days_and_what_somebody_decided_is_left_alone(db: Database) -> None:
    _land(db)
    _store(db)
    assert match_demos(db, now=NOW + TRIED_FOR + timedelta(seconds=1)) == 0
    db.run("update demo set matched_by = 'human'")
    assert match_demos(db, now=NOW) == 0
