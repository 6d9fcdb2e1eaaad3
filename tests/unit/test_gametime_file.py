"""Gametime files: the webhook's body, bare or with the writer's additions; what cannot be read is unknown or refused.

No real one is at hand. The files in tests/golden/gametime were made by hand after the description of the format, and
the expected values below were read off them by eye.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etstats.domain.gametime import EndReason, Gametime, Pause, RosterPlayer
from etstats.domain.stats_file import Kind
from etstats.errors import BadFile
from etstats.parsing.filename import read_name
from etstats.parsing.gametime_file import read_gametime_file
from tests.game_files import a_gametime

FOLDER = Path(__file__).parent.parent / "golden" / "gametime"
NAME = read_name("gametime-supply-R1-1772829185.json")


def read(name: str) -> Gametime:
    return read_gametime_file(read_name(name), (FOLDER / name).read_bytes())


def made(**changes: str) -> Gametime:
    name, content = a_gametime(**changes)  # type: ignore[arg-type]
    return read_gametime_file(read_name(name), content)


def test_a_name_says_map_round_and_when_it_ended() -> None:
    name = read_name("gametime-mp-R2-base-R1-1772829185.json")
    assert (name.map, name.round, name.kind) == ("mp-R2-base", 1, Kind.GAMETIME)
    assert name.written_at.isoformat() == "2026-03-06T20:33:05"  # UTC


@pytest.mark.parametrize("text", ["gametime-supply-R3-1772829185.json", "gametime--R1-1.json", "gametime-supply.json"])
def test_other_names_are_refused(text: str) -> None:
    with pytest.raises(BadFile):
        read_name(text)


def test_a_bare_body() -> None:
    told = read("gametime-supply-R1-1772829185.json")
    assert (told.map, told.number, told.winner_team, told.defender_team) == ("supply", 1, 2, 1)
    assert (told.played_s, told.limit_s, told.pause_count, told.pause_s, told.warmup_s) == (485, 720, 0, 0, 31)
    assert (told.round_start_unix, told.round_end_unix) == (1772828700, 1772829185)
    assert (told.end_reason, told.end_reason_reliable) == (EndReason.OBJECTIVE, True)
    assert (told.surrender_team, told.surrender_guid, told.surrender_name) == (None, None, None)
    assert told.oddities == ()


def test_a_body_with_the_writers_additions() -> None:
    told = read("gametime-supply-R2-1772829727.json")
    assert (told.end_reason, told.surrender_team, told.surrender_guid) == (EndReason.SURRENDER, 2, "AAAA0002")
    assert told.surrender_name == "qmr"
    assert (told.limit_s, told.played_s, told.pause_count, told.pause_s) == (485, 412, 1, 34)
    assert told.axis == (RosterPlayer(guid="BBBB0001", name="vid"), RosterPlayer(guid="BBBB0002", name="olz"))
    assert [player.guid for player in told.allies] == ["AAAA0001", "AAAA0002"]
    assert told.pauses == (Pause(start_unix=1772829400, end_unix=1772829434, long_s=34),)
    [tally] = told.spawns
    assert (tally.guid, tally.spawns, tally.deaths, tally.dead_s, tally.longest_respawn_s) == (
        "BBBB0001",
        7,
        6,
        71.5,
        20,
    )
    assert told.server_address == "192.0.2.7:27960"


@pytest.mark.parametrize(("played", "reliable"), [("647 sec", True), ("648 sec", False), ("720 sec", False)])
def test_the_end_reason_is_not_to_be_believed_in_the_last_tenth_of_the_limit(played: str, reliable: bool) -> None:
    assert made(Lua_Playtime=played).end_reason_reliable is reliable


def test_what_cannot_be_read_is_unknown_and_named() -> None:
    told = made(Lua_Playtime="a while", Lua_Timelimit="-3 min", Axis_JSON="[oops", Allies_JSON='[{"guid": 7}]')
    assert (told.played_s, told.limit_s, told.axis, told.allies) == (None, None, (), ())
    assert told.end_reason_reliable is False
    assert set(told.oddities) == {f"unreadable_{name}" for name in (
        "Lua_Playtime", "Lua_Timelimit", "Axis_JSON", "Allies_JSON"
    )}  # fmt: skip


def test_a_file_about_another_round_than_its_name_says_is_marked() -> None:
    assert made(Map="radar").oddities == ("differs_from_name",)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"9" * 5000, "not_json"),
        (b"[1, 2]", "not_a_gametime_file"),
        (b"{}", "not_a_gametime_file"),
        (b'{"embeds": [{"fields": "none"}]}', "not_a_gametime_file"),
        (b'{"meta": {"map": "supply"}, "payload": {"embeds": []}}', "not_a_gametime_file"),
        (b" " * (1 << 20) + b"{}", "too_large"),
    ],
)
def test_what_is_no_gametime_file_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_gametime_file(NAME, content)
    assert refused.value.code == code


def test_nothing_comes_out_that_a_database_cannot_keep() -> None:
    told = made(Map="a\x00b\ud800", Lua_SpawnSummary="x" * 9999, Axis_JSON='[{"guid": "AAAA0001", "name": "\\ud800"}]')
    assert json.dumps([told.map, told.axis[0].name], ensure_ascii=False).encode()
    assert "\x00" not in (told.map or "")
    assert len(told.spawn_summary or "") == 2000


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
_names = st.sampled_from(
    ["Map", "Round", "Lua_Playtime", "Lua_Pauses", "Lua_RoundEnd", "Axis_JSON", "Lua_SurrenderTeam"]
)
_rows = st.lists(st.fixed_dictionaries({"name": _names, "value": _json | st.builds(json.dumps, _json)}), max_size=6)
_metas = st.dictionaries(st.sampled_from(["map", "round", "spawn_stats", "server_ip", "pause_count"]), _json)


@given(st.binary(max_size=200) | st.builds(lambda rows, meta: json.dumps(
    {"meta": meta, "payload": {"embeds": [{"fields": rows}]}}).encode(), _rows, _metas))  # fmt: skip
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        told = read_gametime_file(NAME, content)
    except BadFile as refused:
        assert refused.code in ("not_json", "not_a_gametime_file", "too_large")
    else:
        assert told.round_end_unix > 0
