"""Reading a stats file: layouts, damage that costs only itself, and files that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etstats.domain.stats_file import Status
from etstats.errors import BadFile
from etstats.parsing.filename import read_name
from etstats.parsing.stats_file import MAX_BYTES
from tests.game_files import a_file, a_header, a_line, a_name, read

NAME = a_name()


def test_a_line_says_who_with_what_and_how_much() -> None:
    weapons = {"KNIFE": (1, 7, 1, 0, 0), "THOMPSON": (41, 142, 3, 5, 1)}
    line = a_line("1C747DF1", name="^1Met^2arski", team=2, counter=1, weapons=weapons, gibs=4, time_played_min=7.7)
    [player] = read(NAME, a_file(a_header(), [line])).players
    assert (player.guid, player.name, player.team, player.rounds_counter) == ("1C747DF1", "Metarski", 2, 1)
    assert player.weapons == {0: (1, 7, 1, 0, 0), 5: (41, 142, 3, 5, 1)}
    assert player.figure("gibs") == 4
    assert player.played_tenths == 77


def test_what_an_old_layout_lacks_is_unknown_not_zero() -> None:
    [player] = read(NAME, a_file(a_header(), [a_line(fields=37)])).players
    assert player.figure("repairs_constructions") == 0
    assert player.figure("revives_given") is None


def test_in_the_layout_of_2024_multikills_follow_the_useful_kills_directly() -> None:
    line = a_line(useful_kills=9, denied_playtime_s=77, multikill_2=3, multikill_6=1)
    start, *figures = line.split("\t")
    of_2024 = "\t".join([start, *figures[:28], *figures[29:34]])
    [player] = read(NAME, a_file(a_header(), [of_2024])).players
    assert player.extended_count == 33
    assert [player.figure(f"multikill_{n}") for n in (2, 3, 6)] == [3, 0, 1]
    assert (player.figure("useful_kills"), player.figure("denied_playtime_s")) == (9, None)


def test_line_ends_of_windows_read_the_same() -> None:
    content = a_file(a_header(), [a_line("AAAA0001"), a_line("AAAA0002")])
    unix, windows = read(NAME, content), read(NAME, content.replace(b"\n", b"\r\n"))
    assert windows.players == unix.players
    assert (unix.line_ending, windows.line_ending) == ("lf", "crlf")


def test_nine_header_fields_carry_the_play_time() -> None:
    file = read(NAME, a_file(a_header() + "\\431250", [a_line()]))
    assert file.header is not None
    assert (file.header.field_count, file.header.playtime_raw) == (9, "431250")


@pytest.mark.parametrize(
    ("line", "damage"),
    [
        (a_line().replace("30 100", "30"), "token_count_does_not_fit_mask"),
        (a_line().replace("30 100", "3O 100"), "not_a_number"),
        (a_line().replace("30 100", "30 99999999999"), "number_out_of_range"),
        (a_line().replace("\\16 ", f"\\{1 << 28} "), "mask_bits_above_27"),
        (a_line("XYZ"), "bad_guid"),
        (a_line(team=7), "bad_counter_or_team"),
        (a_line() + "\t1", "extended_count_unknown"),
        (a_line().rsplit("\t", 20)[0], "extended_count_unknown"),
        (a_line().replace("\t80.0\t", "\t\t"), "not_a_number"),
    ],
)
def test_a_damaged_line_costs_that_line_alone(line: str, damage: str) -> None:
    file = read(NAME, a_file(a_header(), [a_line("BBBB0001"), line, a_line("BBBB0002")]))
    assert [player.damage for player in file.players] == [None, damage, None]
    assert file.players[1].figures == ()
    assert file.players[1].weapons == {}
    assert damage in file.oddities


def test_a_file_torn_in_its_last_line_loses_that_line() -> None:
    content = a_file(a_header(), [a_line("BBBB0001"), a_line("BBBB0002"), a_line("BBBB0003")])
    torn = content[: content.rindex(b"\t")]  # 37 fields left: as many as an older layout had
    assert [player.damage for player in read(NAME, torn).players] == [None, None, "extended_count_differs"]


def test_a_reader_of_names_keeps_backslashes_inside_them() -> None:
    [player] = read(NAME, a_file(a_header(), [a_line(name="back\\slash")])).players
    assert player.name == "back\\slash"


def test_a_long_guid_is_cut_to_eight() -> None:
    [player] = read(NAME, a_file(a_header(), [a_line("abcdef0123456789abcdef0123456789")])).players
    assert player.guid == "ABCDEF01"


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", Status.NOT_A_STATS_FILE, "empty"),
        (b" \r\n\n", Status.NOT_A_STATS_FILE, "empty"),
        (b"hello\nworld\n", Status.NOT_A_STATS_FILE, "1 of the 8 or 9 fields"),
        (b"a\\b\\c\\x\\1\\1\\12:00\\12:00\n", Status.NOT_A_STATS_FILE, "words where"),
        (b"x" * (MAX_BYTES + 1), Status.NOT_A_STATS_FILE, "larger than"),
        (a_file(a_header(), []), Status.HEADER_ONLY, "not one player"),
        (a_file(a_header(), ["no player here"]), Status.NO_PLAYER_LINES, "none of the lines"),
    ],
)
def test_a_file_that_is_no_stats_file_says_why(content: bytes, status: Status, words: str) -> None:
    file = read(NAME, content)
    assert file.status is status
    assert file.fault is not None
    assert words in file.fault


@given(st.binary(max_size=400))
def test_any_bytes_are_read(content: bytes) -> None:
    assert read(NAME, content).status in Status


@given(st.data())
def test_any_mutation_of_a_sound_file_is_read(data: st.DataObject) -> None:
    content = bytearray(a_file(a_header(), [a_line("BBBB0001"), a_line("BBBB0002")]))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file = read(NAME, bytes(content[: data.draw(st.integers(0, len(content)))]))
    for player in file.players:
        assert (player.damage is None) == bool(player.figures)


@pytest.mark.parametrize(
    "text",
    ["", "x.txt", "2026-01-02-030405-supply-round-3.txt", "2026-13-02-030405-supply-round-1.txt", "../2026.txt"],
)
def test_other_names_are_refused(text: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_name(text)
    assert refused.value.code == "bad_name"


def test_a_name_may_carry_the_oldest_writers_backslash_and_a_map_with_dashes() -> None:
    name = read_name("gamestats\\2026-01-02-030405-mp-base-round-1-round-2.txt")
    assert (name.map, name.round) == ("mp-base-round-1", 2)


@given(st.text(max_size=80))
def test_any_name_is_read_or_refused_by_us(text: str) -> None:
    try:
        assert read_name(text).text == text
    except BadFile as refused:
        assert refused.code == "bad_name"
