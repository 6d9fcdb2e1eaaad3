"""`etstats demo`: one object about a demo, an object a line for its events, a sentence when it is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from etstats.cli import main
from tests.corpus import FOLDER, needs_corpus
from tests.demo_builder import DemoBuilder

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


def test_a_part_is_cut_into_a_file_that_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole, part = tmp_path / "whole.dm_84", tmp_path / "part.dm_84"
    demo = DemoBuilder()
    for at_ms in (1000, 1050, 1100):
        demo.snapshot(at_ms)
    whole.write_bytes(demo.content())
    assert main(["demo", "cut", str(whole), "--from", "1050", "--to", "1100", "--out", str(part)]) == 0
    assert capsys.readouterr().out == f"{part}: 2 snapshots, 1050 to 1100 ms\n"
    assert main(["demo", "check", str(part), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.pop("completeness")["kill"] == "complete"
    assert told == {
        "messages": 3,
        "snapshots": 2,
        "invalid_snapshots": 0,
        "gamestates": 1,
        "truncated": False,
        "fault": None,
    }


def test_nothing_to_cut_leaves_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole, part = tmp_path / "whole.dm_84", tmp_path / "part.dm_84"
    whole.write_bytes(DemoBuilder().snapshot(1000).content())
    assert main(["demo", "cut", str(whole), "--from", "2000", "--to", "2100", "--out", str(part)]) == 1
    assert main(["demo", "pov", str(whole), "--client", "0", "--out", str(part)]) == 1
    assert capsys.readouterr().err.count("etstats: ") == 2
    assert [path.name for path in tmp_path.iterdir()] == ["whole.dm_84"]


def test_a_damaged_demo_is_checked_up_to_where_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.dm_84"
    whole = DemoBuilder().snapshot(1000).content()
    path.write_bytes(whole[:-8] + b"\2\0\0\0\4\0\0\0\0\0\0\0")
    assert main(["demo", "check", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["messages"], told["truncated"], told["fault"]["offset"]) == (2, True, len(whole) - 8)


def test_a_long_file_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    path = tmp_path / "long.dm_84"
    path.write_bytes(DemoBuilder().snapshot(1000).content())
    monkeypatch.setattr("etstats.demo.command_line._LONG_BYTES", 1)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["demo", "info", str(path), "--json"]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out)["snapshots"] == 1
    assert "100 %" in err
