"""Whole demos still become what other readers found in them."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from etstats.demo.configstring import without_colours
from etstats.demo.cut import cut, point_of_view
from etstats.demo.decode import COMPILED, Decoder
from etstats.demo.demo import Demo
from etstats.demo.document import about_document, event_document
from etstats.demo.encode import Encoder
from etstats.demo.events import Team
from etstats.demo.frames import Frames
from etstats.demo.messages import Messages
from etstats.demo.protocol import PERSISTANT, PLAYER, TV_PROTOCOL
from etstats.demo.reader import Reader
from tests.corpus import FOLDER, needs_corpus

pytestmark = needs_corpus

_DEMOS = sorted(path for path in (FOLDER / "demos").glob("*_84") if path.suffix in (".dm_84", ".tv_84"))
_REGIONS = {"0": "none", "1": "team", "2": "head", "3": "body"}
_TEAM_NUMBERS = {1: Team.AXIS, 2: Team.ALLIES}

every_demo = pytest.mark.parametrize("path", _DEMOS, ids=lambda path: path.name)


@cache
def _read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with path.open("rb") as file:
        demo = Demo(file)
        events = [event_document(event) for event in demo.events()]
    return about_document(demo.about()), events


def _of(path: Path, kind: str) -> list[dict[str, Any]]:
    return [event for event in _read(path)[1] if event["kind"] == kind]


def _truth(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.with_name(path.name + ".json").read_text()))


def test_there_are_demos() -> None:
    assert {path.suffix for path in _DEMOS} == {".dm_84", ".tv_84"}


@every_demo
def test_what_it_is_about(path: Path) -> None:
    about, truth = _read(path)[0], _truth(path)
    assert about == {
        "messages": truth["messages"],
        "snapshots": truth["snapshots"],
        "gamestates": truth["gamestates"],
        "first_server_time_ms": truth["firstServerTime"],
        "last_server_time_ms": truth["lastServerTime"],
        "truncated": not truth["framing"]["terminator"],
        "protocol": 284 if path.suffix == ".tv_84" else 84,
        "map": truth["map"],
        "mod_name": truth["modName"],
        "mod_version": truth["modVersion"],
        "server_name": truth["serverName"],
        "gametype": truth["gametype"],
        "recorder": truth["recordingClient"],
        "players": [{name: player[name] for name in ("client", "name", "team")} for player in truth["players"]],
    }
    assert [without_colours(player["name"]) for player in about["players"]] == [
        player["cleanName"] for player in truth["players"]
    ]


@every_demo
def test_its_gamestate_and_lost_snapshots(path: Path) -> None:
    truth = _truth(path)
    with path.open("rb") as file:
        demo = Demo(file)
        for _ in demo.events():
            pass
    gamestate, told = demo.reader.gamestate, truth["gamestate"][0]
    assert gamestate is not None
    assert len(gamestate.configstrings) == told["cs"]
    assert len(gamestate.baselines) == told["baselines"]
    assert gamestate.command_sequence == told["cmdseq"]
    assert len(gamestate.current) == truth["entityCurrentStatesInGamestate"]
    assert demo.reader.invalid_snapshots == truth["invalidDeltas"]


@every_demo
def test_its_kills_in_order(path: Path) -> None:
    kills = [
        (
            kill["at_ms"],
            kill["attacker"],
            without_colours(kill["attacker_name"]),
            kill["attacker_team"],
            kill["victim"],
            without_colours(kill["victim_name"]),
            kill["victim_team"],
            kill["means"],
            kill["means_name"],
            kill["weapon"],
        )
        for kill in _of(path, "kill")
    ]
    assert kills == [
        (
            told["t"],
            told["attacker"],
            told["attackerName"],
            _TEAM_NUMBERS[told["attackerTeam"]],
            told["target"],
            told["targetName"],
            _TEAM_NUMBERS[told["targetTeam"]],
            told["mod"],
            told["modName"],
            told["weapon"],
        )
        for told in _truth(path)["obituaries"]
    ]


@every_demo
def test_its_team_kills_and_self_kills(path: Path) -> None:
    truth, kills = _truth(path), _of(path, "kill")
    assert sum(kill["team_kill"] for kill in kills) == truth["teamKills"]
    assert sum(kill["self_kill"] for kill in kills) == truth["suicides"]


@every_demo
def test_its_bullets_by_region_and_attacker(path: Path) -> None:
    truth, hits = _truth(path)["bulletEvents"], _of(path, "hit")
    assert len(hits) == truth["total"]
    assert Counter(hit["region"] for hit in hits) == {_REGIONS[kind]: count for kind, count in truth["hitType"].items()}
    for region, told in (("head", "headshotsByAttacker"), ("body", "bodyshotsByAttacker")):
        found = Counter(str(hit["attacker"]) for hit in hits if hit["region"] == region)
        assert found == truth.get(told, {})


@every_demo
def test_bullets_hit_whom_their_region_says(path: Path) -> None:
    teams = {player["client"]: player["team"] for player in _read(path)[0]["players"]}
    for hit in _of(path, "hit"):
        if hit["region"] == "team":
            assert teams[hit["attacker"]] == teams[hit["victim"]]
        elif hit["region"] in ("head", "body"):
            assert {teams[hit["attacker"]], teams[hit["victim"]]} == {Team.AXIS, Team.ALLIES}


@every_demo
def test_its_revives(path: Path) -> None:
    revives = [{"t": revive["at_ms"], "client": revive["client"]} for revive in _of(path, "revive")]
    assert revives == _truth(path)["revivesFromEntities"]


@every_demo
def test_its_commands(path: Path) -> None:
    truth, commands = _truth(path), _of(path, "command")
    assert len(commands) == truth["serverCommandCount"]
    assert Counter(command["name"] for command in commands) == truth["serverCommandsByName"]
    texts = {command["sequence"]: command["text"] for command in commands}
    told = [*truth["chat"], *truth["scoreCommands"]["first"], *truth["scoreCommands"]["last"]]
    assert [texts[command["seq"]] for command in told] == [command["text"] for command in told]


@every_demo
def test_its_chat_and_scores(path: Path) -> None:
    truth = _truth(path)
    assert len(_of(path, "chat")) == len(truth["chat"])
    scores = _of(path, "score")
    assert len(scores) == truth["scoreCommands"]["sc0"]
    for score, told in ((scores[0], "first"), (scores[-1], "last")):
        words = [int(word) for word in truth["scoreCommands"][told][0 if told == "first" else -1]["text"].split()[1:]]
        assert [score["axis"], score["allies"]] == words[:2]
        assert [player[0] for player in score["players"]] == words[3::7]


@every_demo
def test_what_is_packed_again_means_the_same_and_nearly_all_is_the_same_bytes(path: Path) -> None:
    first, again, same, packed = Decoder(), Decoder(), 0, 0
    told, back = Messages(first), Messages(again)
    with path.open("rb") as file:
        frames = Frames(file)
        while (record := frames.take()) is not None:
            number, payload = record
            first.read(number, payload)
            message = told.last()
            if first.has_snapshot and not first.valid:
                continue
            written = _packed(first)
            again.read(number, written)
            read = back.last()
            if read.snapshot and message.snapshot:
                read.snapshot.written = message.snapshot.written  # a field sent without need is not sent again
            assert read == message
            packed += 1
            same += written[:-1] == payload[:-1]
    assert same >= packed * 0.96


def _packed(decoder: Decoder) -> bytes:
    """The message read last, once more, building on what it built on."""
    encoder = _ENCODER
    encoder.begin(decoder.acknowledge)
    if decoder.has_gamestate:
        encoder.gamestate(
            decoder.states,
            decoder.configstrings,
            tv=decoder.protocol == TV_PROTOCOL,
            command_sequence=decoder.command_sequence,
            recorder=decoder.recorder,
            checksum_feed=decoder.checksum_feed,
            with_current=True,
        )
    for sequence, content in decoder.commands:
        encoder.command(sequence, content)
    if decoder.has_snapshot:
        encoder.snapshot(
            decoder.states,
            server_time_ms=decoder.server_time_ms,
            delta=decoder.delta,
            flags=decoder.flags,
            area_mask=decoder.area_mask,
            table=decoder.table,
            source=decoder.source,
        )
    return encoder.end()


_ENCODER = Encoder()


def _cut_like(reference: str, source: str, client: int | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Events of our own cut of *source*, and of another program's."""
    about, theirs = _read(FOLDER / "demos" / reference)
    out = BytesIO()
    times = {"from_ms": about["first_server_time_ms"], "to_ms": about["last_server_time_ms"]}
    with (FOLDER / "demos" / source).open("rb") as file:
        if client is None:
            cut(file, out, **times)
        else:
            point_of_view(file, out, client=client, **times)
    demo = Demo(out.getvalue())
    ours = [event_document(event) for event in demo.events()]
    assert about_document(demo.about()) == about
    return ours, theirs


