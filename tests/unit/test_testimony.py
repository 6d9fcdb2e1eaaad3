"""A demo held against its round's files: what it saw counts, what it could not see is nobody's fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from etstats.demo.events import Hit, Pause, Region
from etstats.demo.roster import Player
from etstats.domain.testimony import Files, Killing, Told, ToldDuel, Witness, judged, most_complete
from etstats.domain.testimony import Testimony as ATestimony  # pytest takes what begins with Test for tests
from etstats.domain.trust import Check, Doubt, Grade, Origin, Trust, Verdict
from etstats.domain.weapon import COUNTED_AS, WEAPONS
from etstats.greatshot.battle import Battle
from etstats.greatshot.testimony import witnessed
from tests.battles import FOE, MATE, ME, NAMES, a_battle, a_hit, a_kill, team

VID, OLZ = 1, 2
SOUND = Check(code="kills", compared="", origin=Origin.ITSELF, verdict=Verdict.HOLDS, difference=0)
UNKNOWN = Check(code="damage", compared="", origin=Origin.ITSELF, verdict=Verdict.UNKNOWN)


def a_told(**changes: Any) -> ATestimony:
    """vid killed olz twice with an MP40 and once with a rifle grenade, olz him once."""
    usual = ATestimony(
        whole=True, everybody=True, duration_s=480,
        players=(
            Witness(client=VID, name="vid", hits=30, head_hits=3), Witness(client=OLZ, name="olz", hits=10, head_hits=0)
        ),
        kills=(
            Killing(attacker=VID, victim=OLZ, means="MP40", kills=2),
            Killing(attacker=VID, victim=OLZ, means="M7", kills=1),
            Killing(attacker=OLZ, victim=VID, means="THOMPSON", kills=1),
        ),
    )  # fmt: skip
    return replace(usual, **changes)


def a_line(line: int, name: str, kills: int, deaths: int, **changes: Any) -> Told:
    usual = Told(line=line, name=name, kills=kills, deaths=deaths, gun_hits=None, gun_headshot_hits=None, weapons={})
    return replace(usual, **changes)


ITS_LINES = (
    a_line(1, "vid", 3, 1, gun_hits=30, gun_headshot_hits=3, weapons={"MP40": 2, "GRENADELAUNCHER": 1}),
    a_line(2, "olz", 1, 3, gun_hits=10, gun_headshot_hits=0, weapons={"THOMPSON": 1}),
)


def the_files(**changes: Any) -> Files:
    usual = Files(
        usable=True, duration_s=480, lines=ITS_LINES, duels=(), checks=(SOUND,), doubts=frozenset()
    )  # fmt: skip
    return replace(usual, **changes)


def wrong(trust: Trust) -> list[str]:
    return [one.code for one in trust.checks if one.verdict in (Verdict.OFF, Verdict.BROKEN)]


def with_line(**changes: Any) -> Files:
    """vid's line otherwise."""
    return the_files(lines=(replace(ITS_LINES[0], **changes), ITS_LINES[1]))


def test_a_demo_that_agrees_vouches_for_what_the_file_leaves_open() -> None:
    files = the_files(checks=(SOUND, UNKNOWN))
    assert judged(files, None).grade is Grade.B
    trust = judged(files, a_told())
    assert (trust.grade, wrong(trust), trust.marks) == (Grade.A, [], ())
    assert [check.code for check in trust.checks if check.origin is Origin.DEMO] == [
        "demo_kills", "demo_players", "demo_deaths", "demo_weapons", "demo_hits", "demo_heads", "demo_duration",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        (with_line(kills=4, weapons={"MP40": 3, "GRENADELAUNCHER": 1}), ["demo_kills", "demo_players", "demo_weapons"]),
        (with_line(deaths=2), ["demo_deaths"]),
        (with_line(weapons={"MP40": 1, "GRENADELAUNCHER": 2}), ["demo_weapons"]),
        (with_line(gun_hits=40), ["demo_hits"]),
        (with_line(gun_headshot_hits=5), ["demo_heads"]),
        (the_files(duration_s=500), ["demo_duration"]),
        (
            the_files(duels=(ToldDuel(subject="vid", opponent="olz", kills=8),)),
            [],  # since the first round: nothing that could be compared
        ),
        (
            the_files(duels=(ToldDuel(subject="vid", opponent="olz", kills=2), ToldDuel(subject="olz", opponent="vid",
                                                                                      kills=2))),
            ["demo_duels"],
        ),
    ],
)  # fmt: skip
def test_what_differs_is_told_and_costs_no_more_than_a_c(files: Files, codes: list[str]) -> None:
    trust = judged(files, a_told())
    assert wrong(trust) == codes
    assert trust.grade is (Grade.C if codes else Grade.A)


def test_a_line_that_the_demo_knows_better_is_marked() -> None:
    (mark,) = judged(with_line(kills=4), a_told()).marks
    assert (mark.line, mark.code, mark.doubt) == (1, "demo_kills", Doubt.NONE)
    assert mark.says == "the demo shows 3 kills, the line says 4"


