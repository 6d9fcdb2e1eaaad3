"""What is one event and what is not, version by version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.demo.demo import Demo
from etstats.demo.document import event_document
from etstats.demo.events import Chat, Completeness, Joined, Kill, Left, NameChange, Print, RoundState, Team, TeamChange
from etstats.demo.mods import choose
from etstats.demo.protocol import PERSISTANT
from etstats.errors import BadDemo
from tests.demo_builder import LEGACY, VANILLA, DemoBuilder, a_view, an_entity

_VID, _CARNIEE, _OLZ = 0, 1, 2
_WORLD = 1022


def _obituary(victim: int, attacker: int, means: int = 9, **more: int) -> list[int]:
    return an_entity(eType=62 + 68, otherEntityNum=victim, otherEntityNum2=attacker, eventParm=means, **more)


def _bullet(attacker: int, victim: int, hit_type: int) -> list[int]:
    return an_entity(eType=62 + 61, otherEntityNum=attacker, otherEntityNum2=victim, modelindex=hit_type, weapon=8)


def _told(demo: DemoBuilder, kind: str, *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(event_document(event)[field] for field in fields) for event in demo.events(kind)]


def test_an_event_that_stays_for_some_snapshots_is_one_event() -> None:
    demo = DemoBuilder()
    for at_ms in (1000, 1050, 1100):
        demo.snapshot(at_ms, {80: _obituary(_CARNIEE, _VID)})
    assert _told(demo, "kill", "at_ms", "attacker", "victim") == [(1000, _VID, _CARNIEE)]


def test_a_slot_used_again_in_the_next_snapshot_is_a_new_event() -> None:
    demo = DemoBuilder().snapshot(1000, {80: _obituary(_CARNIEE, _VID)})
    demo.snapshot(1050, {80: _obituary(_VID, _CARNIEE)}).snapshot(1100).snapshot(1150, {80: _obituary(_VID, _CARNIEE)})
    assert _told(demo, "kill", "at_ms", "attacker") == [(1000, _VID), (1050, _CARNIEE), (1150, _CARNIEE)]


def test_an_event_is_told_once_when_snapshots_are_lost_between() -> None:
    demo = DemoBuilder().snapshot(1000, {80: _obituary(_CARNIEE, _VID)}).snapshot(1050, lost=True)
    demo.snapshot(1100, {80: _obituary(_CARNIEE, _VID)}, full=True)
    demo.snapshot(1150, {80: _obituary(_CARNIEE, _VID), 81: _obituary(_VID, _VID)}, full=True)
    assert _told(demo, "kill", "at_ms", "victim") == [(1000, _CARNIEE), (1150, _VID)]


def test_who_killed_whom_by_what() -> None:
    (kill,) = DemoBuilder().snapshot(1000, {80: _obituary(_CARNIEE, _VID, 9, weapon=8)}).events("kill")
    assert isinstance(kill, Kill)
    assert (kill.means_name, kill.weapon_name, kill.headshot) == ("THOMPSON", "THOMPSON", None)
    assert (kill.attacker_name, kill.attacker_team) == ("vid", Team.AXIS)
    assert (kill.victim_name, kill.victim_team) == ("^1carniee", Team.ALLIES)
    assert not kill.team_kill
    assert not kill.self_kill


def test_team_kills_self_kills_and_the_world() -> None:
    demo = DemoBuilder()
    for slot, attacker in enumerate((_OLZ, _VID, _WORLD)):
        demo.snapshot(1000 + slot, {80 + slot: _obituary(_VID, attacker)})
    told = _told(demo, "kill", "attacker", "team_kill", "self_kill")
    assert told == [(_OLZ, True, False), (_VID, False, True), (-1, False, False)]


def test_teams_are_those_of_the_moment() -> None:
    demo = DemoBuilder().snapshot(1000, {80: _obituary(_CARNIEE, _VID)})
    demo.snapshot(1050, {81: _obituary(_CARNIEE, _VID)}, commands=[rb'cs 690 "n\carniee\t\1\c\2"'])
    assert _told(demo, "kill", "team_kill") == [(False,), (True,)]


def test_a_kill_by_headshot_is_told_from_2_84_on() -> None:
    demo = DemoBuilder(LEGACY.replace(b"2.83.1", b"2.84.0")).snapshot(
        1000, {80: _obituary(_CARNIEE, _VID, loopSound=1)}
    )
    assert _told(demo, "kill", "headshot") == [(True,)]


def test_bullets_tell_their_region() -> None:
    demo = DemoBuilder(tv=True)
    for slot, (victim, kind) in enumerate([(_CARNIEE, 2), (_CARNIEE, 3), (_OLZ, 1), (_WORLD, 0), (200, 0)]):
        demo.snapshot(1000 + slot, {80 + slot: _bullet(_VID, victim, kind)})
    told = [(_CARNIEE, "head"), (_CARNIEE, "body"), (_OLZ, "team"), (-1, "none"), (-1, "none")]
    assert _told(demo, "hit", "victim", "region") == told


@pytest.mark.parametrize(
    ("version", "entity", "region"),
    [
        (b"v2.82.1", an_entity(eType=62 + 61, eventParm=1, otherEntityNum2=2, modelindex=2), "head"),
        (b"v2.82.1-71-gabc", an_entity(eType=62 + 61, eventParm=2, otherEntityNum2=1, modelindex=2), "head"),
        (b"v2.81.1", an_entity(eType=62 + 56, eventParm=1, modelindex=3), "body"),
        (b"2.79", an_entity(eType=62 + 56, eventParm=1), None),
        (b"2.76", an_entity(eType=61 + 56, eventParm=1), None),
    ],
)
def test_a_bullets_target_version_by_version(version: bytes, entity: list[int], region: str | None) -> None:
    demo = DemoBuilder(LEGACY.replace(b"v2.83.1", version)).snapshot(1000, {80: entity})
    assert _told(demo, "hit", "victim", "region") == [(_CARNIEE, region)]


def test_the_original_game_numbers_its_events_otherwise() -> None:
    demo = DemoBuilder(VANILLA).snapshot(
        1000,
        {
            80: an_entity(eType=61 + 70, otherEntityNum=1, otherEntityNum2=0, eventParm=10),
            81: an_entity(eType=61 + 57, otherEntityNum=0, eventParm=1, weapon=8),
        },
    )
    assert _told(demo, "kill", "means_name", "weapon") == [("THOMPSON", None)]
    assert _told(demo, "hit", "victim", "region") == [(_CARNIEE, None)]


def test_a_reviver_is_told_from_2_83_on() -> None:
    demo = DemoBuilder().snapshot(1000, {80: an_entity(eType=62 + 133, clientNum=0, eventParm=2)})
    assert _told(demo, "revive", "client", "reviver") == [(_OLZ, _VID)]


def test_before_that_who_rises_where_he_fell_was_revived_and_who_rises_elsewhere_was_not() -> None:
    demo = DemoBuilder(LEGACY.replace(b"2.83.1", b"2.82.1"))
    elsewhere = 0x44960000  # 1200.0
    demo.snapshot(1000, {1: an_entity(eType=1, eFlags=1), 2: an_entity(eType=1, eFlags=1)})
    demo.snapshot(1050, {1: an_entity(eType=1), 2: an_entity(**{"eType": 1, "pos__trBase[0]": elsewhere})})
    assert _told(demo, "revive", "at_ms", "client", "reviver") == [(1050, 1, None)]


def test_the_recorders_own_revive_is_in_his_player_state() -> None:
    demo = DemoBuilder(LEGACY.replace(b"2.83.1", b"2.82.1"), recorder=2)
    demo.snapshot(1000, view=a_view({PERSISTANT + 9: 1}, clientNum=2))
    demo.snapshot(1050, view=a_view({PERSISTANT + 9: 5}, clientNum=1))  # he follows somebody
    demo.snapshot(1100, view=a_view({PERSISTANT + 9: 2}, clientNum=2))
    assert _told(demo, "revive", "at_ms", "client") == [(1100, 2)]


def test_events_of_a_players_ring() -> None:
    demo = DemoBuilder(tv=True)
    ring = {"eType": 1, "events[0]": 132, "eventParms[0]": 3, "events[1]": 132, "eventParms[1]": 1}
    demo.snapshot(1000, {1: an_entity(**ring, eventSequence=0)})
    demo.snapshot(1050, {1: an_entity(**ring, eventSequence=2)}).snapshot(1100, {1: an_entity(**ring, eventSequence=2)})
    assert _told(demo, "hit_sound", "at_ms", "attacker", "region") == [(1050, 1, "body"), (1050, 1, "team")]


def test_objectives() -> None:
    popups = [
        {"effect1Time": 0, "effect2Time": 0, "effect3Time": 0, "teamNum": 2},
        {"effect1Time": 5, "effect2Time": 1, "effect3Time": 0, "teamNum": 2, "density": 0},
        {"effect1Time": 2, "effect2Time": 1, "effect3Time": 1, "teamNum": 1},
        {"effect1Time": 9},
    ]
    demo = DemoBuilder()
    for slot, fields in enumerate(popups):
        demo.snapshot(1000, {80 + slot: an_entity(eType=62 + 124, **fields)})
    assert _told(demo, "objective", "action", "what", "team", "client") == [
        ("planted", "the Door controls", Team.ALLIES, None),
        ("stolen", "the documents", Team.ALLIES, None),
        ("mines_spotted", "", Team.AXIS, 1),
    ]


def test_commands_mean_something() -> None:
    said = [
        rb'chat "vid: hello" 0 0',
        rb'vtchat 0 1 Medic 0 0 0 0.5 -1 ""',
        rb'print "[lof]vid [lon]renamed to x\n"'.replace(rb"\n", b"\n"),
        rb'cs 691 ""',
        rb'cs 692 "n\new\t\3"',
        rb'cs 689 "n\vid2\t\2\c\1"',
    ]
    demo = DemoBuilder().snapshot(1000, commands=said)
    assert demo.events("chat", "print", "joined", "left", "name", "team") == [
        Chat(at_ms=1000, channel="all", voice=False, client=0, name="vid", text="vid: hello"),
        Chat(at_ms=1000, channel="team", voice=True, client=1, name="^1carniee", text="Medic"),
        Print(at_ms=1000, place="console", text="vid renamed to x"),
        Left(at_ms=1000, client=2, name="olz"),
        Joined(at_ms=1000, client=3, name="new", team=Team.SPECTATOR),
        NameChange(at_ms=1000, client=0, name="vid2", before="vid"),
        TeamChange(at_ms=1000, client=0, team=Team.ALLIES, before=Team.AXIS),
    ]
    assert len(demo.events("command")) == len(said)


def test_a_long_configstring_comes_in_parts() -> None:
    parts = [rb'bcs0 689 "n\vi"', rb'bcs1 689 "d3\t"', rb'bcs2 689 "\1\c\1"']
    demo = DemoBuilder().snapshot(1000, commands=parts[:2]).snapshot(1050, commands=parts[2:])
    assert demo.events("name") == [NameChange(at_ms=1050, client=0, name="vid3", before="vid")]


def test_a_round_has_a_winner_once_it_is_over() -> None:
    demo = DemoBuilder().snapshot(1000).snapshot(1050, commands=[rb'cs 14 "\w\1"']).snapshot(1100)
    demo.snapshot(1150, commands=[b'cs 12 "1"', rb'cs 21 "\gamestate\3\g_currentRound\1"'])
    playing = RoundState(
        at_ms=1000, state="playing", round=1, started_ms=700, limit_min=10.0, next_limit_min=7.5, winner=None
    )
    assert demo.events("round") == [
        playing,
        replace(playing, at_ms=1150, state="intermission", next_limit_min=None, winner=Team.ALLIES),
    ]


def test_who_was_ever_there_is_named() -> None:
    demo = Demo(DemoBuilder().snapshot(1000, commands=[rb'cs 691 ""']).content())
    assert len(list(demo.events())) > 0
    assert [(player.client, player.name) for player in demo.about().players] == [
        (0, "vid"),
        (1, "^1carniee"),
        (2, "olz"),
    ]


def test_what_is_complete() -> None:
    own, tv = (Demo(DemoBuilder(tv=tv).snapshot(1000).content()) for tv in (False, True))
    for demo in (own, tv):
        assert list(demo.events())
    assert (own.completeness()["kill"], own.completeness()["hit"]) == (Completeness.COMPLETE, Completeness.CULLED)
    assert tv.completeness()["hit"] is Completeness.COMPLETE


@pytest.mark.parametrize(
    ("serverinfo", "systeminfo", "base", "revive", "guessed"),
    [
        ({"gamename": "legacy", "mod_version": "2.83-dirty"}, {}, 62, 133, False),
        ({"gamename": "legacy", "mod_version": "v2.71.1"}, {}, 61, 0, False),
        ({"gamename": "legacy"}, {"sv_referencedpaknames": "etmain/pak0 legacy/legacy_v2.82.1_dirty"}, 62, 0, False),
        ({"gamename": "legacy"}, {}, 62, 133, True),
        ({"gamename": "etmain", "version": "ET Legacy v2.83"}, {}, 61, 0, False),
        ({}, {"fs_game": "jaymod"}, 61, 0, True),
    ],
)
def test_the_mod_is_chosen(
    serverinfo: dict[str, str], systeminfo: dict[str, str], base: int, revive: int, guessed: bool
) -> None:
    mod = choose(serverinfo, systeminfo)
    assert (mod.event_base, mod.revive, mod.guessed) == (base, revive, guessed)


_SOUND = DemoBuilder(tv=True).snapshot(1000, {80: _obituary(1, 0)}, commands=[b'cs 690 "x"', b"sc0 1 2"]).content()


@given(st.binary(min_size=1, max_size=60), st.integers(0, len(_SOUND)))
def test_damaged_demos_are_told_up_to_the_damage_or_refused(noise: bytes, at: int) -> None:
    demo = Demo(_SOUND[:at] + noise + _SOUND[at + len(noise) :])
    try:
        for event in demo.events():
            event_document(event)
    except BadDemo:
        return
    demo.about()


@settings(max_examples=30)
@given(st.binary(max_size=120))
def test_any_command_is_taken(content: bytes) -> None:
    command = content.replace(b"\0", b"").replace(b"%", b".")
    names = (b"cs ", b"bcs0 ", b"bcs2 ", b"chat ", b"vchat ", b"sc0 ", b"")
    demo = DemoBuilder().snapshot(1000, commands=[name + command for name in names])
    assert len(demo.events("command")) == len(names)


def test_a_pause_begins_and_ends() -> None:
    demo = DemoBuilder().snapshot(1000, commands=[b'cs 32 "129"']).snapshot(1050, commands=[b'cs 32 "145"'])
    demo.snapshot(1100, commands=[b'cs 32 "147"']).snapshot(1150, commands=[b'cs 32 "131"'])
    assert _told(demo, "pause", "at_ms", "paused") == [(1050, True), (1150, False)]


def test_weapon_statistics() -> None:
    body = b"1 2 48 3 10 1 0 1 7 20 2 1 4 300 150 18 0 1 0 0 0 0 90.0"
    demo = DemoBuilder().snapshot(1000, commands=[b"ws " + body, b"ws 3 0 0", b"ws 1 1 4 3", b"ws"])
    mp40, thompson = ("MP40", 3, 10, 1, 0, 1), ("THOMPSON", 7, 20, 2, 1, 4)
    assert _told(demo, "statistics", "client", "rounds", "weapons", "damage") == [
        (1, 2, (mp40, thompson), (300, 150, 18, 0)),
        (3, 0, (), None),
    ]
