"""`etstats demo`: one object about a demo, an object a line for its events, a sentence when it is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from etstats.cli import main
from tests.corpus import FOLDER, needs_corpus

_TV = FOLDER / "demos" / "tv_230-260.tv_84"
_ABOUT = (
    "messages snapshots gamestates first_server_time_ms last_server_time_ms truncated protocol map mod_name mod_version"
    " server_name gametype recorder players"
)


@needs_corpus
def test_info_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "info", str(_TV), "--json"]) == 0
    about = json.loads(capsys.readouterr().out)
    assert list(about) == _ABOUT.split()
    assert about["players"][-1] == {"client": 63, "name": "ETLTV", "team": "spectator"}


@needs_corpus
def test_events_are_an_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "events", str(_TV), "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    first_kill = next(event for event in events if event["kind"] == "kill")
    wanted = {"at_ms": 230300, "attacker": 6, "victim": 5, "means": 9, "means_name": "THOMPSON", "weapon": 8}
    assert first_kill.items() >= {**wanted, "team_kill": False}.items()
    assert {"kind": "revive", "at_ms": 253600, "client": 1, "reviver": None} in events


@needs_corpus
def test_a_torn_demo_is_read_up_to_the_tear(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torn = tmp_path / "torn.tv_84"
    torn.write_bytes(_TV.read_bytes()[:200_000])
    assert main(["demo", "info", str(torn), "--json"]) == 0
    about = json.loads(capsys.readouterr().out)
    assert about["truncated"]
    assert 0 < about["snapshots"] < 601


@pytest.mark.parametrize("content", [b"", b"no demo at all, but long enough for a header"])
def test_what_is_no_demo_gets_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    path = tmp_path / "x.dm_84"
    path.write_bytes(content)
    assert main(["demo", "info", str(path), "--json"]) == 1
    assert capsys.readouterr().err.startswith("etstats: ")


def test_a_missing_file_gets_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "events", str(tmp_path / "gone.dm_84")]) == 1
    assert "cannot be read" in capsys.readouterr().err