def test_a_part_of_a_round_vouches_for_nothing_and_blames_nobody_for_the_rest() -> None:
    part = a_told(whole=False, duration_s=None, kills=a_told().kills[:1])
    trust = judged(the_files(checks=(SOUND, UNKNOWN)), part)
    assert (trust.grade, wrong(trust), trust.marks) == (Grade.B, [], ())
    trust = judged(with_line(kills=1), part)
    assert (trust.grade, wrong(trust)) == (Grade.C, ["demo_part"])
    assert [mark.says for mark in trust.marks] == ["the demo shows 2 kills, the line says 1"]


def test_what_no_line_counts_is_not_missed_in_them() -> None:
    trap = Killing(attacker=OLZ, victim=VID, means="TRIGGER_HURT", kills=2)
    assert wrong(judged(the_files(), a_told(kills=(*a_told().kills, trap)))) == []


def test_a_players_demo_says_nothing_of_hits() -> None:
    blind = tuple(replace(one, hits=None, head_hits=None) for one in a_told().players)
    trust = judged(with_line(gun_hits=99), a_told(everybody=False, players=blind))
    assert (trust.grade, wrong(trust)) == (Grade.A, [])


def test_a_name_that_two_have_tells_nobody_apart() -> None:
    two = (*ITS_LINES, a_line(3, "vid", 0, 0))
    assert wrong(judged(the_files(lines=two), a_told())) == []


def test_unknown_kills_are_compared_with_nothing() -> None:
    lines = tuple(replace(line, kills=None, deaths=None, weapons={}) for line in ITS_LINES)
    trust = judged(the_files(lines=lines, checks=(UNKNOWN,)), a_told(players=(), duration_s=None))
    assert trust.grade is Grade.C  # nothing can be checked
    assert {one.verdict for one in trust.checks} == {Verdict.UNKNOWN}


def test_a_file_without_players_is_not_saved_by_a_demo() -> None:
    trust = judged(the_files(usable=False, checks=()), a_told())
    assert (trust.grade, trust.checks) == (Grade.D, ())


def test_of_several_the_most_complete_counts_in_whatever_order() -> None:
    part, player, tv = a_told(whole=False), a_told(everybody=False), a_told()
    named = [("b", part), ("c", player), ("a", tv), ("d", a_told(whole=False, everybody=False))]
    assert most_complete(named) == most_complete(reversed(named)) == ("a", tv)
    assert most_complete([("b", tv), ("a", tv)]) == ("b", tv)
    assert most_complete([]) is None


def test_every_weapon_of_a_stats_file_is_known_by_a_demos_word() -> None:
    assert set(COUNTED_AS.values()) == {weapon.key for weapon in WEAPONS}


# --- what a battle tells


def told(battle: Battle, *pauses: int, lossless: bool = True) -> ATestimony:

    players = [Player(client=one, name=NAMES[one], team=team(one), player_class="medic") for one in (ME, FOE, MATE)]
    found = witnessed(battle, players, [Pause(at_ms=at, paused=True) for at in pauses], lossless=lossless)
    assert found is not None
    return found


def ended(*events: Any) -> Battle:
    """The demo holds the round's end."""
    battle = a_battle(*events)
    return replace(battle, spans=tuple(replace(span, over=True) for span in battle.spans))


def test_a_battle_tells_enemies_killed_by_means_and_enemies_hit_by_guns() -> None:
    hit: Hit = replace(a_hit(900, ME, FOE, (0, 0, 0)), region=Region.HEAD)
    mg = replace(hit, weapon_name="MOBILE_MG42")
    found = told(ended(a_kill(1_000, ME, FOE), a_kill(2_000, ME, FOE), a_kill(3_000, FOE, FOE), hit, mg))
    assert found.kills == (Killing(attacker=ME, victim=FOE, means="MP40", kills=2),)
    assert found.players[0] == Witness(client=ME, name="vid", hits=1, head_hits=1)
    assert (found.whole, found.duration_s) == (True, 600)
    assert found.kills_by_name() == {"vid": 2, "carniee": 0, "olz": 0}


def test_it_is_not_whole_without_its_end_or_with_something_lost_and_its_length_is_nothing_with_a_pause() -> None:
    assert not told(a_battle(a_kill(1_000, ME, FOE))).whole
    assert not told(ended(a_kill(1_000, ME, FOE)), lossless=False).whole
    paused = told(ended(a_kill(1_000, ME, FOE)), 5_000)
    assert (paused.whole, paused.duration_s) == (True, None)


def test_a_warm_up_is_no_round() -> None:
    battle = a_battle(a_kill(1_000, ME, FOE))
    warm = replace(battle, spans=tuple(replace(span, played=False) for span in battle.spans))
    assert witnessed(warm, [], [], lossless=True) is None
