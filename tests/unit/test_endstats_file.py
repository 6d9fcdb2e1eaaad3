"""Awards and duels: told apart by their cells, with or without the mark of whose duels they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from etstats.domain.award import EndstatsFile
from etstats.parsing.endstats_file import read_endstats_file
from etstats.parsing.filename import read_name

NAME = read_name("2026-03-06-211500-supply-round-1-endstats.txt")


def read(text: str) -> EndstatsFile:
    return read_endstats_file(NAME, text.encode())


def test_an_award_has_a_player_and_a_value_with_its_unit() -> None:
    file = read("Most playtime denied\tolz\t113 seconds\nFarthest riflenade kill\tvid\t31.2 m\n")
    assert [(one.award, one.player, one.value_text, one.value) for one in file.awards] == [
        ("Most playtime denied", "olz", "113 seconds", 113),
        ("Farthest riflenade kill", "vid", "31.2 m", 31.2),
    ]


def test_a_value_may_stand_behind_words_or_be_no_number() -> None:
    values = [one.value for one in read("Tank\tolz\tDamage received vs death ratio: 3.4x\nOdd\tolz\tnone\n").awards]
    assert values == [3.4, None]


def test_duels_belong_to_nobody_until_a_writer_says_to_whom() -> None:
    file = read("vid\t3\t1\nVS_HEADER\tolz\td8423f90aaaabbbbccccddddeeeeffff\nvid\t2\t0\nqmr\t0\t4\n")
    assert [(one.subject, one.subject_guid, one.opponent, one.kills, one.deaths) for one in file.duels] == [
        (None, None, "vid", 3, 1),
        ("olz", "D8423F90", "vid", 2, 0),
        ("olz", "D8423F90", "qmr", 0, 4),
    ]


def test_a_player_named_like_an_award_is_a_player() -> None:
    file = read("Most kills\t3\t1\n")
    assert (len(file.awards), file.duels[0].opponent) == (0, "Most kills")


def test_a_damaged_line_is_counted_and_costs_only_itself() -> None:
    file = read("Most deaths\tolz\t9\r\ntorn\tli\r\nvid\t1\t2\r\n")
    assert (len(file.awards), len(file.duels), file.damaged, file.line_ending) == (1, 1, 1, "crlf")


def test_a_line_longer_than_any_writer_makes_is_damaged() -> None:
    file = read(f"{'Most ' * 100}\tolz\t9\nMost deaths\tolz\t9\n")
    assert (len(file.awards), file.damaged) == (1, 1)


@given(st.binary(max_size=300))
def test_any_bytes_are_read(content: bytes) -> None:
    file = read_endstats_file(NAME, content)
    assert len(file.awards) + len(file.duels) + file.damaged <= content.count(b"\n") + 1
