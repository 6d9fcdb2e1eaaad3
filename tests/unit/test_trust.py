"""How far a round can be relied on: laws, second sources and what cannot be, each with one round that breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from etstats.domain.award import EndstatsFile
from etstats.domain.gametime import Gametime
from etstats.domain.session import StoredFile, sessions
from etstats.domain.stats_file import Tally
from etstats.domain.trust import Check, Grade, Trust, Verdict, judge
from etstats.parsing.endstats_file import read_endstats_file
from etstats.parsing.filename import read_name
from etstats.parsing.gametime_file import read_gametime_file
from tests.game_files import a_file, a_gametime, a_header, a_line, a_match, a_name, an_endstats, read

MP40 = "MP40"


def two_players(**changes: object) -> list[str]:
    """vid, who killed olz three times and died once; sound in every way but for *changes* to his line."""
    vid: dict[str, object] = {
        "weapons": {MP40: (30, 100, 3, 1, 3)}, "damage_given": 900, "damage_received": 400,
        "revives_given": 0, "times_revived": 0, "bullets_fired": 100, "kd_raw": 3.0, "time_played_min": 8.0,
    }  # fmt: skip
    olz: dict[str, float] = {
        "damage_given": 400, "damage_received": 900, "bullets_fired": 50, "kd_raw": 0.3, "time_played_min": 8.0,
    }  # fmt: skip
    return [
        a_line("AAAA0001", name="vid", team=1, **(vid | changes)),  # type: ignore[arg-type]
        a_line("BBBB0001", name="olz", team=2, weapons={MP40: (10, 50, 1, 3, 0)}, **olz),  # type: ignore[arg-type]
    ]


TAKEN = a_header(winner=2, after="8:00")


def graded(
    lines: Sequence[str], *, header: str = TAKEN, endstats: bytes | None = None, gametime: Gametime | None = None
) -> Trust:
    file = read(a_name(), a_file(header, lines))
    [session] = sessions([StoredFile(file_id=1, file=file)])
    told = None if endstats is None else read_endstats_file(read_name(a_name()[:-4] + "-endstats.txt"), endstats)
    return judge(session.rounds[0], file, told, gametime)


def check(trust: Trust, code: str) -> Check:
    return next(one for one in trust.checks if one.code == code)


def marks(trust: Trust) -> list[str]:
    return [mark.code for mark in trust.marks]


def test_a_round_whose_laws_hold_is_an_a() -> None:
    trust = graded(two_players())
    assert (trust.grade, marks(trust)) == (Grade.A, [])
    assert {one.code: one.verdict for one in trust.checks} == dict.fromkeys(
        ("damage", "kills", "team_damage", "revives", "clock"), Verdict.HOLDS
    )


@pytest.mark.parametrize(
    ("figures", "law", "grade"),
    [
        ({"damage_given": 910}, "damage", Grade.C),
        ({"damage_given": 9000}, "damage", Grade.D),
        ({"team_damage_given": 50}, "team_damage", Grade.D),
        ({"revives_given": 1}, "revives", Grade.C),
        ({"weapons": {MP40: (30, 100, 4, 1, 3)}, "kd_raw": 4.0}, "kills", Grade.C),
    ],
)
def test_a_broken_law_costs_the_grade(figures: dict[str, object], law: str, grade: Grade) -> None:
    trust = graded(two_players(**figures))
    assert trust.grade is grade
    assert [one.code for one in trust.checks if one.verdict in (Verdict.OFF, Verdict.BROKEN)] == [law]


def test_the_difference_is_kept() -> None:
    assert check(graded(two_players(damage_given=910)), "damage").difference == 10


def test_an_old_layout_that_says_nothing_of_revives_is_a_b() -> None:
    lines = [line.rpartition("\t")[0] for line in two_players()]
    trust = graded(lines)
    assert (trust.grade, check(trust, "revives").verdict) == (Grade.B, Verdict.UNKNOWN)


def test_a_damaged_line_is_a_c_and_marked() -> None:
    vid, olz = two_players()
    trust = graded([vid, olz, olz.replace("BBBB0001", "BBBB0002").replace("\t0", "\tx")])
    assert trust.grade is Grade.C
    assert [(mark.line, mark.code) for mark in trust.marks] == [(3, "damaged_line")]


def test_a_file_without_players_is_a_d() -> None:
    assert graded([]).grade is Grade.D


@pytest.mark.parametrize(("minutes", "verdict"), [(8.1, Verdict.HOLDS), (8.2, Verdict.OFF), (12.0, Verdict.BROKEN)])
def test_the_clock_goes_with_the_header(minutes: float, verdict: Verdict) -> None:
    assert check(graded(two_players(time_played_min=minutes)), "clock").verdict is verdict


def test_a_held_round_may_have_been_given_up_but_not_be_too_long() -> None:
    held = a_header(winner=1)
    assert check(graded(two_players(), header=held), "clock").verdict is Verdict.HOLDS
    assert check(graded(two_players(time_played_min=12.5), header=held), "clock").verdict is Verdict.OFF


@pytest.mark.parametrize(
    ("figures", "mark"),
    [
        ({"weapons": {MP40: (2, 100, 3, 1, 0)}}, "impossible_tally"),  # three kills with two hits
        ({"weapons": {MP40: (101, 100, 3, 1, 0)}}, "impossible_tally"),
        ({"weapons": {MP40: (30, 100, 3, 1, 31)}}, "impossible_tally"),
        ({"weapons": {MP40: (30, 9700, 3, 1, 3)}, "bullets_fired": 9700}, "too_many_bullets"),
        ({"bullets_fired": 101}, "bullets_differ"),
        ({"kd_raw": 7.0}, "ratio_differs"),
        ({"alive_pct": 100.1}, "alive_out_of_range"),
        ({"denied_playtime_s": 481}, "denied_too_much"),
    ],
)
def test_what_cannot_be_is_marked_and_costs_an_a(figures: dict[str, object], mark: str) -> None:
    trust = graded(two_players(**figures))
    assert [(one.line, one.code) for one in trust.marks] == [(1, mark)]
    assert trust.grade is Grade.B


@pytest.mark.parametrize("ratio", [3.0, 4.0, 1.5, 1.0])  # one kill or death by no weapon; without deaths kills + 1
def test_a_ratio_within_one_kill_and_one_death_is_no_fault(ratio: float) -> None:
    assert marks(graded(two_players(kd_raw=ratio))) == []


@pytest.mark.parametrize(
    ("key", "tally"), [("KNIFE", (0, -2, 0, 0, 0)), ("GRENADE", (9, 2, 0, 0, 0)), ("AIRSTRIKE", (3, 0, 0, 0, 0))]
)
def test_knives_taken_back_and_strikes_that_hit_often_are_no_fault(key: str, tally: Tally) -> None:
    weapons = {MP40: (30, 100, 3, 1, 3), key: tally}
    assert marks(graded(two_players(weapons=weapons, bullets_fired=100 + tally[1]))) == []


def test_who_came_late_is_marked_and_costs_nothing() -> None:
    vid, olz = two_players()
    late = olz.replace("8.0", "5.0")
    trust = graded([vid, late])
    assert (marks(trust), trust.grade) == (["partial_time"], Grade.A)


def test_a_second_round_without_its_first_is_told_by_its_revives_alone() -> None:
    name, content = a_match()[1]
    file = read(name, content)
    [session] = sessions([StoredFile(file_id=1, file=file)])
    trust = judge(session.rounds[0], file, None, None)
    assert (check(trust, "damage").verdict, check(trust, "revives").verdict) == (Verdict.UNKNOWN, Verdict.HOLDS)
    assert trust.grade is Grade.B


# --- endstats

DUELS = {"vid": [("olz", 3, 1)], "olz": [("vid", 1, 3)]}


def test_duels_that_say_the_same_make_an_a_even_of_an_old_layout() -> None:
    lines = [line.rpartition("\t")[0] for line in two_players()]
    trust = graded(lines, endstats=an_endstats(duels=DUELS))
    assert trust.grade is Grade.A
    assert [check(trust, code).difference for code in ("duels", "duels_both_sides", "duel_pairs", "duel_players")] == [
        0
    ] * 4


@pytest.mark.parametrize("guids", [None, {"vid": "AAAA0001", "olz": "BBBB0001"}])
def test_duels_that_differ_from_the_lines_are_off(guids: dict[str, str] | None) -> None:
    told = an_endstats(duels={"vid": [("olz", 4, 1)], "olz": [("vid", 1, 4)]}, guids=guids)
    trust = graded(two_players(), endstats=told)
    assert (check(trust, "duels").difference, check(trust, "duel_players").difference) == (1, 1)
    assert trust.grade is Grade.C


def test_another_source_that_says_quite_otherwise_is_no_reason_to_throw_the_round_away() -> None:
    trust = graded(two_players(), endstats=an_endstats(duels={"vid": [("olz", 30, 10)], "olz": [("vid", 10, 30)]}))
    assert (check(trust, "duels").verdict, trust.grade) == (Verdict.BROKEN, Grade.C)


@pytest.mark.parametrize(("kills", "verdict"), [(0, Verdict.HOLDS), (10, Verdict.HOLDS), (4, Verdict.BROKEN)])
def test_duels_of_a_second_round_may_run_on_since_the_first_or_not(kills: int, verdict: Verdict) -> None:
    """Each of the four has five kills as written in the second file, and none of them in the second round."""
    files = [StoredFile(file_id=at, file=read(*one)) for at, one in enumerate(a_match())]
    [session] = sessions(files)
    told = an_endstats(duels={"AAAA0001": [("BBBB0001", kills, kills)], "BBBB0001": [("AAAA0001", kills, kills)]})
    endstats = read_endstats_file(read_name(a_name(number=2)[:-4] + "-endstats.txt"), told)
    trust = judge(session.rounds[1], files[1].file, endstats, None)
    assert check(trust, "duels").verdict is verdict


def test_two_players_who_tell_their_duel_otherwise_are_off() -> None:
    told = an_endstats(
        duels={"vid": [("olz", 3, 1)], "olz": [("vid", 1, 2)]}, guids={"vid": "AAAA0001", "olz": "BBBB0001"}
    )
    trust = graded(two_players(), endstats=told)
    assert (check(trust, "duel_pairs").difference, check(trust, "duels_both_sides").difference) == (1, 1)


def test_damage_awards_are_held_against_the_lines_as_written() -> None:
    trust = graded(two_players(), endstats=an_endstats([("Most damage given", "vid", "900")]))
    assert check(trust, "award_damage_given").verdict is Verdict.HOLDS
    trust = graded(two_players(), endstats=an_endstats([("Most damage given", "vid", "880")]))
    assert check(trust, "award_damage_given").difference == -20


# --- gametime


def told(**fields: str) -> Gametime:
    name, content = a_gametime(**fields)  # type: ignore[arg-type]
    return read_gametime_file(read_name(name), content)


def test_a_gametime_that_agrees() -> None:
    trust = graded(two_players(), gametime=told())
    assert {one.code: one.verdict for one in trust.checks if one.code.startswith("gametime")} == dict.fromkeys(
        ("gametime_duration", "gametime_limit", "gametime_result", "gametime_reason"), Verdict.HOLDS
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Lua_Playtime": "470 sec"}, "gametime_duration"),
        ({"Lua_Timelimit": "13 min"}, "gametime_limit"),
        ({"Winner": "1"}, "gametime_result"),
        ({"Lua_EndReason": "time_expired"}, "gametime_reason"),
    ],
)
def test_a_gametime_that_says_otherwise_is_a_c(fields: dict[str, str], code: str) -> None:
    trust = graded(two_players(), gametime=told(**fields))
    assert [one.code for one in trust.checks if one.verdict is Verdict.OFF] == [code]
    assert trust.grade is Grade.C


def test_an_end_reason_in_the_last_tenth_is_not_held_against_anything() -> None:
    late = told(Lua_EndReason="time_expired", Lua_Playtime="480 sec", Lua_Timelimit="8.5 min")
    assert check(graded(two_players(), gametime=late), "gametime_reason").verdict is Verdict.UNKNOWN


def test_a_side_that_surrenders_may_be_either() -> None:
    assert check(graded(two_players(), gametime=told(Lua_EndReason="surrender")), "gametime_reason").difference is None


def test_judging_looks_at_values_alone() -> None:
    file = read(a_name(), a_file(TAKEN, two_players()))
    [session] = sessions([StoredFile(file_id=1, file=file)])
    empty = EndstatsFile(name=file.name, awards=(), duels=(), damaged=0, line_ending="lf")
    once = judge(session.rounds[0], file, empty, told())
    assert once == judge(replace(session.rounds[0], counted=False), file, empty, told())