def test_a_cut_tells_what_another_programs_cut_tells() -> None:
    ours, theirs = _cut_like("cut_scores_52-60.dm_84", "scores_test.dm_84", None)
    for events in (ours, theirs):
        for event in events:
            event.pop("sequence", None)  # the other program counts commands from 1 again
    assert ours == theirs


def test_a_point_of_view_tells_what_another_programs_tells() -> None:
    ours, theirs = _cut_like("pov05_230-260.dm_84", "tv_230-260.tv_84", 5)
    assert [event for event in ours if event["kind"] != "command"] == [
        event for event in theirs if event["kind"] != "command"
    ]


def _whole(path: Path) -> tuple[bytes, list[tuple[int, list[int], dict[int, list[int]]]]]:
    content = path.read_bytes()
    return content, _states(content)


def _states(content: bytes) -> list[tuple[int, list[int], dict[int, list[int]]]]:
    snapshots = [message.snapshot for message in Reader(content) if message.snapshot is not None]
    return [(one.server_time_ms, one.player, one.entities) for one in snapshots if one.valid]


def _part(content: bytes, from_ms: int, to_ms: int) -> bytes:
    out = BytesIO()
    cut(content, out, from_ms=from_ms, to_ms=to_ms)
    return out.getvalue()


def test_a_cut_at_every_snapshot_of_a_demo() -> None:
    """Without a compiled core at some of them: it takes minutes."""
    content, states = _whole(FOLDER / "demos" / "cut_scores_52-60.dm_84")
    for number in range(0, len(states), 1 if COMPILED else 60):
        expected = states[number : number + 3]
        assert _states(_part(content, expected[0][0], expected[-1][0])) == expected


