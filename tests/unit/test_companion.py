"""To which round an endstats or gametime file belongs: nearest in time, under one zone, and never by a guess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from etstats.domain.companion import Belongings, Companion, belongings, reach
from etstats.domain.identity import file_id
from etstats.domain.round import Round
from etstats.domain.session import StoredFile, sessions
from etstats.domain.stats_file import Kind
from etstats.parsing.endstats_file import read_endstats_file
from etstats.parsing.filename import read_name
from etstats.parsing.gametime_file import read_gametime_file
from tests.game_files import (
    EVENING,
    a_file,
    a_gametime,
    a_header,
    a_line,
    a_match,
    a_name,
    an_endstats,
    read,
)

AWARD = an_endstats([("Most deaths", "olz", "9")])


def rounds(*files: tuple[str, bytes]) -> Sequence[Round]:
    [session] = sessions(StoredFile(file_id=file_id("", name), file=read(name, content)) for name, content in files)
    return session.rounds


def endstats(name: str) -> Companion:
    return companion(name.replace(".txt", "-endstats.txt"), AWARD)


def companion(name: str, content: bytes) -> Companion:
    named = read_name(name)
    reader = read_gametime_file if named.kind is Kind.GAMETIME else read_endstats_file
    return Companion(file_id=file_id("", name), sha256=name, name=named, content=reader(named, content))


def belonging(played: Sequence[Round], *companions: Companion) -> dict[str, Belongings]:
    found = belongings(played, companions)
    return {one.file: found[one.round_id] for one in played if one.round_id in found}


def test_an_endstats_file_belongs_to_the_round_nearest_in_time() -> None:
    played = rounds(*a_match())
    file = endstats(a_name(minute=2 / 60))
    assert {name: one.endstats for name, one in belonging(played, file).items()} == {a_name(): file}


def test_not_to_another_round_or_map_or_one_too_long_ago() -> None:
    played = rounds(*a_match())
    assert belonging(played, endstats(a_name(map="radar"))) == {}
    assert belonging(played, endstats(a_name(number=2))) == {}
    assert belonging(played, endstats(a_name(minute=2.1))) == {}


def test_of_two_for_one_round_the_nearer_is_it_in_whatever_order() -> None:
    played = rounds(*a_match())
    for seconds in range(1, 12):
        near, far = endstats(a_name(minute=seconds / 60)), endstats(a_name(minute=-1 - seconds / 60))
        for order in ((near, far), (far, near)):
            assert belonging(played, *order)[a_name()].endstats is near


def test_a_gametime_file_belongs_where_map_round_second_and_duration_agree() -> None:
    for hours_ahead in (-11, -3.5, 0, 2, 5.75, 13):
        played = rounds(*a_match())
        one = companion(*a_gametime(hours_ahead=hours_ahead))
        two = companion(*a_gametime(number=2, minute=10, hours_ahead=hours_ahead))
        found = belonging(played, one, two)
        assert [found[a_name()].gametime, found[a_name(number=2, minute=10)].gametime] == [one, two]


def test_not_where_the_clocks_are_no_quarter_hours_apart() -> None:
    assert belonging(rounds(*a_match()), companion(*a_gametime(hours_ahead=1.1))) == {}


def test_two_zones_that_fit_as_well_are_none() -> None:
    """The same map again a whole half hour later, and one gametime file: it may be either's."""
    played = rounds(*a_match(), *a_match(minute=30))
    assert belonging(played, companion(*a_gametime())) == {}


def test_of_two_zones_the_one_under_which_the_durations_agree() -> None:
    other = [a_line("AAAA0001", time_played_min=5.0), a_line("BBBB0001", team=2, time_played_min=5.0)]
    shorter = (a_name(minute=30), a_file(a_header(winner=2, after="5:00"), other))
    file = companion(*a_gametime())  # 8:00
    assert [*belonging(rounds(*a_match(), shorter), file)] == [a_name()]


def test_most_gametimes_of_an_evening_tell_the_zone_for_all() -> None:
    played = rounds(*a_match(), *a_match(minute=30))
    files = [companion(*a_gametime(minute=minute)) for minute in (0, 30)]
    files.append(
        companion(*a_gametime(minute=10, number=2, Lua_Playtime="100 sec"))
    )  # differs, and is found all the same
    found = belonging(played, *files)
    assert {name: one.gametime for name, one in found.items()} == {
        a_name(): files[0], a_name(minute=30): files[1], a_name(minute=10, number=2): files[2],
    }  # fmt: skip


def test_no_zone_on_earth_is_out_of_reach() -> None:
    for hours_ahead in (-12, 14):
        earliest, latest = reach(read_name(a_gametime(hours_ahead=hours_ahead)[0]))
        assert earliest <= EVENING - timedelta(seconds=30)
        assert EVENING + timedelta(seconds=30) <= latest
