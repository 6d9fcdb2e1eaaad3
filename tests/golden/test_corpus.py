"""Whole real files become the verified truth: line by line as written, and evening by evening out of the database."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from etstats.domain.figure import FIGURES
from etstats.domain.stats_file import PlayerLine
from etstats.domain.weapon import WEAPONS
from etstats.parsing.filename import read_name
from etstats.parsing.stats_file import read_stats_file
from etstats.storage.archive import receipts_document, sessions_document
from etstats.storage.database import Database
from etstats.usecases.store_round import store
from tests.corpus import needs_corpus, stats_files, true_sessions, truth

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TALLY = ("hits", "shots", "kills", "deaths", "headshots")

pytestmark = needs_corpus


@pytest.mark.parametrize("path", stats_files(), ids=lambda path: path.stem)
def test_a_file_is_read_as_it_was_written(path: Path) -> None:
    expected = truth(path)
    file = read_stats_file(read_name(path.name), path.read_bytes())
    assert (file.status.value, file.line_ending) == (expected["status"], expected["line_ending"])
    if file.header is not None:
        assert {name: getattr(file.header, name) for name in expected["header"]} == expected["header"]
    assert [_as_written(player) for player in file.players] == [
        {key: player[key] for key in _KEYS} | {"figures": player["as_written"], "weapons": player["weapons_as_written"]}
        for player in expected["players"]
    ]


_KEYS = ("guid", "name", "name_raw", "is_bot", "team", "rounds_counter", "malformed")


def _as_written(player: PlayerLine) -> dict[str, Any]:
    figures: dict[str, Any] = {figure.name: player.figure(figure.name) for figure in FIGURES}
    return {
        **{key: getattr(player, key) for key in _KEYS if key != "malformed"},
        "malformed": player.damage,
        "figures": figures | {"weapon_mask": player.weapon_mask, "extended_count": player.extended_count},
        "weapons": {WEAPONS[slot].key: dict(zip(TALLY, t, strict=True)) for slot, t in player.weapons.items()},
    }


def _deliver(db: Database, paths: list[Path]) -> None:
    for path in paths:
        store(db, server="eu1", name=path.name, content=path.read_bytes(), channel_id="", now=NOW)


@pytest.mark.parametrize("order", ["as they were written", "shuffled", "backwards, each twice"])
def test_the_database_holds_the_true_sessions_whatever_the_order(db: Database, order: str) -> None:
    paths = stats_files()
    if order == "shuffled":
        random.Random(7).shuffle(paths)
    elif order == "backwards, each twice":
        paths = [path for path in reversed(paths) for _ in range(2)]
    _deliver(db, paths)
    found = sessions_document(db)["sessions"]
    assert [session["first"] for session in found] == [session["first"] for session in true_sessions()]
    for session, expected in zip(found, true_sessions(), strict=True):
        _compare(session, expected)


def _compare(session: dict[str, Any], expected: dict[str, Any]) -> None:
    for part in ("files", "first", "last", "crosses_midnight", "rounds", "maps"):
        assert session[part] == expected[part]
    assert {team: session["score"][team] for team in "AB"} == {team: expected["score"][team] for team in "AB"}
    for part in ("players", "top5_dpm"):
        players = {player["guid"]: player for player in session[part]}
        assert players.keys() == {player["guid"] for player in expected[part]}
        for player in expected[part]:
            assert players[player["guid"]].keys() == player.keys()
            for figure, value in player.items():
                tolerance = 0.2 if figure.startswith("alive") else 0.01
                found = players[player["guid"]][figure]
                assert found == (pytest.approx(value, abs=tolerance) if isinstance(value, float) else value), figure


def test_every_file_has_a_receipt_and_unsound_ones_a_reason(db: Database) -> None:
    _deliver(db, stats_files())
    receipts = {receipt["file"]: receipt for receipt in receipts_document(db)}
    for path in stats_files():
        status, receipt = truth(path)["status"], receipts[path.name]
        assert receipt["state"] == ("published" if status == "ok" else "rejected")
        assert receipt.get("code") == (None if status == "ok" else status)