@every_demo
def test_a_cut_of_a_cut_is_the_cut(path: Path) -> None:
    content, states = _whole(path)
    quarter = len(states) // 4
    first, second, third = (states[quarter * number][0] for number in (1, 2, 3))
    once = _part(_part(content, first, third), second, third)
    assert _states(once) == [state for state in states if second <= state[0] <= third]


@pytest.mark.parametrize("path", [path for path in _DEMOS if path.suffix == ".tv_84"], ids=lambda path: path.name)
def test_every_death_the_game_counts_is_a_kill(path: Path) -> None:
    """A TV is sent everybody's own counter of deaths."""
    counted: list[tuple[int, int]] = []
    deaths: dict[int, int] = {}
    for decoder in Reader(path.read_bytes()).steps():
        for client in decoder.clients() if decoder.has_snapshot else ():
            state = decoder.player(client) or []
            if state[PLAYER.at["clientNum"]] != client:  # he watches somebody
                continue
            rises = state[PERSISTANT + 6] - deaths.get(client, state[PERSISTANT + 6])
            counted += [(decoder.server_time_ms, client)] * max(0, rises)
            deaths[client] = state[PERSISTANT + 6]
    kills = [(kill["at_ms"], kill["victim"]) for kill in _of(path, "kill")]
    assert sorted(kills) == sorted(counted)
