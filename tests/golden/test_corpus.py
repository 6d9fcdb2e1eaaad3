"""Whole real files become the verified truth: line by line as written, and evening by evening out of the database."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from etstats.storage.archive import receipts_document, sessions_document
from etstats.storage.database import Database
from etstats.usecases.parse_files import documents
from etstats.usecases.store_round import store
from tests.corpus import endstats_files, needs_corpus, stats_files, true_sessions, truth

NOW = datetime(2026, 6, 1, tzinfo=UTC)

pytestmark = needs_corpus


@cache
def _documents() -> dict[str, dict[str, Any]]:
    every = {path.name: path.read_bytes() for path in [*stats_files(), *endstats_files()]}
    return {document["file"]: document for document in documents(every, {})}


@pytest.mark.parametrize("path", [*stats_files(), *endstats_files()], ids=lambda path: path.stem)
def test_a_file_says_and_means_what_the_truth_says(path: Path) -> None:
    """As written, in its role, taken apart, with every figure made of it."""
    found = {key: value for key, value in _documents()[path.name].items() if key != "reason"}
    _agree(found, truth(path), path.stem)


def _agree(found: Any, expected: Any, where: str) -> None:
    if isinstance(expected, dict):
        assert found.keys() == expected.keys(), where
        for key, value in expected.items():
            _agree(found[key], value, f"{where}/{key}")
    elif isinstance(expected, list):
        if where.endswith("/oddities"):
            found, expected = sorted(found), sorted(expected)
        assert len(found) == len(expected), where
        for at, value in enumerate(expected):
            _agree(found[at], value, f"{where}[{at}]")
    elif isinstance(expected, float) and found is not None:
        assert found == pytest.approx(expected, abs=0.2 if "/alive_" in where else 0.01), where
    else:
        assert found == expected, where


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
